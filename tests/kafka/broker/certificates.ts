import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerSettings } from './settings.ts'

export type Certificate = { readonly cert: string; readonly key: string }

/** Where the authority of the test broker keeps what it has signed. */
export function certificateFolder({ instance }: Pick<BrokerSettings, 'instance'>): string {
  return join(instance, 'certificates')
}

/** Paths of the authority's certificate and of the broker's key and certificate in one file, made once. */
export function brokerCertificates(settings: Pick<BrokerSettings, 'instance'>): {
  readonly ca: string
  readonly broker: string
} {
  const folder = certificateFolder(settings)
  const [ca, broker] = [join(folder, 'ca.pem'), join(folder, 'broker.pem')]
  if (existsSync(broker)) return { ca, broker }
  mkdirSync(folder, { recursive: true })
  makeAuthority(folder, 'ca')
  const { cert, key } = signed(folder, 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  writeFileSync(broker, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
  return { ca, broker }
}

/** Paths of a certificate and key made out to this name, which is then the principal. */
export function clientCertificate(settings: Pick<BrokerSettings, 'instance'>, name: string): Certificate {
  return signed(certificateFolder(settings), name, 'extendedKeyUsage=clientAuth')
}

/** Path of the certificate of an authority that has signed nothing the broker knows. */
export function strangeAuthority(settings: Pick<BrokerSettings, 'instance'>): string {
  const folder = certificateFolder(settings)
  const path = join(folder, 'stranger.pem')
  if (!existsSync(path)) makeAuthority(folder, 'stranger')
  return path
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']

function makeAuthority(folder: string, name: string): void {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  openssl(
    'req',
    '-x509',
    ...curve,
    '-days',
    '3650',
    '-subj',
    `/CN=weir-test-${name}`,
    '-keyout',
    key,
    '-out',
    cert,
  )
}

function signed(folder: string, name: string, extension: string): Certificate {
  const path = (end: string) => join(folder, `${name}.${end}`)
  if (existsSync(path('crt'))) return { cert: path('crt'), key: path('key') }
  const authority = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca.key'), '-CAcreateserial']
  writeFileSync(path('ext'), `${extension}\n`)
  openssl('req', ...curve, '-subj', `/CN=${name}`, '-keyout', path('key'), '-out', path('csr'))
  openssl(
    'x509',
    '-req',
    '-in',
    path('csr'),
    ...authority,
    '-days',
    '3650',
    '-extfile',
    path('ext'),
    '-out',
    path('crt'),
  )
  return { cert: path('crt'), key: path('key') }
}

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Install OpenSSL 3 and try again: openssl ${args[0]} failed.\n${stderr}`)
}

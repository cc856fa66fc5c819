/** What feeds call the kinds of indicators: MISP attribute types, Zeek's `Intel::` types, the columns of abuse.ch. */
import type { IndicatorKind } from '@weir/schemas'
import { feedKinds } from '../indicator-value.ts'

const words: Readonly<Record<string, IndicatorKind>> = {
  addr: 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  ipport: 'ip',
  ipsrc: 'ip',
  ipdst: 'ip',
  ipaddress: 'ip',
  subnet: 'range',
  cidr: 'range',
  hostname: 'domain',
  fqdn: 'domain',
  domainname: 'domain',
  uri: 'url',
  as: 'asn',
  asnumber: 'asn',
  ja3fingerprintmd5: 'ja3',
  ja3md5: 'ja3',
  ja3smd5: 'ja3s',
  ja4fingerprint: 'ja4',
  jarmfingerprint: 'jarm',
  certhash: 'certificate_sha1',
  x509fingerprintsha1: 'certificate_sha1',
  x509fingerprintsha256: 'certificate_sha256',
  sslcertsha1: 'certificate_sha1',
  md5: 'file_md5',
  md5hash: 'file_md5',
  filehashmd5: 'file_md5',
  sha1: 'file_sha1',
  sha1hash: 'file_sha1',
  filehashsha1: 'file_sha1',
  sha256: 'file_sha256',
  sha256hash: 'file_sha256',
  filehashsha256: 'file_sha256',
}

/** `null` for a word that names no kind Weir looks for; `filehash` may be any hash and is told by its form. */
export function kindNamed(word: string): IndicatorKind | null {
  const bare = word
    .trim()
    .toLowerCase()
    .replace(/^intel::/, '')
  const same = feedKinds.find((kind) => kind === bare)
  if (same !== undefined) return same
  const folded = bare.replaceAll(/[^a-z0-9]/g, '')
  return Object.hasOwn(words, folded) ? (words[folded] ?? null) : null
}

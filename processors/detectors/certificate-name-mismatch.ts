import type { Level, Tls } from '@weir/schemas'
import { getDomain } from 'tldts'
import { canonicalName, isWithinZone } from '../data/dns-zones.ts'
import { organisationDomains } from '../data/organisation-domains.ts'
import { bySource } from '../keys.ts'
import { commonNameOf, namesHost } from '../stats/certificate-name.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector } from './detector.ts'
import { flag } from './settings.ts'

/** Hashes of the server names told of. */
type State = Set<number>

/** Server names that one host may have told of it in one window. */
const MAX_NAMES = 20

/** How much is known, from the most to the least: what the sensor compared, a name that is none, a name alone. */
type Ground = 'sensor' | 'no host name' | 'common name'
const grounds: Readonly<Record<Ground, { readonly level: Level; readonly confidence: number }>> = {
  sensor: { level: 'low', confidence: 0.8 },
  'no host name': { level: 'low', confidence: 0.5 },
  'common name': { level: 'info', confidence: 0.3 },
}

export const certificateNameMismatch = defineDetector({
  id: 'certificate-name-mismatch',
  version: 1,
  claim: 'A server showed a certificate that was not made out for the name it was asked for.',
  spec: 'TLS-05',
  types: ['CN_URL_MISMATCH'],
  level: 'low',
  techniques: ['T1573', 'T1036'],
  misfires:
    'Servers that are set up carelessly; by the common name alone, all whose other names the sensor does not show.',
  key: bySource,
  settings: {
    byCommonName: flag(
      true,
      'Whether the common name is compared where the sensor did not compare all names of the certificate.',
    ),
  },
  state: { scope: 'window', version: 1, maxBytes: 500, empty: (): State => new Set() },
  on: {
    tls(record, tools) {
      const { sniMatchesCert, serverName, subject } = record
      if (sniMatchesCert === true || serverName === '' || record.resumed === true) return
      if (sniMatchesCert === null && (subject === '' || !tools.config.byCommonName)) return
      const name = canonicalName(serverName)
      const commonName = commonNameOf(subject)
      const ground = groundOf(record, name, commonName)
      if (ground === null) return
      const said = tools.state()
      const hash = textHash(name)
      if (said.size >= MAX_NAMES || said.has(hash)) return
      said.add(hash)
      const { srcIp, dstIp } = record
      const shown = name.slice(0, 255)
      const madeOut = commonName === '' ? 'another name' : `'${commonName}'`
      const description = `${srcIp} asked ${dstIp} for ${shown} and was shown a certificate made out for ${madeOut}.`
      tools.report({
        key: String(hash),
        level: grounds[ground].level,
        confidence: grounds[ground].confidence,
        record,
        victim: { direction: 'dst', type: 'domain', value: shown },
        description,
        facts: {
          serverName: shown,
          commonName,
          comparedBy: ground === 'sensor' ? 'sensor' : 'common name',
          issuer: record.issuer.slice(0, 300),
        },
        ...(ground !== 'common name'
          ? {
              mirror: {
                profile: dstIp,
                level: ground === 'sensor' ? 'medium' : 'low',
                confidence: grounds[ground].confidence,
                attacker: { direction: 'dst', type: 'domain', value: shown },
                victim: { direction: 'src', type: 'ip', value: srcIp },
                description,
              },
            }
          : {}),
      })
    },
  },
})

/** `null`: nothing speaks against it. */
function groundOf(record: Tls, name: string, commonName: string): Ground | null {
  if (record.sniMatchesCert === false) return 'sensor'
  if (commonName === '' || namesHost(commonName, name)) return null
  if (!commonName.includes('.')) return 'no host name'
  const certified = commonName.startsWith('*.') ? commonName.slice(2) : commonName
  // Names of one owner are most often all in the certificate, of which only one is the common name.
  return getDomain(certified) === getDomain(name) || haveOneOwner(certified, name) ? null : 'common name'
}

function haveOneOwner(a: string, b: string): boolean {
  for (const domains of Object.values(organisationDomains)) {
    if (isWithinZone(a, domains) && isWithinZone(b, domains)) return true
  }
  return false
}

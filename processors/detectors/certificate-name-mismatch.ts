import type { Level, Tls } from '@weir/schemas'
import { getDomain } from 'tldts'
import { isWithinOwnZone } from '../data/customer-zones.ts'
import { canonicalName } from '../data/dns-zones.ts'
import { organisationDomains } from '../data/organisation-domains.ts'
import { byCertificate } from '../keys.ts'
import {
  type CertificateJoin,
  emptyJoin,
  judgeOrWait,
  judgeWaiting,
  maxJoinBytes,
  type ShownCertificate,
  shownByItself,
  stopWaiting,
} from '../profile/certificate-join.ts'
import { commonNameOf, namesHost } from '../stats/certificate-name.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector, type Tools } from './detector.ts'
import { flag } from './settings.ts'

type State = CertificateJoin & {
  /** Server names told of in the latest window: by its start, and as hashes. */
  windowMs: number
  said: Set<number>
}

/** Server names that one host, or one certificate, may have told of it in one window. */
const MAX_NAMES = 20

const settings = {
  byCommonName: flag(
    true,
    'Whether the names of the certificate are compared where the sensor did not do so.',
  ),
}

type MismatchTools = Tools<State, typeof settings>

/** How much is known, from the most to the least: what the sensor compared, a name that is none, a name alone. */
type Ground = 'sensor' | 'all names' | 'no host name' | 'common name'
const grounds: Readonly<Record<Ground, { readonly level: Level; readonly confidence: number }>> = {
  sensor: { level: 'low', confidence: 0.8 },
  'all names': { level: 'low', confidence: 0.8 },
  'no host name': { level: 'low', confidence: 0.5 },
  'common name': { level: 'info', confidence: 0.3 },
}
const comparedBy: Readonly<Record<Ground, string>> = {
  sensor: 'sensor',
  'all names': 'all names',
  'no host name': 'common name',
  'common name': 'common name',
}

export const certificateNameMismatch = defineDetector({
  id: 'certificate-name-mismatch',
  version: 3,
  claim: 'A server showed a certificate that was not made out for the name it was asked for.',
  spec: 'TLS-05',
  types: ['CN_URL_MISMATCH'],
  level: 'low',
  techniques: ['T1573', 'T1036'],
  misfires:
    'Servers that are set up carelessly; by the common name alone, all whose other names the sensor does not show.',
  key: byCertificate,
  settings,
  state: {
    scope: 'host',
    version: 2,
    maxBytes: maxJoinBytes + 500,
    empty: (): State => ({ ...emptyJoin(), windowMs: Number.NEGATIVE_INFINITY, said: new Set() }),
  },
  on: {
    tls(record, tools) {
      const { sniMatchesCert, serverName } = record
      if (sniMatchesCert === true || serverName === '' || record.resumed === true) return
      const shown = shownByItself(record)
      if (shown !== null || sniMatchesCert === false) judge(record, shown, tools)
      else if (record.certificates.length > 0 && tools.config.byCommonName) judgeOrWait(record, tools, judge)
    },
    certificate(record, tools) {
      if (tools.config.byCommonName) judgeWaiting(record, tools, judge)
    },
  },
  onTimer: (dueMs, tools) => stopWaiting(dueMs, tools),
})

function judge(record: Tls, shown: ShownCertificate | null, tools: MismatchTools): void {
  if (record.sniMatchesCert === null && !tools.config.byCommonName) return
  const name = canonicalName(record.serverName)
  const commonName = commonNameOf(shown?.subject ?? '')
  const ground = groundOf(record, name, commonName, shown?.dnsNames ?? [])
  if (ground === null || !isNew(tools.state(), tools.window.startMs, textHash(name))) return
  const { srcIp, dstIp } = record
  const server = name.slice(0, 255)
  const madeOut = commonName === '' ? 'another name' : `'${commonName}'`
  const description = `${srcIp} asked ${dstIp} for ${server} and was shown a certificate made out for ${madeOut}.`
  tools.report({
    key: String(textHash(name)),
    level: grounds[ground].level,
    confidence: grounds[ground].confidence,
    record,
    victim: { direction: 'dst', type: 'domain', value: server },
    description,
    facts: {
      serverName: server,
      commonName,
      comparedBy: comparedBy[ground],
      issuer: (shown?.issuer ?? '').slice(0, 300),
    },
    ...(ground === 'common name'
      ? {}
      : {
          mirror: {
            profile: dstIp,
            level: ground === 'sensor' || ground === 'all names' ? 'medium' : 'low',
            confidence: grounds[ground].confidence,
            attacker: { direction: 'dst', type: 'domain', value: server },
            victim: { direction: 'src', type: 'ip', value: srcIp },
            description,
          },
        }),
  })
}

/** Bounds what is said in the latest window. What is told late of one before it is bounded as all evidence is. */
function isNew(state: State, windowMs: number, hash: number): boolean {
  if (windowMs < state.windowMs) return true
  if (windowMs > state.windowMs) {
    state.windowMs = windowMs
    state.said = new Set()
  }
  if (state.said.has(hash)) return true
  if (state.said.size >= MAX_NAMES) return false
  state.said.add(hash)
  return true
}

/** `null`: nothing speaks against it. */
function groundOf(record: Tls, name: string, commonName: string, dnsNames: readonly string[]): Ground | null {
  if (record.sniMatchesCert === false) return 'sensor'
  // A browser looks at these names alone where there are any (RFC 6125 section 6.4.4).
  if (dnsNames.length > 0) return isNamed(name, dnsNames) ? null : 'all names'
  if (commonName === '' || namesHost(commonName, name)) return null
  if (!commonName.includes('.')) return 'no host name'
  const certified = commonName.startsWith('*.') ? commonName.slice(2) : commonName
  // Names of one owner are most often all in the certificate, of which only one is the common name.
  return getDomain(certified) === getDomain(name) || haveOneOwner(certified, name) ? null : 'common name'
}

function isNamed(name: string, dnsNames: readonly string[]): boolean {
  return dnsNames.some((certified) => namesHost(certified, name) || haveOneOwner(certified, name))
}

function haveOneOwner(a: string, b: string): boolean {
  for (const domains of Object.values(organisationDomains)) {
    if (isWithinOwnZone(a, domains) && isWithinOwnZone(b, domains)) return true
  }
  return false
}

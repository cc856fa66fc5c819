/** What evidence is about beside its attacker and its victim: the server it turns on, by whatever names it gives. For rules of the whitelist. */
import type { CanonicalEvidence, Evidence } from '@weir/schemas'
import type { EvidenceType } from '../evidence/evidence-types.ts'

/**
 * Types of which each finding is about one destination. Of all others the destination is an example (a scan), or whoever was asked on the way (a
 * resolver): to allow that must not hide the rest.
 */
const ofOneDestination: readonly EvidenceType[] = [
  'BEACON',
  'CN_URL_MISMATCH',
  'CONNECTION_WITHOUT_DNS',
  'DATA_UPLOAD',
  'DOH',
  'EMPTY_CONNECTIONS',
  'EXECUTABLE_MIME_TYPE',
  'GRE_TUNNEL',
  'HTTP_TRAFFIC',
  'INCOMPATIBLE_CN',
  'LONG_CONNECTION',
  'LONG_CONTACT',
  'MALICIOUS_JA3',
  'MALICIOUS_JA3S',
  'MALICIOUS_JARM',
  'MALICIOUS_SSL_CERT',
  'NON_HTTP_PORT_80_CONNECTION',
  'NON_SSL_PORT_443_CONNECTION',
  'OPEN_CONNECTION',
  'PASTEBIN_DOWNLOAD',
  'SELF_SIGNED_CERTIFICATE',
  'STROBE',
  'THREAT_INTELLIGENCE_MALICIOUS_URL',
  'THREAT_INTELLIGENCE_TO_BLACKLISTED_IP',
  'UNKNOWN_PORT',
  'WEIRD_HTTP_METHOD',
]
const destinationTypes: ReadonlySet<string> = new Set(ofOneDestination)

/**
 * Types that say of the source's destination that it may be somebody's who means ill. Of all others it is a victim (scans, guesses), whoever was asked on
 * the way, or a site that anybody uses.
 */
const suspectsOf: readonly EvidenceType[] = [
  'BEACON',
  'CN_URL_MISMATCH',
  'CONNECTION_WITHOUT_DNS',
  'DATA_UPLOAD',
  'EXECUTABLE_MIME_TYPE',
  'INCOMPATIBLE_CN',
  'LONG_CONNECTION',
  'LONG_CONTACT',
  'MALICIOUS_DOWNLOADED_FILE',
  'MALICIOUS_JA3',
  'MALICIOUS_JA3S',
  'MALICIOUS_JARM',
  'MALICIOUS_SSL_CERT',
  'NON_HTTP_PORT_80_CONNECTION',
  'NON_SSL_PORT_443_CONNECTION',
  'OPEN_CONNECTION',
  'SELF_SIGNED_CERTIFICATE',
  'STROBE',
  'THREAT_INTELLIGENCE_BLACKLISTED_ASN',
  'THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN',
  'THREAT_INTELLIGENCE_MALICIOUS_URL',
  'THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED',
  'THREAT_INTELLIGENCE_TO_BLACKLISTED_IP',
  'UNKNOWN_PORT',
]
const suspectTypes: ReadonlySet<string> = new Set(suspectsOf)

/** Types about a name: at a resolver's port it was asked for there. */
const ofNames: readonly EvidenceType[] = [
  'THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN',
  'THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED',
]
const nameTypes: ReadonlySet<string> = new Set(ofNames)
const DNS = 53

/** Whether the evidence suspects the server at its `dst` end: by name, as the attacker, or by its type, unless nobody answered there. */
export function suspectsDestination({ type, facts, attacker, src, dst }: CanonicalEvidence): boolean {
  if (dst === null || facts.established === false || facts.destinations !== undefined) return false
  if (dst.port === DNS && nameTypes.has(type)) return false
  if (attacker.type === 'ip' && attacker.value === dst.ip) return true
  return suspectTypes.has(type) && attacker.value === src?.ip
}

/** Facts that hold a name or an address of the destination; `names` are several. */
const nameFacts = ['serverName', 'host', 'server', 'site', 'destination', 'names'] as const

/** Types about names below one domain, by the facts that hold it. */
const ofOneDomain: readonly EvidenceType[] = ['DNS_TUNNEL', 'HIGH_ENTROPY_DNS_ANSWER']
const domainTypes: ReadonlySet<string> = new Set(ofOneDomain)

/** What says how many destinations it is about is about none of them. */
export const isAboutDestination = ({ type, facts }: Evidence): boolean =>
  destinationTypes.has(type) && facts.destinations === undefined

/** Names and addresses in the facts of what the evidence is about; ports are left off. */
export function namesInFacts(evidence: Evidence): readonly string[] {
  const { type, facts } = evidence
  if (domainTypes.has(type)) return typeof facts.domain === 'string' ? [facts.domain] : []
  if (!isAboutDestination(evidence)) return []
  const found: string[] = []
  if (typeof facts.url === 'string') found.push(hostOfUrl(facts.url))
  for (const fact of nameFacts) {
    const value = facts[fact]
    if (typeof value === 'string') found.push(...value.split(' ').map(withoutPort))
  }
  return found
}

/** `example.com:8080` → `example.com`, `[2001:db8::1]:80` → `2001:db8::1`; addresses and names as they are. */
export function withoutPort(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']') < 0 ? undefined : host.indexOf(']'))
  const colon = host.indexOf(':')
  return colon < 0 || host.indexOf(':', colon + 1) >= 0 ? host : host.slice(0, colon)
}

/** The host of a URL, with or without its scheme: a name or an address. */
export function hostOfUrl(url: string): string {
  const scheme = url.indexOf('://')
  const rest = scheme < 0 ? url : url.slice(scheme + 3)
  const end = rest.search(/[/?#]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  return withoutPort(authority.slice(authority.lastIndexOf('@') + 1))
}

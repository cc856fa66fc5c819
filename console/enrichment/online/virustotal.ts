import { isJson } from '../../json-object.ts'
import { askJson } from './ask-http.ts'
import { at, joined, listOf, numberOf, said, textOf } from './facts.ts'
import { known, type LookUp, type Subject } from './look-up.ts'

/**
 * VirusTotal API v3 (https://docs.virustotal.com/reference/overview): `GET /api/v3/{ip_addresses,domains,files,urls}/ID` with the key in `x-apikey`. A URL's
 * id is its text in unpadded base64url. The counts of its last analysis and its reputation are taken as they are: what they mean is for
 * people to say, so no evidence comes of them.
 */
export const virustotal: LookUp = {
  kinds: ['ip', 'domain', 'url', 'hash'],
  async ask(subject, door) {
    const answer = await askJson(door, {
      path: `/api/v3/${pathOf(subject)}`,
      headers: { 'x-apikey': door.key },
    })
    if (!('json' in answer)) return answer
    const attributes = at(answer.json, 'data', 'attributes')
    const { malicious, suspicious, harmless, undetected } = at(attributes, 'last_analysis_stats')
    const counts = [malicious, suspicious, harmless, undetected].map(numberOf)
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (total === 0) return { kind: 'unknown' }
    return known(
      said({
        malicious: numberOf(malicious),
        suspicious: numberOf(suspicious),
        scanners: total,
        maliciousShare: Math.round((numberOf(malicious) / total) * 10_000) / 10_000,
        reputation: numberOf(attributes.reputation),
        asOwner: textOf(attributes.as_owner),
        country: textOf(attributes.country),
        names: joined(listOf(attributes.names).map(textOf)),
        threat: textOf(at(attributes, 'popular_threat_classification').suggested_threat_label),
        tags: joined(listOf(attributes.tags).map((tag) => (isJson(tag) ? '' : textOf(tag)))),
      }),
    )
  },
}

function pathOf({ kind, value }: Subject): string {
  switch (kind) {
    case 'ip':
      return `ip_addresses/${encodeURIComponent(value)}`
    case 'domain':
      return `domains/${encodeURIComponent(value)}`
    case 'hash':
      return `files/${encodeURIComponent(value)}`
    case 'url':
      return `urls/${Buffer.from(value).toString('base64url')}`
  }
}

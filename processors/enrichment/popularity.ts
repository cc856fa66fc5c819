/** Less is to be feared of places that everybody visits: evidence against such a destination may be given half its confidence, and is never dropped. */
import type { Evidence } from '@weir/schemas'
import { canonicalName, isWithinZone } from '../data/dns-zones.ts'

/** Share of the confidence that is left. */
const SHARE = 0.5

/** The word of a feed on the very place, which outweighs how many visit it; and doubts that the place is what it is called. */
const kept =
  /^(?:THREAT_INTELLIGENCE_.*|MALICIOUS_.*|CN_URL_MISMATCH|INCOMPATIBLE_CN|SELF_SIGNED_CERTIFICATE)$/

/**
 * The evidence, with half its confidence and the fact `popularSite` where the other end is known by names of `domains` alone. Names are those the
 * host was given by DNS or asked for; an address without any is not popular, and one with a further name may be anybody's.
 */
export function withPopularity(evidence: Evidence, domains: readonly string[]): Evidence {
  if (domains.length === 0 || kept.test(evidence.type)) return evidence
  const names = namesOfOtherEnd(evidence)
  const [first] = names
  if (first === undefined || !names.every((name) => isWithinZone(canonicalName(name), domains)))
    return evidence
  return {
    ...evidence,
    confidence: Math.round(evidence.confidence * SHARE * 10_000) / 10_000,
    facts: { popularSite: first, ...evidence.facts },
  }
}

function namesOfOtherEnd({ attacker, victim, dst }: Evidence): readonly string[] {
  const party = attacker.direction === 'dst' ? attacker : victim
  if (party?.type === 'domain') return [party.value]
  if (dst === null || (party !== null && party.value !== dst.ip)) return []
  return dst.names
}

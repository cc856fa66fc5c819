/** What is known of the ends of evidence beyond the traffic, in a few words for people. */
import type { CanonicalEvidence } from '@weir/schemas'

type Facts = CanonicalEvidence['facts']

const sides = [
  ['src', 'from'],
  ['dst', 'to'],
  ['attacker', 'attacker'],
  ['victim', 'victim'],
] as const

/** `from Apple, Inc.; to US, AS15133 Edgecast, ssh`; `''` where nothing is known. Not yet printable: some of it is from files. */
export function contextText(facts: Facts): string {
  const parts: string[] = []
  for (const [side, word] of sides) {
    const known = [
      textOf(facts[`${side}Country`]),
      announcedBy(facts, side),
      textOf(facts[`${side}Organisation`]),
      textOf(facts[`${side}Vendor`]),
      side === 'dst' ? textOf(facts.dstService) : '',
    ].filter((text) => text !== '')
    // A service alone is what the port says already.
    if (known.length === 0 || (known.length === 1 && known[0] === facts.dstService)) continue
    parts.push(`${word} ${known.join(', ')}`)
  }
  return parts.join('; ')
}

function announcedBy(facts: Facts, side: string): string {
  const asn = facts[`${side}Asn`]
  const name = textOf(facts[`${side}AsName`])
  return typeof asn === 'number' ? `AS${asn}${name === '' ? '' : ` ${name}`}` : ''
}

const textOf = (value: Facts[string] | undefined): string => (typeof value === 'string' ? value : '')

/**
 * Tags by which feeds say that a domain was registered a short while ago. The lists are feeds like any other: one of newly registered
 * domains, imported with one of these tags and level info; or what a registry said (RDAP, WHOIS), with the day in a tag of its own,
 * which counts whatever the level: `registered:2026-01-31`.
 */
export const youngDomainTags: readonly string[] = ['newly-registered', 'young-domain', 'nrd']

const registered = 'registered:'

/** Start of the day (UTC) on which the tags say the domain was registered; `null` when none of them does. */
export function registeredMs(tags: readonly string[]): number | null {
  for (const tag of tags) {
    if (!tag.startsWith(registered)) continue
    const dayMs = Date.parse(`${tag.slice(registered.length, registered.length + 10)}T00:00:00Z`)
    if (!Number.isNaN(dayMs)) return dayMs
  }
  return null
}

/** Whether a feed lists a domain for its age alone: level info, and a tag that says so. */
export function isForAgeAlone(verdict: {
  readonly level: string
  readonly tags: readonly string[]
}): boolean {
  return (
    verdict.level === 'info' &&
    verdict.tags.some((tag) => youngDomainTags.includes(tag) || tag.startsWith(registered))
  )
}

import type { Verdict } from './indicators.ts'

const MAX_TEXT = 300

/** What an analyst asks first of an indicator: what is listed, by whom, as what. */
export function verdictFacts(verdict: Verdict, count: number): Readonly<Record<string, number | string>> {
  const { kind, value, feeds, tags, description } = verdict
  return {
    listed: value.slice(0, MAX_TEXT),
    kind,
    feeds: feeds.join(', ').slice(0, MAX_TEXT),
    ...(tags.length === 0 ? {} : { tags: tags.join(', ').slice(0, MAX_TEXT) }),
    ...(description === '' ? {} : { listedAs: description }),
    times: count,
  }
}

/** `listed by abuse and lab: botnet server`. */
export function listedBy({ feeds, description }: Verdict): string {
  const all = feeds.slice(0, 3).join(' and ')
  const more = feeds.length > 3 ? ` and ${feeds.length - 3} more` : ''
  return `listed by ${all}${more}${description === '' ? '' : `: ${description.slice(0, 100).replace(/[.\s]+$/, '')}`}`
}

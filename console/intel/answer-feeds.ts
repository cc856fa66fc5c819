/**
 * Feeds that Weir fills itself, with what services and servers answered when it asked. Each machine asks for itself, so no folder has all
 * of one, and nobody else may give a list of that name.
 */
const LOOK_UP = 'lookup-'

/** Whose word kept probes are. */
export const probeFeed = 'jarm'

/** Whose word the answers of an online service are. */
export function lookUpFeed(service: string): string {
  return `${LOOK_UP}${service}`
}

/** In any case of letters, as a folder may not tell them apart. */
export function isAnswerFeed(feed: string): boolean {
  const name = feed.toLowerCase()
  return name === probeFeed || name.startsWith(LOOK_UP)
}

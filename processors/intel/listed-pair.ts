import type { Level } from '@weir/schemas'
import type { Hit } from './hits.ts'
import type { Verdict } from './indicators.ts'

/**
 * What a report of two hosts says of each, where one of them is what is listed: whoever had to do with it weighs low, as it may be a
 * visitor, and in a finding of its own what is listed weighs as its feed says. `description` is of that second one.
 */
export function listedPair(
  hit: Hit,
  { level }: Pick<Verdict, 'level'>,
  { confidence, client, server, description }: ListedPair,
) {
  const visitor: Level = level === 'info' ? 'info' : 'low'
  return {
    key: hit.key,
    level: hit.at(visitor),
    confidence,
    uids: hit.uids,
    mirror: {
      profile: server,
      level: hit.at(level),
      confidence,
      attacker: { direction: 'dst', type: 'ip', value: server },
      victim: { direction: 'src', type: 'ip', value: client },
      description,
    },
  } as const
}

export type ListedPair = {
  readonly confidence: number
  /** Addresses. */
  readonly client: string
  readonly server: string
  readonly description: string
}

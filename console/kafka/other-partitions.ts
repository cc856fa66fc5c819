import { topics } from '@weir/schemas'
import type { WeirError } from '@weir/topology/kit'
import type { TopicDescription } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import type { PlannedTopic } from './topic-plan.ts'

/**
 * Why topics are not to be made beside those that there are; `null` when they may be. `asked`: the number of `--partitions`; that of some
 * topics is given and not asked for.
 */
export function otherPartitions(
  wanted: readonly PlannedTopic[],
  found: readonly (TopicDescription | null)[],
  asked: number,
): WeirError | null {
  const there = wanted.flatMap((topic, at) => {
    const actual = found[at]?.partitions
    return actual === undefined ? [] : [{ name: topic.name, wanted: topic.partitions, actual }]
  })
  // Flows first: their number is what all others go by.
  const other = there
    .filter((topic) => topic.actual !== topic.wanted)
    .sort((a, b) => Number(b.name === topics.flows.name) - Number(a.name === topics.flows.name))
  const [first] = other
  if (first === undefined) return null
  const isAsked = first.wanted === asked
  const isAlike = there.every((topic) => topic.wanted !== asked || topic.actual === first.actual)
  const verb = isAsked && isAlike ? 'create' : 'check'
  const number = isAsked ? first.actual : asked
  const { name: topic, actual, wanted: right } = first
  return consoleError.PARTITIONS_DIFFER({
    topic,
    actual,
    wanted: right,
    command: `weir topics ${verb} --partitions ${number}`,
  })
}

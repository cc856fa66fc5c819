/** What `weir processors` say when they end. */
import { topics } from '@weir/schemas'
import type { RunnerTotals, RunnerView } from '@weir/topology'
import type { WeirError } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { printable } from '../report/printable.ts'

/** So many writers are named; a judgement. */
const mostNamed = 3

/**
 * Lines of what was done and of what is left. Flows are what was shipped; one of them may be handed on to the tasks of other keys, and
 * evidence to those of alerts. `last`: of the moment when nothing more was read; it knows the partitions of this process alone.
 */
export function endSentence(
  { records, byTopic, commits, deadLetters }: RunnerTotals,
  last: Pick<RunnerView, 'tasks' | 'restoringInputs'>,
): string {
  const flows = byTopic.get(topics.flows.name) ?? 0
  const done = `${flows} flows, ${records - flows} records between tasks, ${commits} commits, ${deadLetters} dead letters`
  return `${[done, leftSentence(last), ...waitingSentence(last)].join('\n')}\n`
}

/** Where flows were read and not one of them was a record: nothing was looked at, whatever else went well. */
export function allSetAside({
  byTopic,
  setAside,
}: Pick<RunnerTotals, 'byTopic' | 'setAside'>): WeirError | null {
  const lost = setAside.get(topics.flows.name)
  if (lost === undefined || (byTopic.get(topics.flows.name) ?? 0) > 0) return null
  return consoleError.ALL_SET_ASIDE({ records: lost.records, because: printable(lost.because) })
}

type Left = { partitions: number; records: number; inMemory: number }

/** Offsets that are left are records, but for the marks of transactions among them. */
function leftSentence({ tasks, restoringInputs }: Pick<RunnerView, 'tasks' | 'restoringInputs'>): string {
  const inputs = tasks.flatMap((task) => task.inputs)
  if (inputs.length + restoringInputs.length === 0)
    return 'this process had no partitions at the end: others know what is left'
  const left = new Map<string, Left>()
  for (const { topic, position, end, inMemory } of [
    ...inputs,
    ...restoringInputs.map((input) => ({ ...input, inMemory: 0 })),
  ]) {
    const records = position === null || end === null ? inMemory : Math.max(end - position, inMemory)
    if (records === 0) continue
    const before = left.get(topic) ?? { partitions: 0, records: 0, inMemory: 0 }
    left.set(topic, {
      partitions: before.partitions + 1,
      records: before.records + records,
      inMemory: before.inMemory + inMemory,
    })
  }
  if (left.size === 0) return 'nothing is left unread'
  const parts = [...left]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, { partitions, records, inMemory }]) => {
      const held = inMemory === 0 ? '' : `, ${inMemory} of them fetched and held back`
      return `${topic} ${records} in ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}${held}`
    })
  return `left unprocessed, for the next start: ${parts.join('; ')}`
}

/** Whose input has begun and not ended: what is open waits for it. */
function waitingSentence({ tasks }: Pick<RunnerView, 'tasks'>): readonly string[] {
  const writers = [...new Set(tasks.flatMap(({ inputs }) => inputs.flatMap(({ awaits }) => awaits)))].sort()
  if (writers.length === 0) return []
  const named = writers.slice(0, mostNamed).map(printable).join(', ')
  const more = writers.length > mostNamed ? ` and ${writers.length - mostNamed} more` : ''
  return [`windows are held open for input that has begun and not ended: ${named}${more}`]
}

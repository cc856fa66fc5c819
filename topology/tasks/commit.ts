/**
 * The one place that commits, and its order:
 *
 * 1. Operators flush: live state goes into stores, and what they still forward goes to the outputs. Later, and outputs and
 *    state would not agree.
 * 2. Positions, outputs and store changes are gathered, with nothing processed in between. With the positions goes the time that tasks
 *    were told of: state is of that time, also where no record of theirs came since the last commit.
 * 3. The transport makes them durable as one unit. Split up, a crash in between would either lose records (offsets first) or
 *    repeat them (outputs or stores first).
 * 4. Only then are outputs and pending writes forgotten. A unit that was refused is therefore still there, and is thrown away
 *    with its tasks.
 */
import { letOthers } from '../kit/clock.ts'
import type { CommittedInput, LogRecord, Member, Oversized, StoreChanges } from '../transport/transport.ts'
import { cutLetter, toRecord } from './dead-letter.ts'
import { decodeLedger, encodeLedger, type Ledger, ledgerOf } from './ledger.ts'
import type { TaskStores } from './restore.ts'
import type { Task } from './task.ts'

export type RunningTask = {
  readonly task: Task
  readonly stores: TaskStores
  /** Position last committed, by source. */
  readonly committed: (number | null)[]
  /** By source, what those who had the partition before did with its records; read when the task begins, or first asked for. */
  before: readonly Ledger[] | null
}

/** By source, what became of the records up to the position, since the application first read the partition. */
export function ledgersOf(running: RunningTask, member: Pick<Member, 'noteOf'> | null): readonly Ledger[] {
  const { task } = running
  const before = ledgersBefore(running, member)
  return task.queues.map((queue, at) => ledgerOf(queue, before?.[at] ?? decodeLedger(null), task.advancedMs))
}

function ledgersBefore(
  running: RunningTask,
  member: Pick<Member, 'noteOf'> | null,
): readonly Ledger[] | null {
  const { task } = running
  if (running.before === null && member !== null) {
    running.before = task.queues.map(({ source }) =>
      decodeLedger(member.noteOf(source.topic.name, task.partition)),
    )
  }
  return running.before
}

/**
 * Tells a task how far its time had come at the commit that its stores are of. To be called before anything else of it is done or
 * committed.
 */
export function resume(running: RunningTask, member: Pick<Member, 'noteOf'> | null): void {
  const times = ledgersBefore(running, member)?.map(
    ({ advancedMs }) => advancedMs ?? Number.NEGATIVE_INFINITY,
  )
  running.task.advance(Math.max(...(times ?? []), Number.NEGATIVE_INFINITY))
}

/** A judgement: some ten milliseconds' worth. */
const manyWrites = 500

export type Committed = {
  /** Records sent to topics, dead letters included. */
  readonly sent: number
  readonly deadLetters: number
}

/**
 * `told` goes along with the changes of the stores. `isLast`: these tasks are about to be given up, and how far silence has brought
 * them is committed although no record came since.
 */
export async function commit(
  member: Member,
  generation: number,
  tasks: readonly RunningTask[],
  deadLetterTopic: string,
  told: StoreChanges | null = null,
  isLast = false,
): Promise<Committed> {
  for (const { task, stores } of tasks) {
    task.flush()
    // The state of many keys takes a while to write: in between whoever asks the process how it is has an answer.
    if (stores.pending.some(({ store }) => store.pending().size > manyWrites)) await letOthers()
  }
  const outputs = gatherOutputs(tasks, deadLetterTopic)
  const changes = tasks.flatMap(({ task, stores }) =>
    stores.pending
      .filter(({ store }) => store.pending().size > 0)
      .map(({ changelog, store }) => ({
        store: changelog,
        partition: task.partition,
        entries: store.pending(),
      })),
  )
  if (told !== null) changes.push(told)
  const inputs = changedPositions(tasks, member, isLast || outputs.length > 0 || changes.length > 0)
  if (inputs.length === 0 && outputs.length === 0 && changes.length === 0) return { sent: 0, deadLetters: 0 }
  const replaced = new Set<LogRecord>()
  const oversized = (of: Oversized) => {
    if (of.topic !== deadLetterTopic) replaced.add(of.record)
    return { topic: deadLetterTopic, record: replaceOversized(of, deadLetterTopic) }
  }
  const deadLetters = tasks.reduce((sum, { task }) => sum + task.deadLetters.length, 0)
  await member.commit({ generation, inputs, outputs, changes, oversized })
  for (const { task, stores, committed } of tasks) {
    task.queues.forEach((queue, at) => {
      committed[at] = queue.position
    })
    for (const { store } of stores.pending) store.committed()
    for (const output of task.outputs) output.records = []
    task.deadLetters = []
    task.deadLetterBytes = 0
  }
  const sent = outputs.reduce((sum, { records }) => sum + records.length, 0)
  return { sent, deadLetters: deadLetters + replaced.size }
}

/** What a topic does not take for its size becomes a dead letter, and of a dead letter as much is kept as its topic takes. */
function replaceOversized(
  { topic, partition, record, limit }: Oversized,
  deadLetterTopic: string,
): LogRecord {
  if (topic === deadLetterTopic) return cutLetter(record, limit)
  const reason = `the topic takes records of at most ${limit} bytes`
  return toRecord({
    topic,
    partition,
    offset: -1,
    code: 'OUTPUT_TOO_LARGE',
    reason,
    by: null,
    step: null,
    record,
  })
}

type Position = Omit<CommittedInput, 'note'> & {
  readonly ledger: Ledger
  readonly hasMoved: boolean
  /** Time has, though no record was passed. */
  readonly hasAged: boolean
  readonly hasEnded: boolean
}

/**
 * Records passed, and an end, are worth a commit; that time went by is not, and goes along with whatever is. `isDue`: something is, or
 * these tasks are about to be given up.
 */
function changedPositions(
  tasks: readonly RunningTask[],
  member: Member,
  isDue: boolean,
): readonly CommittedInput[] {
  const positions = tasks.flatMap((each) => positionsOf(each, member))
  if (!isDue && !positions.some(({ hasMoved, hasEnded }) => hasMoved || hasEnded)) return []
  return positions
    .filter(({ hasMoved, hasAged }) => hasMoved || hasAged)
    .map(({ topic, partition, offset, ledger }) => ({ topic, partition, offset, note: encodeLedger(ledger) }))
}

function positionsOf(running: RunningTask, member: Member): readonly Position[] {
  const { partition, queues } = running.task
  const ledgers = ledgersOf(running, member)
  return queues.flatMap((queue, at) => {
    const topic = queue.source.topic.name
    // Also where nothing came to this process: its time has gone on with that of its neighbours.
    const offset = queue.position ?? member.committedOf(topic, partition)
    const ledger = ledgers[at]
    if (offset === null || ledger === undefined) return []
    const before = decodeLedger(member.noteOf(topic, partition))
    const { streamTimeMs, advancedMs } = ledger
    return {
      topic,
      partition,
      offset,
      ledger,
      hasMoved: queue.position !== null && queue.position !== running.committed[at],
      hasAged: streamTimeMs !== before.streamTimeMs || advancedMs !== before.advancedMs,
      hasEnded: advancedMs === null && before.advancedMs !== null,
    }
  })
}

/**
 * All that goes to one topic, by carried stream time and otherwise in the order of tasks: whoever reads the topic meets the
 * records as one reader would have written them, however many tasks shared the work.
 */
function gatherOutputs(tasks: readonly RunningTask[], deadLetterTopic: string) {
  const byTopic = new Map<string, LogRecord[][]>()
  const add = (topic: string, records: LogRecord[]) => {
    if (records.length === 0) return
    const known = byTopic.get(topic)
    if (known === undefined) byTopic.set(topic, [records])
    else known.push(records)
  }
  for (const { task } of tasks) {
    for (const output of task.outputs) add(output.topic, output.records)
    add(deadLetterTopic, task.deadLetters.map(toRecord))
  }
  return [...byTopic].map(([topic, parts]) => ({ topic, records: mergeByStreamTime(parts) }))
}

function mergeByStreamTime(parts: readonly LogRecord[][]): readonly LogRecord[] {
  const records = parts.length === 1 ? (parts[0] ?? []) : parts.flat()
  for (let i = 1; i < records.length; i += 1) {
    if ((records[i]?.streamTimeMs ?? 0) < (records[i - 1]?.streamTimeMs ?? 0)) {
      return records.toSorted((a, b) => a.streamTimeMs - b.streamTimeMs)
    }
  }
  return records
}

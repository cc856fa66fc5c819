/**
 * The one place that commits, and its order:
 *
 * 1. Operators flush: live state goes into stores, and what they still forward goes to the outputs. Later, and outputs and
 *    state would not agree.
 * 2. Positions, outputs and store changes are gathered, with nothing processed in between.
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
  /** By source, what those who had the partition before did with its records; read with the first commit or question. */
  before: readonly Ledger[] | null
}

/** By source, what became of the records up to the position, since the application first read the partition. */
export function ledgersOf(running: RunningTask, member: Pick<Member, 'noteOf'> | null): readonly Ledger[] {
  const { task } = running
  if (running.before === null && member !== null) {
    running.before = task.queues.map(({ source }) =>
      decodeLedger(member.noteOf(source.topic.name, task.partition)),
    )
  }
  return task.queues.map((queue, at) => ledgerOf(queue, running.before?.[at] ?? decodeLedger(null)))
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
  const inputs = tasks.flatMap((each) => changedPositions(each, member, isLast))
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

function changedPositions(running: RunningTask, member: Member, isLast: boolean): readonly CommittedInput[] {
  const positions = running.task.queues.map(({ position }) => position)
  const hasMoved = positions.some((position, at) => position !== null && position !== running.committed[at])
  if (!hasMoved && !isLast) return []
  return knownPositions(running, member, isLast).filter(({ topic, partition, offset, note = null }) => {
    const at = running.task.queues.findIndex(({ source }) => source.topic.name === topic)
    if (positions[at] !== null && running.committed[at] !== offset) return true
    const before = decodeLedger(member.noteOf(topic, partition))
    return isLast && decodeLedger(note).streamTimeMs !== before.streamTimeMs
  })
}

/** `isLast`: where nothing came to this process as well. */
function knownPositions(running: RunningTask, member: Member, isLast = false): readonly CommittedInput[] {
  const { partition, queues } = running.task
  const ledgers = ledgersOf(running, member)
  return queues.flatMap((queue, at) => {
    const topic = queue.source.topic.name
    const position =
      queue.position ?? (isLast ? (member.progressOf(topic, partition)?.position ?? null) : null)
    const ledger = ledgers[at]
    if (position === null || ledger === undefined) return []
    return [{ topic, partition, offset: position, note: encodeLedger(ledger) }]
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

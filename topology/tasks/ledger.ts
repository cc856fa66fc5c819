/**
 * What became of the records of one input partition since its application first read it, how far they brought its time, and which time
 * its task was told of: kept as a line of JSON beside the committed offset, so it is of the very records that the offset has passed and
 * of the state committed with it, whoever read them and however often a process was ended. Who moves the offset by other means starts
 * a new ledger.
 */
import type { RecordQueue } from './record-queue.ts'

export type Ledger = {
  readonly processed: number
  readonly deadLettered: number
  /** Deletions in a topic that is not read as a table. */
  readonly deletions: number
  /** What writers say of their input: that it begins, that it has ended. */
  readonly marks: number
  /** Offsets that were deleted from the topic before they could be read: no part of what was read. */
  readonly skipped: number
  /** How far the partition's records, and silence after them, have brought stream time; `null` before there were any. */
  readonly streamTimeMs: number | null
  /**
   * The time that the task of the partition was last told of (`Operator.advance`); `null` where nothing came of the partition so far, and
   * where the task has not been told of any since its end.
   */
  readonly advancedMs: number | null
}

const none: Ledger = {
  processed: 0,
  deadLettered: 0,
  deletions: 0,
  marks: 0,
  skipped: 0,
  streamTimeMs: null,
  advancedMs: null,
}

/** What has left the queue, and what `before` tells of those who had the partition earlier. `advancedMs` is that of its task. */
export function ledgerOf(queue: RecordQueue, before: Ledger, advancedMs: number): Ledger {
  const streamTimeMs = later(before.streamTimeMs, queue.reachedMs)
  return {
    processed: before.processed + queue.taken,
    deadLettered: before.deadLettered + queue.setAside,
    deletions: before.deletions + queue.deletions,
    marks: before.marks + queue.marks,
    skipped: before.skipped + queue.skipped,
    streamTimeMs,
    advancedMs: streamTimeMs === null || !Number.isFinite(advancedMs) ? null : advancedMs,
  }
}

export function encodeLedger(ledger: Ledger): string {
  return JSON.stringify(ledger)
}

/** Notes of others, and none, are the beginning of a new ledger. */
export function decodeLedger(note: string | null): Ledger {
  if (note === null || note === '') return none
  let line: unknown
  try {
    line = JSON.parse(note)
  } catch {
    return none
  }
  const fields = new Map(Object.entries(line ?? {}))
  const time = (name: string) => {
    const value = fields.get(name)
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  const count = (name: string) => {
    const value = fields.get(name)
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
  }
  return {
    processed: count('processed'),
    deadLettered: count('deadLettered'),
    deletions: count('deletions'),
    marks: count('marks'),
    skipped: count('skipped'),
    streamTimeMs: time('streamTimeMs'),
    advancedMs: time('advancedMs'),
  }
}

function later(beforeMs: number | null, reachedMs: number): number | null {
  if (!Number.isFinite(reachedMs)) return beforeMs
  return beforeMs === null ? reachedMs : Math.max(beforeMs, reachedMs)
}

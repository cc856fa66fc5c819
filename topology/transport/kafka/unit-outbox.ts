import { topologyError } from '../../errors.ts'
import type { CommitUnit, LogRecord, StoreChanges } from '../transport.ts'
import { type Entry, Outbox } from './outbox.ts'
import { batchBytesOf, type RecordLimits } from './record-limits.ts'

export type Layout = {
  partitionOf(topic: string, key: string): number
  readonly limits: RecordLimits
  readonly nowMs: number
}

/** A unit can ask for a letter in the place of a letter, and then for a shorter one. */
const maxReplacements = 3

/**
 * What a unit sends, by partition. Outputs that their topic would refuse for their size are replaced as the unit says; state cannot
 * be: sending it then ends with `TOPO_STATE_TOO_LARGE`, which aborts the transaction, and without one comes before any offset.
 */
export function outboxOf(unit: CommitUnit, layout: Layout): Outbox {
  const { limits, nowMs: timestampMs } = layout
  const outbox = new Outbox(timestampMs, (topic) => limits.of(topic))
  for (const { topic, records } of unit.outputs) {
    for (const record of records) addOutput(outbox, unit, layout, topic, record)
  }
  for (const changes of unit.changes) {
    const { store, partition, entries } = changes
    const records = { [Symbol.iterator]: () => recordsOf(changes, limits.of(store), timestampMs) }
    outbox.addAll(store, partition, entries.size, records)
  }
  return outbox
}

function* recordsOf(
  { store, partition, entries }: StoreChanges,
  limit: number,
  timestampMs: number,
): Generator<Entry> {
  // The same one each time: whoever goes through them is done with one before the next.
  const record: { -readonly [Field in keyof LogRecord]: LogRecord[Field] } = {
    key: '',
    value: null,
    timestampMs,
    streamTimeMs: Number.NaN,
  }
  const entry: { record: LogRecord; value: Uint8Array | null } = { record, value: null }
  for (const [key, value] of entries) {
    record.key = key
    record.value = value
    entry.value = value
    const bytes = batchBytesOf(record, value)
    if (bytes > limit) throw topologyError.STATE_TOO_LARGE({ store, partition, bytes, limit })
    yield entry
  }
}

function addOutput(outbox: Outbox, unit: CommitUnit, layout: Layout, topic: string, record: LogRecord): void {
  let to = { topic, record }
  for (let replacements = 0; ; replacements += 1) {
    const value = bytesFor(to.topic, to.record.value)
    const partition = layout.partitionOf(to.topic, to.record.key)
    const limit = layout.limits.of(to.topic)
    if (batchBytesOf(to.record, value) <= limit) {
      outbox.add(to.topic, partition, to.record, value)
      return
    }
    if (unit.oversized === undefined || replacements === maxReplacements) {
      throw topologyError.RECORD_TOO_LARGE({ detail: `${to.topic} takes at most ${limit} bytes` })
    }
    to = unit.oversized({ topic: to.topic, partition, record: { ...to.record, value }, limit })
  }
}

/** Throws a `TypeError` for what is neither bytes nor `null`. */
export function bytesFor(topic: string, value: unknown): Uint8Array | null {
  if (value === null || value instanceof Uint8Array) return value
  throw new TypeError(`a value for ${topic} is neither bytes nor null`)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textCodec } from '../kit/codec.ts'
import type { SourceNode } from '../plan/graph.ts'
import type { Batch, LogRecord } from '../transport/transport.ts'
import type { DeadLetter } from './dead-letter.ts'
import { RecordQueue } from './record-queue.ts'

const source: SourceNode = {
  type: 'source',
  id: 0,
  topic: { name: 't', codec: textCodec },
  table: false,
  streamTime: null,
  internal: false,
}
const record = (value: unknown, timeMs: number, streamTimeMs = timeMs): LogRecord => ({
  key: 'k',
  value,
  timestampMs: timeMs,
  streamTimeMs,
})
const batch = (records: readonly LogRecord[], firstOffset: number, more: Partial<Batch> = {}): Batch => ({
  topic: 't',
  partition: 0,
  records,
  encoded: false,
  firstOffset,
  offsets: null,
  nextOffset: firstOffset + records.length,
  more: false,
  ...more,
})

function queueOf(changes: Partial<SourceNode> = {}) {
  const letters: DeadLetter[] = []
  return { queue: new RecordQueue({ ...source, ...changes }, 0, (letter) => letters.push(letter)), letters }
}

function values(queue: RecordQueue): unknown[] {
  const found: unknown[] = []
  for (let head = queue.peek(); head !== null; head = queue.peek()) {
    found.push(head.value)
    queue.take()
  }
  return found
}

test('objects pass as they are, and the position follows what was taken', () => {
  const { queue } = queueOf()
  const first = record({ some: 'object' }, 1)
  queue.append(batch([first, record('b', 2)], 5))
  assert.equal(queue.position, 5)
  assert.equal(queue.peek(), first)
  queue.take()
  assert.equal(queue.position, 6)
  queue.take()
  assert.equal(queue.position, 7)
  assert.equal(queue.peek(), null)
  assert.equal(queue.size, 0)
})

test('a position moves past gaps and markers at the end of a batch, even an empty one', () => {
  const { queue } = queueOf()
  queue.append(batch([record('a', 1), record('b', 2)], 5, { offsets: [5, 9], nextOffset: 12 }))
  queue.take()
  assert.equal(queue.position, 9)
  queue.take()
  assert.equal(queue.position, 12)
  queue.append(batch([], 12, { nextOffset: 15 }))
  assert.equal(queue.position, 15)
})

test('what cannot be decoded is set aside without holding up the rest', () => {
  const { queue, letters } = queueOf()
  const bad = record(new Uint8Array([0xff]), 2)
  const records = [bad, record(textCodec.encode('a'), 1), bad, record(textCodec.encode('b'), 3), bad]
  queue.append(batch(records, 10, { encoded: true }))
  assert.deepEqual(values(queue), ['a', 'b'])
  assert.equal(queue.position, 15)
  assert.deepEqual(
    letters.map(({ offset }) => offset),
    [10, 12, 14],
  )
  assert.equal(letters[0]?.record, bad)
})

test('a deletion is passed on in a table and left out of a stream', () => {
  const stream = queueOf()
  stream.queue.append(batch([record(null, 1), record('a', 2)], 0))
  assert.deepEqual(values(stream.queue), ['a'])
  assert.equal(stream.queue.deletions, 1)
  const table = queueOf({ table: true })
  table.queue.append(batch([record(null, 1), record('a', 2)], 0))
  assert.deepEqual(values(table.queue), [null, 'a'])
})

test('records that carry no clock get the greatest event time of their partition', () => {
  const { queue } = queueOf()
  queue.append(batch([record('a', 10, Number.NaN), record('b', 4, Number.NaN)], 0))
  queue.append(batch([record('c', 7, Number.NaN)], 2))
  const clocks: number[] = []
  for (let head = queue.peek(); head !== null; head = queue.peek()) {
    clocks.push(head.streamTimeMs)
    queue.take()
  }
  assert.deepEqual(clocks, [10, 10, 10])
  assert.equal(queue.lastStreamTimeMs, 10)
})

test('a record at the end of time, or before all of it, is set aside and does not move the clock', () => {
  const { queue, letters } = queueOf()
  const { POSITIVE_INFINITY: end, NEGATIVE_INFINITY: start } = Number
  const bad = [record('x', 1, end), record('x', 1, start), record('x', end, 1), record('x', end, Number.NaN)]
  queue.append(batch([record('a', 1), ...bad, record('b', 2), record('c', 2, Number.NaN)], 0))
  queue.append(batch([record('x', end, end)], 7))
  assert.equal(queue.lastStreamTimeMs, 2)
  assert.deepEqual(values(queue), ['a', 'b', 'c'])
  assert.equal(queue.position, 8)
  assert.deepEqual(
    letters.map(({ offset, code }) => [offset, code]),
    [1, 2, 3, 4, 7].map((offset) => [offset, 'UNDECODABLE']),
  )
})

test('bytes are those of whole batches, of which something is left', () => {
  const bytes = (length: number, timeMs: number) => record(new Uint8Array(length).fill(97), timeMs)
  const { queue, letters } = queueOf()
  queue.append(batch([bytes(10, 1), bytes(20, 2)], 0, { encoded: true }))
  queue.append(batch([bytes(5, 3), record(null, 4), record(new Uint8Array([0xff]), 5)], 2, { encoded: true }))
  assert.equal(queue.bytes, 36)
  queue.take()
  assert.equal(queue.bytes, 36)
  queue.take()
  assert.equal(queue.bytes, 6)
  queue.take()
  assert.deepEqual([queue.bytes, queue.size, letters.length], [0, 0, 1])
  queue.append(batch([record({ by: 'reference' }, 6)], 5))
  assert.equal(queue.bytes, 0)
})

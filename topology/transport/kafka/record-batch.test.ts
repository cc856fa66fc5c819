import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchBuilder, readRecords, viewBatches } from './record-batch.ts'

const sentMs = 1_800_000_000_000
const producer = { id: 7n, epoch: 0, transactional: false }
const value = new Uint8Array([1])

function onTheWire(builder: BatchBuilder): Buffer {
  return builder.finish(producer, 0, 'none')
}

function back(bytes: Buffer) {
  const [view] = viewBatches(bytes)
  assert.ok(view)
  return readRecords(view, 0).records
}

test('the brokers see when a record was sent, however old its event, and the reader when it happened', () => {
  const builder = new BatchBuilder(sentMs)
  builder.add({ key: 'a', value, timestampMs: 12.25, streamTimeMs: Number.NaN }, value)
  builder.add({ key: 'b', value, timestampMs: sentMs + 9e9, streamTimeMs: 5 }, value)
  const bytes = onTheWire(builder)
  assert.equal(Number(bytes.readBigInt64BE(27)), sentMs, 'first timestamp')
  assert.equal(Number(bytes.readBigInt64BE(35)), sentMs, 'greatest timestamp')
  assert.deepEqual(
    back(bytes).map(({ key, timestampMs, streamTimeMs }) => [key, timestampMs, streamTimeMs]),
    [
      ['a', 12.25, Number.NaN],
      ['b', sentMs + 9e9, 5],
    ],
  )
})

test('a record without our header happened when Kafka says', () => {
  const builder = new BatchBuilder(sentMs)
  builder.add({ key: 'a', value, timestampMs: sentMs, streamTimeMs: Number.NaN }, value)
  const bytes = onTheWire(builder)
  assert.equal(bytes.includes('weir-time'), false)
  assert.deepEqual(back(bytes), [
    { key: 'a', value, timestampMs: sentMs, streamTimeMs: Number.NaN, producedMs: sentMs },
  ])
})

test('a record was produced when it was sent, or when that was sent which it came of', () => {
  const builder = new BatchBuilder(sentMs)
  for (const timestampMs of [12, sentMs]) {
    builder.add({ key: 'own', value, timestampMs, streamTimeMs: 5 }, value)
    builder.add({ key: 'of', value, timestampMs, streamTimeMs: 5, producedMs: sentMs - 250 }, value)
  }
  assert.deepEqual(
    back(onTheWire(builder)).map(({ timestampMs, streamTimeMs, producedMs }) => [
      timestampMs,
      streamTimeMs,
      producedMs,
    ]),
    [
      [12, 5, sentMs],
      [12, 5, sentMs - 250],
      [sentMs, 5, sentMs],
      [sentMs, 5, sentMs - 250],
    ],
  )
})

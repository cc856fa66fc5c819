import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c } from './client.ts'
import { brokerError } from './protocol.ts'
import { BatchBuilder, isAbortMarker, readRecords, viewBatches } from './record-batch.ts'

const sentMs = 1_800_000_000_000
const producer = { id: 7n, epoch: 0, transactional: false }
const value = new Uint8Array([1])

function onTheWire(builder: BatchBuilder): Buffer {
  return builder.finish(producer, 0, 'none')
}

function back(bytes: Buffer) {
  const [view] = viewBatches(bytes)
  assert.ok(view)
  return [...readRecords(view, 0).records]
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

test('a mark whose record has been compacted away says nothing of its transaction', () => {
  const bytes = onTheWire(new BatchBuilder(sentMs))
  // Transactional, control.
  bytes.writeInt16BE(0x30, 21)
  bytes.writeInt32BE(0, 23)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)) >>> 0, 17)
  const [view] = viewBatches(bytes)
  assert.ok(view)
  assert.equal(bytes.length, 61)
  assert.equal(view.control, true)
  assert.equal(view.nextOffset, 1)
  assert.equal(isAbortMarker(view), false)
  assert.deepEqual(readRecords(view, 0), { records: [], offsets: null })
})

test('bytes that cannot be read are no better when they are asked for again', () => {
  const bytes = onTheWire(new BatchBuilder(sentMs))
  bytes[60] = 9
  let failure: unknown
  assert.throws(
    () => viewBatches(bytes),
    (error) => {
      failure = error
      return error instanceof RangeError
    },
  )
  assert.equal(brokerError('fetch', failure).isPassing, false)
  assert.equal(brokerError('fetch', new Error('the connection was closed')).isPassing, true)
})

test('a key that is no UTF-8 comes back byte for byte, and one that holds U+FFFD is text', () => {
  const keyBytes = new Uint8Array([0xff, 0x41, 0xc3])
  const builder = new BatchBuilder(sentMs)
  const times = { timestampMs: sentMs, streamTimeMs: Number.NaN }
  builder.add({ key: '\ufffd', value, ...times }, value)
  builder.add({ key: '?', keyBytes, value, ...times }, value)
  const [text, binary] = back(onTheWire(builder))
  assert.deepEqual(text, { key: '\ufffd', value, ...times, producedMs: sentMs })
  assert.deepEqual(new Uint8Array(binary?.keyBytes ?? []), keyBytes)
  const again = new BatchBuilder(sentMs)
  assert.ok(binary)
  again.add(binary, value)
  const [forwarded] = back(onTheWire(again))
  assert.deepEqual(new Uint8Array(forwarded?.keyBytes ?? []), keyBytes)
  assert.equal(forwarded?.key, '\ufffdA\ufffd')
})

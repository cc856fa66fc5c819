import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutLetter, type DeadLetter, deadLetterHeaders, toRecord } from './dead-letter.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()

const letter: DeadLetter = {
  topic: 'in',
  partition: 3,
  offset: 42,
  code: 'FAILED',
  reason: 'a bug',
  by: 'port-scan',
  step: 'detect-by-source',
  record: {
    key: 'k',
    value: utf8.encode('x'.repeat(5_000)),
    timestampMs: 7,
    streamTimeMs: Number.NaN,
    headers: [['theirs', utf8.encode('h'.repeat(100))]],
  },
}

function headers(record: ReturnType<typeof toRecord>): Record<string, string> {
  return Object.fromEntries((record.headers ?? []).map(([name, value]) => [name, text.decode(value)]))
}

test('a dead letter has its bytes, its own headers, and where it was, what is wrong and who failed in ours', () => {
  const record = toRecord(letter)
  assert.deepEqual(record.value, letter.record.value)
  assert.deepEqual(headers(record), {
    [deadLetterHeaders.topic]: 'in',
    [deadLetterHeaders.partition]: '3',
    [deadLetterHeaders.offset]: '42',
    [deadLetterHeaders.code]: 'FAILED',
    [deadLetterHeaders.reason]: 'a bug',
    [deadLetterHeaders.by]: 'port-scan',
    [deadLetterHeaders.step]: 'detect-by-source',
    theirs: 'h'.repeat(100),
  })
})

test('one that is too large keeps the beginning of its bytes and says how many there were', () => {
  const record = cutLetter(toRecord(letter), 2_000)
  assert.ok(record.value instanceof Uint8Array)
  assert.ok(record.value.length > 1_000 && record.value.length < 2_000)
  assert.equal(headers(record)[deadLetterHeaders.cut], 'value 5000, key 1, headers 116')
  assert.equal(headers(record).theirs, undefined)
})

test('a reason that repeats what it failed at is not as long as that', () => {
  const { headers: all } = toRecord({ ...letter, reason: 'r'.repeat(50_000) })
  const reason = all?.find(([name]) => name === deadLetterHeaders.reason)?.[1]
  assert.equal(reason?.length, 1_000)
})

test('a key that is no text stays the bytes that it was, and as many of them as fit', () => {
  const keyBytes = new Uint8Array(3_000).fill(0xff)
  const record = toRecord({ ...letter, record: { ...letter.record, key: '\ufffd', keyBytes } })
  assert.deepEqual(record.keyBytes, keyBytes)
  const cut = cutLetter(record, 4_000)
  assert.equal(cut.keyBytes?.length, 1_000)
  assert.equal(headers(cut)[deadLetterHeaders.cut], 'value 5000, key 3000, headers 116')
})

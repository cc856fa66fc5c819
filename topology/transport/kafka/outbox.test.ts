import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../transport.ts'
import { type BatchQueue, Outbox } from './outbox.ts'
import { type BatchBuilder, readRecords, ScratchPool, viewBatches } from './record-batch.ts'

const pool = new ScratchPool()
const record = (key: string): LogRecord => ({ key, value: null, timestampMs: 5, streamTimeMs: Number.NaN })
const finish = (batch: BatchBuilder) => batch.finish({ id: 1n, epoch: 0, transactional: false }, 0, 'none')

function keysOf(queue: BatchQueue): string[] {
  const { bytes } = queue.make(pool, finish)
  return viewBatches(bytes).flatMap((view) => Array.from(readRecords(view, 0).records, ({ key }) => key))
}

function allOf(queue: BatchQueue | undefined): string[][] {
  const batches: string[][] = []
  assert.ok(queue !== undefined)
  while (!queue.isEmpty) {
    batches.push(keysOf(queue))
    queue.taken(pool)
  }
  return batches
}

test('each partition is sent all that was added for it, in its order, single or together', () => {
  const outbox = new Outbox(5)
  outbox.add('a', 0, record('1'), null)
  outbox.addAll(
    'a',
    0,
    2,
    ['2', '3'].map((key) => ({ record: record(key), value: null })),
  )
  outbox.add('a', 0, record('4'), null)
  outbox.add('b', 1, record('5'), null)
  outbox.addAll('c', 0, 0, [])
  assert.equal(outbox.records, 5)
  assert.deepEqual(
    outbox.queues().map((queue) => [queue.name, ...allOf(queue)]),
    [
      ['a/0', ['1', '2', '3', '4']],
      ['b/1', ['5']],
    ],
  )
})

test('a batch holds what its topic takes, and one record however large', () => {
  const outbox = new Outbox(5, (topic) => (topic === 'narrow' ? 1_000 : 100_000))
  for (const key of ['1', '2', '3']) {
    outbox.add('narrow', 0, record(key), new Uint8Array(key === '3' ? 5_000 : 400))
    outbox.add('wide', 0, record(key), new Uint8Array(400))
  }
  const [narrow, wide] = outbox.queues()
  assert.deepEqual(allOf(narrow), [['1'], ['2'], ['3']])
  assert.deepEqual(allOf(wide), [['1', '2', '3']])
})

test('a batch that was not taken is the same bytes again, whatever was built meanwhile', () => {
  const outbox = new Outbox(5)
  outbox.add('a', 0, record('first'), new Uint8Array(100).fill(1))
  outbox.add('b', 0, record('second'), new Uint8Array(100).fill(2))
  const [a, b] = outbox.queues()
  assert.ok(a !== undefined && b !== undefined)
  const first = a.make(pool, finish)
  const copy = Buffer.from(first.bytes)
  b.make(pool, finish)
  assert.equal(a.make(pool, finish), first)
  assert.deepEqual(first.bytes, copy)
})

test('what was sent in vain is sent from its beginning under another producer', () => {
  const outbox = new Outbox(5)
  const entries = ['1', '2'].map((key) => ({ record: record(key), value: null }))
  outbox.addAll('a', 0, 2, entries)
  assert.deepEqual(allOf(outbox.queues()[0]), [['1', '2']])
  assert.deepEqual(allOf(outbox.queues()[0]), [['1', '2']])
})

test('nothing is made of a queue that has nothing more', () => {
  const outbox = new Outbox(5)
  outbox.add('a', 0, record('1'), null)
  const [queue] = outbox.queues()
  assert.ok(queue !== undefined)
  allOf(queue)
  assert.throws(() => queue.make(pool, finish), /a\/0 is to be sent nothing/)
})

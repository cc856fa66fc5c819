import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numberCodec } from '../kit/codec.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { aggregate } from './aggregate.ts'

const sum = (maxLiveKeys: number) =>
  aggregate({
    name: 'sum',
    init: () => 0,
    add: (state, value: number) => state + value,
    codec: numberCodec,
    maxLiveKeys,
  })

test("each record is answered with its key's new state", () => {
  const operator = new OperatorUnderTest(sum(10))
  operator.take('a', 1, 5, 6).take('b', 10, 7).take('a', 2, 8)
  assert.deepEqual(operator.out[0], { key: 'a', value: 1, timestampMs: 5, streamTimeMs: 6 })
  assert.deepEqual(operator.values(), [1, 10, 3])
})

test('what was flushed goes on after a restart, and what was not is as before', () => {
  const first = new OperatorUnderTest(sum(10))
  first.take('a', 1, 0).flush().take('a', 100, 0)
  const second = new OperatorUnderTest(sum(10), first.stores)
  assert.deepEqual(second.take('a', 2, 0).values(), [3])
})

test('more keys than may live change nothing', () => {
  const operator = new OperatorUnderTest(sum(2))
  for (let round = 0; round < 3; round += 1) {
    for (const key of ['a', 'b', 'c', 'd']) operator.take(key, 1, 0).flush()
  }
  assert.deepEqual(operator.values().slice(-4), [3, 3, 3, 3])
})

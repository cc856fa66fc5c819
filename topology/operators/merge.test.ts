import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { merge } from './merge.ts'

test('everything passes, untouched and in order', () => {
  const operator = new OperatorUnderTest(merge<number>())
  const record = { key: 'a', value: 1, timestampMs: 0, streamTimeMs: 0 }
  operator.process(record)
  operator.take('b', 2, 0)
  assert.equal(operator.out[0], record)
  assert.deepEqual(operator.values(), [1, 2])
})

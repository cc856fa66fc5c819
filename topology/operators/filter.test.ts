import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { filter } from './filter.ts'

test('what is kept is the very record that came', () => {
  const record = { key: 'a', value: 4, timestampMs: 1, streamTimeMs: 2 }
  const operator = new OperatorUnderTest(filter<number>((value, key) => value > 3 && key === 'a'))
  operator.process(record)
  operator.take('a', 3, 0).take('b', 5, 0)
  assert.equal(operator.out.length, 1)
  assert.equal(operator.out[0], record)
})

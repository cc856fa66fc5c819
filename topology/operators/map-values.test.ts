import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { mapValues } from './map-values.ts'

test('the value changes, key and times do not', () => {
  const operator = new OperatorUnderTest(mapValues((value: number, key) => `${key}${value}`))
  operator.take('a', 1, 10, 20)
  assert.deepEqual(operator.out, [{ key: 'a', value: 'a1', timestampMs: 10, streamTimeMs: 20 }])
})

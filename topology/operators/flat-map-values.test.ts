import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { flatMapValues } from './flat-map-values.ts'

test('each value comes out in order with the times of its record; none is possible', () => {
  const operator = new OperatorUnderTest(flatMapValues((value: number) => [...Array(value).keys()]))
  operator.take('a', 2, 10, 20).take('a', 0, 11, 21)
  assert.deepEqual(operator.out, [
    { key: 'a', value: 0, timestampMs: 10, streamTimeMs: 20 },
    { key: 'a', value: 1, timestampMs: 10, streamTimeMs: 20 },
  ])
})

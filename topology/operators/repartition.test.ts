import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { repartition } from './repartition.ts'

test('the key changes, value and times do not, and the plan is told', () => {
  const spec = repartition<string>((value, key) => `${key}>${value}`)
  const operator = new OperatorUnderTest(spec)
  operator.take('a', 'b', 10, 20)
  assert.deepEqual(operator.out, [{ key: 'a>b', value: 'b', timestampMs: 10, streamTimeMs: 20 }])
  assert.equal(spec.changesKey, true)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepReached } from './steps.ts'

test('the step reached is the greatest not above the count', () => {
  assert.deepEqual(
    [0, 1, 9, 10, 5_000].map((count) => stepReached([1, 10, 100], count)),
    [0, 1, 1, 10, 100],
  )
})

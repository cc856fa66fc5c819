import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doublingReached, stepReached } from './steps.ts'

test('the step reached is the greatest not above the count', () => {
  assert.deepEqual(
    [0, 1, 9, 10, 5_000].map((count) => stepReached([1, 10, 100], count)),
    [0, 1, 1, 10, 100],
  )
})

test('the doubling reached is the smallest count times a power of two, and never zero', () => {
  assert.deepEqual(
    [5, 9, 10, 39, 40].map((count) => doublingReached(5, count)),
    [5, 5, 10, 20, 40],
  )
  assert.equal(doublingReached(0, 7), 4)
})

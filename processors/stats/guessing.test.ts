import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guessBucket, guessConfidence } from './guessing.ts'

test('with a threshold of 9 the bucket rises at 9, 10, 12, 16, 24, 40 and 72', () => {
  const points: number[] = []
  for (let attempts = 1; attempts <= 80; attempts += 1) {
    if (guessBucket(attempts, 9) > guessBucket(attempts - 1, 9)) points.push(attempts)
  }
  assert.deepEqual(points, [9, 10, 12, 16, 24, 40, 72])
})

test('confidence starts at a half, rises with the attempts and the bonus, and is certain at 30', () => {
  assert.equal(guessConfidence(9, 9, 0), 0.5)
  assert.equal(guessConfidence(9, 9, 0.5), 0.6)
  assert.equal(guessConfidence(16, 9, 0), 0.63)
  assert.equal(guessConfidence(29, 9, 0.1), 0.98)
  assert.equal(guessConfidence(30, 9, 0), 1)
  assert.equal(guessConfidence(40, 50, 0), 0.5)
})

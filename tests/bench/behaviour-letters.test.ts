import assert from 'node:assert/strict'
import { test } from 'node:test'
import { append, newPair } from './behaviour-letters.ts'

function letters(
  ...connections: readonly (readonly [startMs: number, durationMs: number, bytes: number])[]
): string {
  const pair = newPair()
  for (const [startMs, durationMs, bytes] of connections) append(pair, startMs, durationMs, bytes)
  return pair.letters
}

test('the first two connections of a pair are digits by size and duration', () => {
  assert.equal(letters([0, 100, 250], [1000, 10_000, 1100]), '15')
  assert.equal(letters([0, 10_001, 1101]), '9')
})

test('a steady beat is a small letter of the first row with its pace', () => {
  assert.equal(letters([0, 1, 1], [5_000, 1, 1], [10_000, 1, 1]), '11a.')
  assert.equal(letters([0, 1, 1], [60_000, 1, 1], [120_000, 1, 1]), '11a,')
  assert.equal(letters([0, 1, 1], [300_000, 1, 1], [600_000, 1, 1]), '11a+')
  assert.equal(letters([0, 1, 1], [3_600_000, 1, 1], [7_200_000, 1, 1]), '110a*')
})

test('the less steady the gaps, the further the row', () => {
  assert.equal(letters([0, 1, 1], [1000, 1, 1], [2200, 1, 1]), '11A.')
  assert.equal(letters([0, 1, 1], [1000, 1, 1], [5000, 1, 1]), '11r.')
  assert.equal(letters([0, 1, 1], [1000, 1, 1], [11_000, 1, 1]), '11R,')
})

test('each silent hour is a zero, and beyond an hour there is no pace', () => {
  assert.equal(letters([0, 1, 1], [1000, 1, 1], [7_201_000, 1, 1]), '1100R')
})

test('a connection that began before its forerunner adds nothing', () => {
  const pair = newPair()
  assert.equal(append(pair, 1000, 1, 1), true)
  assert.equal(append(pair, 999, 1, 1), false)
  assert.equal(pair.letters, '1')
})

test('the text of a pair stops growing', () => {
  const pair = newPair()
  for (let i = 0; i < 2_000; i += 1) append(pair, i * 1000, 1, 1)
  assert.equal(pair.letters.length, 400)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addToBurst, type Bursts, burstOf, burstSpread, meanOf } from './guess-burst.ts'

function played(times: readonly number[], sizes: readonly number[] = [2_000]) {
  const burst = burstOf(new Map(), 'a', times[0] ?? 0)
  times.forEach((tsMs, i) => {
    addToBurst(burst, tsMs, sizes[i % sizes.length] ?? 0, 1_000, 3, 100)
  })
  return burst
}

test('a burst goes on for as long as enough sessions fall within the span', () => {
  const times = Array.from({ length: 60 }, (_, i) => i * 40)
  const { guesses, times: kept, firstMs, lastMs } = played(times)
  assert.equal(guesses, 60)
  assert.equal(kept.length, 40)
  assert.equal(firstMs, 0)
  assert.equal(lastMs, 59 * 40)
})

test('what came before a pause does not count', () => {
  const { guesses, firstMs } = played([0, 10, 20, 30, 1_000, 1_010])
  assert.equal(guesses, 2)
  assert.equal(firstMs, 1_000)
})

test('sessions that are too far apart never add up', () => {
  const times = Array.from({ length: 500 }, (_, i) => i * 60)
  assert.equal(played(times).guesses, 2)
})

test('the order of two neighbours makes no difference to how many there are', () => {
  assert.equal(played([0, 20, 10, 30]).guesses, 4)
})

test('the spread is that of the way on which they differ more', () => {
  assert.equal(burstSpread(played([0, 10, 20])), 0)
  assert.equal(burstSpread(played([0, 10], [1_000, 3_000])), 0.5)
  assert.equal(meanOf([]), 0)
})

test('the service heard of longest ago makes room', () => {
  const bursts: Bursts = new Map()
  for (let i = 0; i < 64; i++) burstOf(bursts, `s${i}`, i)
  burstOf(bursts, 's0', 100)
  burstOf(bursts, 'new', 101)
  assert.equal(bursts.size, 64)
  assert.ok(bursts.has('s0'))
  assert.ok(!bursts.has('s1'))
})

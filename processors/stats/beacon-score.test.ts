import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beaconScores } from './beacon-score.ts'

const every = (n: number, ms: number) => Array.from({ length: n }, (_, i) => 1_000 + i * ms)
const same = (n: number, bytes: number) => new Array<number>(n).fill(bytes)

test('calls by the clock of one size for an hour score 1 all over', () => {
  const scores = beaconScores(every(61, 60_000), same(61, 300), 3_600_000)
  assert.equal(scores.timestamp, 1)
  assert.equal(scores.size, 1)
  assert.equal(scores.duration, 1)
  assert.ok(scores.histogram > 0.9)
  assert.ok(scores.overall > 0.97)
  assert.equal(scores.intervalMs, 60_000)
})

test('skewness is that of Bowley: (Q1 + Q3 - 2 Q2) / (Q3 - Q1)', () => {
  // Intervals 1, 2, 3, 10 and 11 seconds: quartiles 2, 3 and 10.
  const scores = beaconScores([0, 1_000, 3_000, 6_000, 16_000, 27_000], same(6, 1), 0)
  assert.ok(Math.abs(scores.skewness - (2 + 10 - 6) / 8) < 1e-9)
  // Distances from the median 3: 0, 1, 2, 7, 8, of which 2 is the median.
  assert.ok(Math.abs(scores.deviation - 2 / 3) < 1e-9)
  assert.ok(Math.abs(scores.timestamp - (0.25 + 1 / 3) / 2) < 1e-9)
})

test('quartiles next to each other are noise, which has no skewness', () => {
  const scores = beaconScores([0, 1_000, 2_010, 3_030, 4_090, 5_100], same(6, 1), 0)
  assert.equal(scores.skewness, 0)
})

test('sizes that are not known are left out of the mean', () => {
  const scores = beaconScores(every(40, 60_000), same(40, Number.NaN), 3_600_000)
  assert.equal(scores.size, null)
  assert.ok(scores.overall > 0.9)
})

test('the histogram of bursts scores nothing, and of a span too short neither', () => {
  const bursts = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) =>
    i % 4 === 0 ? every(5, 10).map((ms) => ms + i * 600_000) : [],
  )
  assert.ok(beaconScores(bursts, same(bursts.length, 1), 0).histogram < 0.2)
  assert.equal(beaconScores(every(6, 60_000), same(6, 1), 0).histogram, 0)
})

test('sixty calls by the clock are as much as an hour, however soon they come', () => {
  const of = (n: number, ms: number) =>
    beaconScores(every(n, ms).slice(-40), same(Math.min(n, 40), 1), (n - 1) * ms)
  assert.equal(of(61, 2_000).duration, 1)
  assert.ok(of(61, 2_000).overall > 0.95)
  assert.equal(of(60, 2_000).duration, 118 / 3_600)
  const uneven = every(61, 2_000).map((ms, i) => ms + (i % 3) * 300)
  assert.equal(beaconScores(uneven, same(61, 1), 120_000).duration, 120 / 3_600)
})

test('a dozen calls by the clock after many others are not many', () => {
  assert.ok(beaconScores(every(12, 2_000), same(12, 1), 600_000).duration < 0.2)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamClock } from './stream-clock.ts'

test('a tick is announced once, at its beginning, however far time jumps', () => {
  const clock = new StreamClock(1_000)
  assert.equal(clock.reaches(1_500), true)
  assert.equal(clock.nowMs, 1_000)
  assert.equal(clock.reaches(1_999.999), false)
  assert.equal(clock.reaches(1_200), false)
  assert.equal(clock.reaches(7_000), true)
  assert.equal(clock.nowMs, 7_000)
})

test('a tick holds its last microsecond and not the next tick, also in this century', () => {
  const clock = new StreamClock(1_000)
  clock.reaches(1_763_000_000_000)
  assert.ok(1_763_000_000_999.999 <= clock.lastOfTickMs)
  assert.ok(1_763_000_001_000 > clock.lastOfTickMs)
})

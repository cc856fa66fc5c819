import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './clock.ts'

test('a manual clock wakes whom it has passed, and nobody else', async () => {
  const clock = new ManualClock(1_000)
  const woken: string[] = []
  const early = clock.sleep(10).then(() => woken.push('early'))
  const late = clock.sleep(20).then(() => woken.push('late'))
  clock.moveBy(10)
  await early
  assert.deepEqual(woken, ['early'])
  assert.equal(clock.nowMs(), 1_010)
  clock.moveBy(10)
  await late
  assert.deepEqual(woken, ['early', 'late'])
})

test('a sleep ends early when its signal aborts', async () => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const sleeping = clock.sleep(10, stop.signal)
  stop.abort(new Error('stopped'))
  await assert.rejects(sleeping, /stopped/)
})

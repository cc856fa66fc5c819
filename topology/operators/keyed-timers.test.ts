import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { firstImpatientMs, nextOf, type Patience, type Timer, timeAfter, withTimer } from './keyed-timers.ts'

const impatient = { isPatient: false }
const patient = { isPatient: true }
const waiting = (everyMs: number): Patience => ({ isPatient: true, everyMs })

const timersOf = (...set: readonly (readonly [dueMs: number, name: string, patience: Patience])[]) =>
  set.reduce<readonly Timer[]>(
    (timers, [dueMs, name, patience]) => withTimer(timers, dueMs, name, patience),
    [],
  )

const told = (timers: readonly Timer[]) =>
  timers.map(
    ({ dueMs, name, isPatient, everyMs }) =>
      `${name}@${dueMs}${isPatient ? ' patient' : ''}${everyMs > 0 ? ` every ${everyMs}` : ''}`,
  )

describe('timers of a key', () => {
  test('stand by due time, equal times by name, in whatever order they were set', () => {
    const set = [
      [30, 'a', impatient],
      [10, 'b', waiting(5)],
      [10, 'a', patient],
      [20, 'c', impatient],
    ] as const
    const expected = ['a@10 patient', 'b@10 patient every 5', 'c@20', 'a@30']
    assert.deepEqual(told(timersOf(...set)), expected)
    assert.deepEqual(told(timersOf(...set.toReversed())), expected)
  })

  test('of one name and time there is one, as impatient as it was ever set', () => {
    assert.deepEqual(told(timersOf([10, 'a', patient], [10, 'a', impatient])), ['a@10'])
    assert.deepEqual(told(timersOf([10, 'a', impatient], [10, 'a', patient])), ['a@10'])
  })

  test('of one name one waits for news, the last that was set, beside those that wait for none', () => {
    const timers = timersOf(
      [10, 'a', waiting(5)],
      [20, 'a', impatient],
      [15, 'b', waiting(5)],
      [20, 'a', waiting(7)],
    )
    assert.deepEqual(told(timers), ['b@15 patient every 5', 'a@20', 'a@20 patient every 7'])
  })

  test('what waits for news is neither the next nor impatient, whatever was said of its patience', () => {
    const timers = timersOf(
      [10, 'a', { isPatient: false, everyMs: 5 }],
      [20, 'b', patient],
      [30, 'c', impatient],
    )
    assert.deepEqual([nextOf(timers)?.name, firstImpatientMs(timers)], ['b', 30])
  })

  test('news wake at the first of the times that is later than what is over', () => {
    const timer = { dueMs: 60, everyMs: 50 }
    const times = [Number.NEGATIVE_INFINITY, 59, 60, 109, 110].map((passedMs) => timeAfter(timer, passedMs))
    assert.deepEqual(times, [60, 60, 110, 110, 160])
  })

  test('what is no moment, and no period, is refused', () => {
    for (const dueMs of [Number.NaN, Number.POSITIVE_INFINITY, 9e15])
      assert.throws(() => timersOf([dueMs, 'a', patient]), RangeError)
    for (const everyMs of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      assert.throws(() => timersOf([10, 'a', waiting(everyMs)]), RangeError)
  })
})

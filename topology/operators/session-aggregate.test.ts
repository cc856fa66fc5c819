import assert from 'node:assert/strict'
import { test } from 'node:test'
import { session } from '../dsl/windows.ts'
import { textCodec } from '../kit/codec.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import { sessionAggregate } from './session-aggregate.ts'

const spec = sessionAggregate<string, string, unknown>({
  name: 'visits',
  windows: session(10, { graceMs: 20 }),
  init: () => '',
  add: (state, value) => [...state, value].sort().join(''),
  combine: (earlier, later) => [...earlier, ...later].sort().join(''),
  codec: textCodec,
  silenceMs: 100,
  maxLiveKeys: 1,
  onResult: ({ window, value }) => `${window.startMs}-${window.endMs} ${value}`,
  onLate: (value) => `late ${value}`,
})

test('records within the gap are one session, told when gap and grace have passed', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', 'x', 0).take('a', 'y', 10).take('a', 'z', 21)
  operator.take('a', 'w', 39.9)
  assert.deepEqual(operator.values(), [])
  operator.take('a', 'v', 40)
  assert.deepEqual(operator.out.splice(0), [
    { key: 'a', value: '0-10 xy', timestampMs: 10, streamTimeMs: 40 },
  ])
  operator.advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), ['21-21 z', '39-40 vw'])
})

test('a record between two sessions makes them one', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', 'x', 0).take('a', 'y', 20).take('a', 'm', 10, 21)
  operator.advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), ['0-20 mxy'])
})

test('a record is late when even the session it would join is over by its own clock', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', 'x', 25).take('a', 'j', 18, 50).take('a', 'l', 5, 50)
  assert.deepEqual(operator.values(), ['late l'])
  assert.equal(operator.late, 1)
  operator.advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), ['18-25 jx'])
})

test('records shuffled within the grace, and restarts, give the same sessions', () => {
  const random = new SeededRandom(3)
  const times = Array.from({ length: 40 }, (_, at) => at * 7 + random.below(9))
  const play = (order: readonly number[], restarts: boolean) => {
    let operator = new OperatorUnderTest(spec)
    const results: unknown[] = []
    let streamTimeMs = 0
    for (const timeMs of order) {
      streamTimeMs = Math.max(streamTimeMs, timeMs)
      operator.take(`k${timeMs % 2}`, 'x', timeMs, streamTimeMs)
      if (!restarts) continue
      results.push(...operator.flush().values())
      operator = new OperatorUnderTest(spec, operator.stores)
    }
    results.push(...operator.advance(Number.POSITIVE_INFINITY).values())
    return results.map(String).sort()
  }
  const expected = play(times, false)
  assert.ok(expected.length > 4)
  for (let round = 0; round < 20; round += 1) {
    const jittered = times.map((timeMs) => ({ timeMs, at: timeMs + random.below(20) }))
    const order = jittered.sort((a, b) => a.at - b.at).map(({ timeMs }) => timeMs)
    assert.deepEqual(play(order, round % 2 === 0), expected)
  }
})

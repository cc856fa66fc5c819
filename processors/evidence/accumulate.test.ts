import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Alert, Evidence, Level } from '@weir/schemas'
import { hours, minutes } from '@weir/topology'
import { OperatorUnderTest, SeededRandom } from '@weir/topology/testing'
import { accumulateStep } from './accumulate.ts'

const window = { startMs: 0, endMs: hours(1) }
const graceMs = hours(8)

function evidence(id: string, changed: Partial<Evidence> = {}): Evidence {
  const tsMs = changed.tsMs ?? minutes(5)
  return {
    id,
    type: 'VERTICAL_PORT_SCAN',
    detector: 'vertical-port-scan',
    detectorVersion: 1,
    level: 'medium',
    confidence: 0.5,
    tsMs,
    observedMs: tsMs + 1,
    site: 'default',
    profile: '10.0.0.5',
    window,
    attacker: { direction: 'src', type: 'ip', value: '10.0.0.5' },
    victim: null,
    src: null,
    dst: null,
    proto: 'tcp',
    uids: [],
    communityId: '',
    techniques: ['T1046'],
    description: '',
    facts: {},
    related: [],
    ...changed,
  }
}

function accumulator(threshold = 0.8) {
  let late = 0
  const operator = new OperatorUnderTest<Evidence, Alert>(
    accumulateStep('accumulate', {
      keyed: { windowMs: hours(1), graceMs, silenceMs: minutes(10), keyTtlMs: hours(36), maxLiveKeys: 10 },
      threshold,
      onLate: () => {
        late += 1
      },
    }),
  )
  return {
    operator,
    get late() {
      return late
    },
    give(item: Evidence) {
      operator.take(`${item.site}|${item.profile}`, item, item.tsMs, item.observedMs)
    },
  }
}

/** The last revision of the only alert, if there is one. */
function lastOf(items: readonly Evidence[], threshold = 0.8): Alert | undefined {
  const bench = accumulator(threshold)
  for (const item of items) bench.give(item)
  bench.operator.advance(Number.POSITIVE_INFINITY)
  const alerts = bench.operator.values()
  assert.ok(new Set(alerts.map(({ id }) => id)).size <= 1, 'more than one alert')
  return alerts.at(-1)
}

describe('evidence of a host in a window', () => {
  test('opens an alert the moment it weighs enough, and no sooner', () => {
    const bench = accumulator()
    bench.give(evidence('a', { level: 'high', confidence: 0.9 }))
    assert.deepEqual(bench.operator.values(), [])
    bench.give(evidence('b', { level: 'low', confidence: 0.4, tsMs: minutes(6) }))
    const [alert, ...more] = bench.operator.values()
    assert.equal(more.length, 0)
    assert.equal(alert?.status, 'open')
    assert.equal(alert?.weight, 0.8)
    assert.equal(alert?.tsMs, minutes(6))
    assert.deepEqual(alert?.evidence, ['a', 'b'])
  })

  test('revises its alert with every piece, and closes it with the window', () => {
    const bench = accumulator(0.4)
    for (const id of ['a', 'b', 'c']) bench.give(evidence(id, { level: 'medium', confidence: 0.5 }))
    bench.operator.advance(Number.POSITIVE_INFINITY)
    const alerts = bench.operator.values()
    assert.deepEqual(
      alerts.map(({ revision, status }) => [revision, status]),
      [
        [2, 'open'],
        [3, 'open'],
        [4, 'closed'],
      ],
    )
    assert.equal(new Set(alerts.map(({ id }) => id)).size, 1)
  })

  test('counts what is info, and what the other end did, for nothing', () => {
    assert.equal(lastOf([evidence('a', { level: 'info', confidence: 1 })], 0.1), undefined)
    const attacked = { direction: 'dst', type: 'ip', value: '10.0.0.5' } as const
    assert.equal(
      lastOf([evidence('a', { level: 'critical', confidence: 1, attacker: attacked })], 0.1),
      undefined,
    )
  })

  test('weighs the same evidence once', () => {
    assert.equal(lastOf([evidence('a'), evidence('a'), evidence('a'), evidence('a')], 0.5), undefined)
  })

  test('of level low adds less than half of what is needed, however often one detector says it', () => {
    const lows = Array.from({ length: 40 }, (_, i) =>
      evidence(`low${i}`, { level: 'low', confidence: 1, tsMs: minutes(i) }),
    )
    assert.equal(lastOf(lows), undefined)
    const two = lows.map((item, i) => (i % 2 === 0 ? item : { ...item, detector: 'other' }))
    assert.equal(lastOf(two), undefined, 'nor two that tell of the same behaviour')
    const three = lows.map((item, i) => ({ ...item, detector: `detector-${i % 3}` }))
    assert.equal(lastOf(three)?.weight, 1.08)
    assert.equal(lastOf(three)?.tsMs, minutes(4), 'when the third detector says it the second time')
  })

  test('of level low is bounded beside what weighs more, also beyond what is listed', () => {
    const items = [
      ...Array.from({ length: 1_500 }, (_, i) =>
        evidence(`low${i}`, { level: 'low', confidence: 0.01, tsMs: minutes(1) + i }),
      ),
      evidence('grave', { level: 'high', confidence: 1, tsMs: minutes(50) }),
    ]
    assert.equal(lastOf(items)?.weight, 1.16)
    assert.equal(lastOf([...items].reverse())?.weight, 1.16)
  })

  test('makes an alert for each window', () => {
    const bench = accumulator(0.2)
    bench.give(evidence('a'))
    bench.give(evidence('b', { tsMs: hours(1), window: { startMs: hours(1), endMs: hours(2) } }))
    bench.operator.advance(Number.POSITIVE_INFINITY)
    const closed = bench.operator.values().filter(({ status }) => status === 'closed')
    assert.deepEqual(
      closed.map(({ window: { startMs } }) => startMs),
      [0, hours(1)],
    )
  })

  test('that comes when its window is over and done is counted', () => {
    const bench = accumulator(0.2)
    bench.give(evidence('a', { observedMs: window.endMs + graceMs }))
    assert.equal(bench.late, 1)
    assert.equal(bench.operator.late, 1, 'of the step as well')
    assert.deepEqual(bench.operator.values(), [])
  })

  test('amounts to the same alert in whatever order it comes', () => {
    const random = new SeededRandom(11)
    const levels: readonly Level[] = ['info', 'low', 'medium', 'high', 'critical']
    for (let round = 0; round < 20; round++) {
      const items = Array.from({ length: 60 }, (_, i) =>
        evidence(`e${i}`, {
          level: levels[random.below(levels.length)] ?? 'low',
          confidence: random.below(10_001) / 10_000,
          tsMs: random.below(hours(1)),
          type: `TYPE_${random.below(4)}`,
          observedMs: hours(1),
        }),
      )
      const expected = lastOf(items)
      assert.ok(expected !== undefined)
      for (let again = 0; again < 3; again++) {
        assert.deepEqual(lastOf(random.shuffled(items)), expected)
      }
    }
  })

  test('beyond what an alert lists is still weighed, in bounded memory and in any order', () => {
    const items = Array.from({ length: 1_500 }, (_, i) =>
      evidence(`e${String(i).padStart(4, '0')}`, {
        tsMs: minutes(1) + i,
        observedMs: hours(1),
        level: 'medium',
        confidence: 0.04,
      }),
    )
    const alert = lastOf(items)
    assert.equal(alert?.evidence.length, 1_000)
    assert.equal(alert?.weight, 30)
    assert.equal(alert?.revision, 1_501)
    assert.deepEqual(lastOf(items.toReversed()), alert)
  })
})

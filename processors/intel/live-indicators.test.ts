import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Indicator, topics } from '@weir/schemas'
import { IndicatorTable } from './indicator-table.ts'
import { LiveIndicators } from './live-indicators.ts'

const listed = (change: Partial<Indicator>): Indicator => ({
  kind: 'ip',
  value: '93.184.216.34',
  feed: 'lab',
  level: 'high',
  confidence: 0.5,
  expiresMs: null,
  description: '',
  tags: [],
  ...change,
})
const keyed = (change: Partial<Indicator> = {}) =>
  [topics.intel.keyOf(listed(change)), listed(change)] as const

function folder(...indicators: readonly Partial<Indicator>[]): IndicatorTable {
  const table = new IndicatorTable()
  for (const each of indicators) table.put(listed(each))
  return table
}

describe('live indicators', () => {
  test('are there as soon as they are put and gone as soon as they are removed', () => {
    const live = new LiveIndicators()
    assert.equal(live.isEmpty, true)
    assert.ok(live.mayGrow && live.isEmpty)
    const [key, indicator] = keyed()
    assert.equal(live.put(key, indicator), true)
    assert.equal(live.address('93.184.216.34', 0)?.level, 'high')
    live.remove(key)
    assert.equal(live.address('93.184.216.34', 0), null)
    assert.equal(live.isEmpty, true)
  })

  test('a value with the separator of keys in it is removed as it was put', () => {
    const live = new LiveIndicators()
    const [key, indicator] = keyed({ kind: 'url', value: 'example.com/a?b=1|2' })
    assert.equal(live.put(key, indicator), true)
    live.remove(key)
    assert.equal(live.isEmpty, true)
  })

  test('what is not canonical, not public, no range, out of bounds or under another key is not taken in', () => {
    const live = new LiveIndicators()
    for (const change of [
      { value: '10.0.0.1' },
      { value: 'HTTP' },
      { value: '093.184.216.34' },
      { value: '93.184.216' },
      { kind: 'domain', value: 'com' },
      { kind: 'domain', value: 'Example.com' },
      { kind: 'range', value: 'nonsense' },
      { kind: 'range', value: '0.0.0.0/0' },
      { confidence: Number.NaN },
    ] as const) {
      const [key, indicator] = keyed(change)
      assert.equal(live.put(key, indicator), false, JSON.stringify(change))
    }
    assert.equal(live.put('another key', listed({})), false)
    assert.equal(live.isEmpty, true)
  })

  test('a folder takes the place of the folder before, and what both list is of all their feeds', () => {
    const live = new LiveIndicators()
    live.useFolder(folder({ feed: 'old' }))
    live.useFolder(
      folder({ feed: 'drop', level: 'low', confidence: 0.9, kind: 'range', value: '93.184.216.0/24' }),
    )
    live.put(...keyed())
    const verdict = live.address('93.184.216.34', 0)
    assert.deepEqual(
      [verdict?.kind, verdict?.value, verdict?.level, verdict?.confidence, verdict?.feeds],
      ['ip', '93.184.216.34', 'high', 0.9, ['drop', 'lab']],
    )
    live.clearTopic()
    assert.deepEqual(live.address('93.184.216.34', 0)?.feeds, ['drop'])
  })

  test('of two listed names the longer one counts', () => {
    const live = new LiveIndicators()
    live.useFolder(folder({ kind: 'domain', value: 'example.com', level: 'critical' }))
    live.put(...keyed({ kind: 'domain', value: 'b.example.com', level: 'low' }))
    assert.equal(live.domain('a.b.example.com', 0)?.level, 'low')
    assert.equal(live.domain('c.example.com', 0)?.level, 'critical')
  })
})

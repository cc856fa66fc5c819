import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Indicator } from '@weir/schemas'
import { IndicatorTable } from './indicator-table.ts'

const nowMs = Date.UTC(2026, 0, 5, 10)

function indicator(given: Partial<Indicator>): Indicator {
  return {
    kind: 'ip',
    value: '93.184.216.34',
    feed: 'one',
    level: 'medium',
    confidence: 1,
    expiresMs: null,
    description: '',
    tags: [],
    ...given,
  }
}

function tableOf(...given: Partial<Indicator>[]): IndicatorTable {
  const table = new IndicatorTable()
  for (const each of given) table.put(indicator(each))
  return table
}

describe('addresses', () => {
  test('nothing is found in an empty table', () => {
    const table = new IndicatorTable()
    assert.ok(table.isEmpty)
    assert.equal(table.address('93.184.216.34', nowMs), null)
    assert.equal(table.domain('evil.example', nowMs), null)
  })

  test('neighbours of a listed address and of a range are not listed', () => {
    const table = tableOf(
      {},
      { kind: 'range', value: '44.4.4.0/24' },
      { kind: 'range', value: '2a00:1450::/32' },
    )
    for (const ip of ['93.184.216.35', '44.4.5.0', '44.4.3.255', '2a00:1451::', 'evil', '']) {
      assert.equal(table.address(ip, nowMs), null, ip)
    }
  })

  test('no address of the house is listed, whatever range is put around it', () => {
    const table = tableOf({ kind: 'range', value: '192.128.0.0/9' }, { value: '10.0.0.1' })
    assert.equal(table.address('192.168.1.1', nowMs), null)
    assert.equal(table.address('10.0.0.1', nowMs), null)
    assert.notEqual(table.address('192.200.0.1', nowMs), null)
  })

  test('an address and the ranges around it are one verdict: the gravest level, all feeds and tags', () => {
    const table = tableOf(
      { kind: 'range', value: '93.184.0.0/16', feed: 'two', level: 'high', confidence: 0.4, tags: ['b'] },
      {
        kind: 'range',
        value: '93.184.216.0/24',
        feed: 'three',
        level: 'low',
        tags: ['a'],
        description: 'C2',
      },
      { level: 'info', confidence: 0.7 },
    )
    assert.deepEqual(table.address('93.184.216.34', nowMs), {
      kind: 'ip',
      value: '93.184.216.34',
      level: 'high',
      confidence: 1,
      feeds: ['one', 'three', 'two'],
      tags: ['a', 'b'],
      description: 'C2',
    })
    assert.equal(table.address('93.184.216.35', nowMs)?.value, '93.184.216.0/24')
    assert.equal(table.address('93.184.7.7', nowMs)?.value, '93.184.0.0/16')
  })

  test('IPv6 ranges are found', () => {
    const table = tableOf({ kind: 'range', value: '2a00:1450::/32' })
    assert.equal(table.address('2a00:1450:4001::7', nowMs)?.value, '2a00:1450::/32')
  })
})

describe('names', () => {
  test('the longest listed name wins', () => {
    const table = tableOf(
      { kind: 'domain', value: 'example.com', feed: 'wide' },
      { kind: 'domain', value: 'b.example.com', feed: 'near' },
    )
    assert.deepEqual(table.domain('a.b.example.com', nowMs)?.feeds, ['near'])
    assert.equal(table.domain('a.b.example.com', nowMs)?.value, 'b.example.com')
    assert.deepEqual(table.domain('c.example.com', nowMs)?.feeds, ['wide'])
  })

  test('a name that only ends alike is not listed', () => {
    const table = tableOf({ kind: 'domain', value: 'b.example.com' })
    for (const name of ['example.com', 'bb.example.com', 'b.example.com.net', 'com']) {
      assert.equal(table.domain(name, nowMs), null, name)
    }
  })
})

describe('life of an indicator', () => {
  test('texts that nobody says any more are forgotten, and their numbers mean what was said since', () => {
    const table = tableOf({ description: 'old', tags: ['a'] }, { value: '44.4.4.4', description: 'old' })
    table.put(indicator({ description: 'new', tags: ['b'] }))
    table.remove('ip', '44.4.4.4', 'one')
    table.put(indicator({ value: '44.4.4.5', description: 'third', feed: 'two' }))
    assert.deepEqual(
      [table.address('93.184.216.34', nowMs), table.address('44.4.4.5', nowMs)].map((verdict) => [
        verdict?.description,
        verdict?.tags,
        verdict?.feeds,
      ]),
      [
        ['new', ['b'], ['one']],
        ['third', [], ['two']],
      ],
    )
  })

  test('what has expired by the time of the record is not told of, and other feeds still are', () => {
    const table = tableOf({ expiresMs: nowMs }, { feed: 'two', expiresMs: nowMs + 1, level: 'low' })
    assert.deepEqual(table.address('93.184.216.34', nowMs)?.feeds, ['two'])
    assert.equal(table.address('93.184.216.34', nowMs)?.level, 'low')
    assert.equal(table.address('93.184.216.34', nowMs - 1)?.level, 'medium')
    assert.equal(table.address('93.184.216.34', nowMs + 1), null)
  })

  test('a listed name that has expired gives way to the one above it', () => {
    const table = tableOf(
      { kind: 'domain', value: 'a.example.com', expiresMs: nowMs },
      { kind: 'domain', value: 'example.com' },
    )
    assert.equal(table.domain('a.example.com', nowMs)?.value, 'example.com')
  })

  test('removing what one feed says keeps what the other says', () => {
    const table = tableOf({ level: 'low' }, { feed: 'two', level: 'high' })
    assert.equal(table.address('93.184.216.34', nowMs)?.level, 'high')
    assert.ok(table.remove('ip', '93.184.216.34', 'two'))
    assert.ok(!table.remove('ip', '93.184.216.34', 'two'))
    assert.deepEqual(table.address('93.184.216.34', nowMs)?.feeds, ['one'])
    assert.equal(table.address('93.184.216.34', nowMs)?.level, 'low')
    assert.ok(table.remove('ip', '93.184.216.34', 'one'))
    assert.ok(table.isEmpty)
    assert.equal(table.address('93.184.216.34', nowMs), null)
  })

  test('a range that was added last matches the next address, and not the one after its removal', () => {
    const table = tableOf({})
    table.put(indicator({ kind: 'range', value: '44.0.0.0/7' }))
    assert.notEqual(table.address('45.1.1.1', nowMs), null)
    table.remove('range', '44.0.0.0/7', 'one')
    assert.equal(table.address('45.1.1.1', nowMs), null)
  })

  test('the same word of the same feed again replaces the former', () => {
    const table = tableOf({ level: 'high', tags: ['old'] }, { level: 'low' })
    assert.equal(table.size, 1)
    assert.equal(table.address('93.184.216.34', nowMs)?.level, 'low')
    assert.deepEqual(table.address('93.184.216.34', nowMs)?.tags, [])
  })

  test('room of what was removed is used again', () => {
    const table = new IndicatorTable()
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 3_000; i += 1) table.put(indicator({ kind: 'domain', value: `d${i}.example` }))
      for (let i = 0; i < 3_000; i += 2) table.remove('domain', `d${i}.example`, 'one')
    }
    assert.equal(table.size, 1_500)
    assert.equal(table.domain('d2.example', nowMs), null)
    assert.equal(table.domain('d3.example', nowMs)?.value, 'd3.example')
  })
})

test('fingerprints of clients and of servers are two tables', () => {
  const table = tableOf({ kind: 'ja3', value: 'a'.repeat(32) })
  assert.notEqual(table.exact('ja3', 'a'.repeat(32), nowMs), null)
  assert.equal(table.exact('ja3s', 'a'.repeat(32), nowMs), null)
  assert.equal(table.exact('ja3', '', nowMs), null)
})

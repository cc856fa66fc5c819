import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clock, decimal, lasting, plural, span } from './numbers.ts'

const at = (text: string): number => Date.parse(`${text}Z`)

describe('a span of time', () => {
  test('has the day only when it is asked for or when there are two', () => {
    const [from, to] = [at('2024-05-13T08:00'), at('2024-05-13T09:00')]
    assert.equal(span(from, to, false), '08:00 to 09:00')
    assert.equal(span(from, to, true), '2024-05-13 08:00 to 09:00')
    assert.equal(span(from, at('2024-05-14T09:00'), false), '2024-05-13 08:00 to 2024-05-14 09:00')
  })

  test('ends its day at midnight', () => {
    assert.equal(span(at('2024-05-13T23:00'), at('2024-05-14T00:00'), false), '23:00 to 24:00')
    assert.equal(span(at('2024-05-13T00:00'), at('2024-05-14T00:00'), true), '2024-05-13 00:00 to 24:00')
  })

  test('has seconds where they are not zero', () => {
    assert.equal(clock(at('2024-05-13T08:01:30')), '08:01:30')
  })

  test('of times no calendar has does not throw', () => {
    assert.match(span(-1e18, 1e18, true), /^1970-01-01 \S+ to 9999-12-31 \S+$/)
  })
})

test('a duration is told in its two largest units', () => {
  const told = [0, 400, 59_000, 60_000, 3_599_000, 3_600_000, 4_320_000, 86_400_000, 100_800_000]
  assert.deepEqual(told.map(lasting), [
    '0 s',
    '0 s',
    '59 s',
    '1 min',
    '1 h',
    '1 h',
    '1 h 12 min',
    '1 d',
    '1 d 4 h',
  ])
})

test('numbers lose their idle zeros, nouns their s', () => {
  assert.deepEqual([1, 1.5, 0.125, 20].map(decimal), ['1', '1.5', '0.13', '20'])
  assert.deepEqual([plural(1, 'alert'), plural(1200, 'alert')], ['1 alert', '1,200 alerts'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { damaged } from './zeek-fields.ts'
import {
  countBetween,
  durationBetween,
  durationOfSeconds,
  numberBetween,
  portBetween,
} from './zeek-numbers.ts'

const whole = <T>(read: (text: string, from: number, to: number) => T, text: string): T =>
  read(`\t${text}\t`, 1, 1 + text.length)

test('a count is exact or damaged', () => {
  assert.equal(whole(countBetween, '0'), 0)
  assert.equal(whole(countBetween, '9007199254740991'), Number.MAX_SAFE_INTEGER)
  for (const text of [
    '',
    '-1',
    '+1',
    '1.0',
    '1e3',
    ' 1',
    '0x1',
    '9007199254740992',
    '18446744073709551615',
    '1\0',
  ]) {
    assert.equal(whole(countBetween, text), damaged, text)
  }
})

test('a port is 0 to 65535 or damaged', () => {
  assert.equal(whole(portBetween, '0'), 0)
  assert.equal(whole(portBetween, '65535'), 65_535)
  for (const text of ['', '65536', '000080', '-1', '80/tcp'])
    assert.equal(whole(portBetween, text), damaged, text)
})

test('a duration is whole microseconds, 0 when negative, damaged when it is no number', () => {
  const durations: [string, number][] = [
    ['1.500000', 1500],
    ['0.000001', 0.001],
    ['86400.123456', 86_400_123_456 / 1000],
    ['123456789.123456', 123_456_789_123_456 / 1000],
    ['3', 3000],
    ['3.', 3000],
    ['1.5', 1500],
    ['1.0000004', 1000],
    ['1.2e-05', 0.012],
    ['-0.000123', 0],
    ['1234567890123', damaged],
    ['', damaged],
    ['.5', damaged],
    ['1.00000x', damaged],
    ['NaN', damaged],
    ['1e999', damaged],
  ]
  for (const [text, ms] of durations) assert.equal(whole(durationBetween, text), ms, text)
  assert.equal(durationOfSeconds(Number.NaN), damaged)
  assert.equal(durationOfSeconds(0.0121669769), 12.167)
  assert.ok(Object.is(durationOfSeconds(-0), 0))
})

test('a number is the double that its text names', () => {
  for (const text of [
    '36.000000',
    '0.100000',
    '123456789.123457',
    '4.294967e+09',
    '-1.5',
    '7',
    '999999999.999999',
  ]) {
    assert.equal(whole(numberBetween, text), Number(text), text)
  }
  for (const text of ['', '-', 'x', '1.00000x', 'Infinity', '0x10', '1 2']) {
    assert.ok(Number.isNaN(whole(numberBetween, text)), text)
  }
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { durationMsOf, parseTime, timeBetween, timeOfNumber } from './time.ts'

const utc = (text: string) => parseTime(text, 0)

describe('parseTime', () => {
  test('epoch seconds keep every microsecond', () => {
    assert.equal(utc('1617181819.123456'), 1617181819123456 / 1000)
    assert.equal(utc('1617181819.000001'), 1617181819000001 / 1000)
    assert.equal(utc('1617181819'), 1617181819000)
    assert.equal(utc('1617181819.'), 1617181819000)
    assert.equal(utc('1617181819.5'), 1617181819500)
    assert.equal(utc('0'), 0)
    assert.equal(utc('1.5e9'), 1_500_000_000_000)
  })

  test('the seventh digit of a fraction rounds, those after it count for nothing', () => {
    assert.equal(utc('1.1234564999'), 1123456 / 1000)
    assert.equal(utc('1.1234567'), 1123457 / 1000)
    assert.equal(utc('1.9999999'), 2000)
  })

  test('numbers over 3e11 are milliseconds', () => {
    assert.equal(utc('1617181819123'), 1617181819123)
    assert.equal(utc('1617181819123.456'), 1617181819123456 / 1000)
  })

  test('calendar forms are read in their own zone', () => {
    const expected = Date.UTC(2019, 3, 4, 16, 23, 0) + 325.01
    for (const text of [
      '2019-04-04T16:23:00.325010Z',
      '2019-04-04T18:23:00.325010+02:00',
      '2019-04-04T18:23:00.325010+0200',
      '2019-04-04T18:23:00.325010+02',
      '2019-04-04T10:53:00.325010-05:30',
      '2019-04-04t16:23:00.325010z',
      '2019-04-04 18:23:00.325010+0200',
      '2019/04/04 18:23:00.325010 +0200',
    ]) {
      assert.equal(utc(text), expected, text)
      assert.equal(parseTime(text, 60), expected, `${text} under another default`)
    }
  })

  test('calendar forms without a zone take the one given', () => {
    const expected = Date.UTC(2019, 3, 4, 16, 23, 0)
    for (const text of [
      '2019-04-04T16:23:00',
      '2019-04-04 16:23:00',
      '2019-04-04 16:23:00.000',
      '2019/04/04 16:23:00.000000',
      '2019/04/04 16:23:00',
      '2019/04/04-16:23:00',
      '2019/4/4 16:23:00',
    ]) {
      assert.equal(utc(text), expected, text)
      assert.equal(parseTime(text, 120), expected - 7_200_000, text)
    }
  })

  test('what is no time is null', () => {
    for (const text of [
      '',
      '-',
      'x',
      '-1',
      '-0.5',
      '+5',
      '1.2.3',
      '1,5',
      ' 5',
      '5 ',
      'NaN',
      'Infinity',
      '1e400',
      '0x10',
      '1e-',
      '2019-13-01T00:00:00Z',
      '2019-02-29T00:00:00Z',
      '2019-04-04T24:00:00Z',
      '2019-04-04T00:60:00Z',
      '2019-04-04T00:00:61Z',
      '2019-04/04 00:00:00',
      '2019-04-04',
      '2019-04-04T00:00:00+02:99',
      '1900-01-00T00:00:00.000000+0000',
      '1\0',
      '9'.repeat(1000),
    ]) {
      assert.equal(utc(text), null, text)
    }
  })

  test('1970 is the first year and 2099 the last', () => {
    assert.equal(utc('1969-12-31T23:59:59Z'), null)
    assert.equal(utc('1970-01-01T00:00:00Z'), 0)
    assert.equal(utc('2099-12-31T23:59:59.999999Z'), (4_102_444_800_000_000 - 1) / 1000)
    assert.equal(utc('2100-01-01T00:00:00Z'), null)
    assert.equal(utc('9999-12-31T23:59:59Z'), null)
    assert.equal(utc('4102444799.999999'), (4_102_444_800_000_000 - 1) / 1000)
    assert.equal(utc('4102444800'), null)
    assert.equal(utc('253402300799000'), null)
    assert.equal(utc('253402300799'), null)
    assert.equal(utc('253402300799.999999'), null)
  })

  test('a leap day and a leap second are times', () => {
    assert.equal(utc('2020-02-29T00:00:00Z'), Date.UTC(2020, 1, 29))
    assert.equal(utc('2016-12-31T23:59:60Z'), Date.UTC(2017, 0, 1))
  })
})

test('a time is read from the middle of a line', () => {
  assert.equal(timeBetween('a\t1.5\tb', 2, 5, 0), 1500)
  assert.equal(timeBetween('a\t2019-04-04T16:23:00Z\tb', 2, 22, 0), Date.UTC(2019, 3, 4, 16, 23))
})

test('a number gives the same time as its text', () => {
  for (const text of [
    '1617181819.123456',
    '1617181819.999999',
    '0.000001',
    '1617181819123',
    '4102444799.999999',
  ]) {
    assert.equal(timeOfNumber(Number(text)), utc(text), text)
  }
  for (const value of [-1, -1e-3, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 4_102_444_800]) {
    assert.equal(timeOfNumber(value), null)
  }
  assert.ok(Object.is(timeOfNumber(-0), 0))
})

test('a duration is whole microseconds, and a negative one is none', () => {
  assert.equal(durationMsOf(0.1), 100)
  assert.equal(durationMsOf(0.0279474), 27947 / 1000)
  assert.equal(durationMsOf(-0.5), null)
  assert.equal(durationMsOf(Number.NaN), null)
})

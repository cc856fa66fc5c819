import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addToSeries,
  countOf,
  emptySeriesTable,
  forgetSilent,
  lastedMs,
  MAX_AGAIN,
  MAX_KEPT,
  type SeriesTable,
  sentOf,
  timesOf,
} from './contact-series.ts'
import { sizeOfMap, valueUnder } from './small-map.ts'

const contact = (tsMs: number, port = 0, lastsMs = 0) => ({
  tsMs,
  sent: 100,
  dstIp: '93.184.216.34',
  port,
  lastsMs,
})

const seriesOf = (table: SeriesTable, name = 'a') => valueUnder(table.again, name)

function times(table: SeriesTable): readonly number[] {
  const series = seriesOf(table)
  return series === undefined ? [] : timesOf(series)
}

test('a destination is a series from its second contact on', () => {
  const table = emptySeriesTable()
  assert.equal(addToSeries(table, 'a', contact(0)), undefined)
  addToSeries(table, 'a', contact(60_000))
  assert.deepEqual(times(table), [0, 60_000])
})

test('contacts stand in the order of time, whatever the order in which they are told', () => {
  const table = emptySeriesTable()
  for (const at of [0, 120_000, 60_000, 240_000, 180_000]) addToSeries(table, 'a', contact(at))
  assert.deepEqual(times(table), [0, 60_000, 120_000, 180_000, 240_000])
})

test('what begins within a second is one contact', () => {
  const table = emptySeriesTable()
  for (const at of [0, 300, 60_000, 60_900]) addToSeries(table, 'a', contact(at))
  assert.deepEqual(times(table), [0, 60_000])
})

test('a connection without a beginning is one contact for as long as its port is told of', () => {
  const table = emptySeriesTable()
  addToSeries(table, 'a', contact(0, 50_000))
  for (const at of [60_000, 120_000, 1_900_000]) addToSeries(table, 'a', contact(at, 50_000), 'rest')
  assert.equal(seriesOf(table), undefined)
  addToSeries(table, 'a', contact(1_960_000, 50_001))
  assert.deepEqual(times(table), [0, 1_960_000])
})

test('a connection of its own is a contact, from whatever port', () => {
  const table = emptySeriesTable()
  for (const at of [0, 60_000, 120_000]) addToSeries(table, 'a', contact(at, 50_000), 'never')
  assert.deepEqual(times(table), [0, 60_000, 120_000])
})

test('a SYN repeated is one contact, for as long as systems repeat it', () => {
  const table = emptySeriesTable()
  for (const at of [0, 15_000, 63_000, 127_000]) addToSeries(table, 'a', contact(at, 50_000), 'retry')
  assert.equal(seriesOf(table), undefined)
  for (const at of [180_000, 240_000, 300_000, 360_000]) {
    addToSeries(table, 'a', contact(at, 50_000), 'retry')
  }
  assert.deepEqual(times(table), [0, 180_000, 360_000])
})

test('where nothing tells of the beginning, pieces that touch are one contact', () => {
  const table = emptySeriesTable()
  for (const at of [0, 60_000, 120_000]) addToSeries(table, 'a', contact(at, 50_000, 59_000), 'touching')
  assert.equal(seriesOf(table), undefined)
  addToSeries(table, 'a', contact(240_000, 50_000), 'touching')
  assert.deepEqual(times(table), [0, 240_000])
})

test('only the latest contacts are kept, and all are counted', () => {
  const table = emptySeriesTable()
  for (let i = 0; i < 100; i += 1) addToSeries(table, 'a', contact(i * 60_000))
  const series = seriesOf(table)
  assert.ok(series !== undefined)
  assert.equal(countOf(series), MAX_KEPT)
  assert.deepEqual(timesOf(series, 2), [98 * 60_000, 99 * 60_000])
  assert.deepEqual(sentOf(series), new Array(MAX_KEPT).fill(100))
  assert.equal(series.total, 100)
  assert.equal(lastedMs(series), 99 * 60_000)
})

test('silence ends a stretch', () => {
  const table = emptySeriesTable()
  for (let i = 0; i < 100; i += 1) addToSeries(table, 'a', contact(i * 60_000 + (i < 50 ? 0 : 7_200_000)))
  const series = seriesOf(table)
  assert.ok(series !== undefined)
  assert.equal(lastedMs(series), 49 * 60_000)
})

test('a flood of destinations pushes out none that is heard of again', () => {
  const table = emptySeriesTable()
  for (let i = 0; i < 5_000; i += 1) {
    addToSeries(table, `flood-${i}`, contact(i * 1_000))
    if (i % 60 === 0) addToSeries(table, 'a', contact(i * 1_000))
  }
  assert.equal(seriesOf(table)?.total, 84)
  for (let i = 0; i < 1_000; i += 1) {
    for (const at of [0, 60_000]) addToSeries(table, `pair-${i}`, contact(at))
  }
  assert.ok(sizeOfMap(table.again) <= MAX_AGAIN)
  assert.notEqual(seriesOf(table), undefined, 'many contacts are worth more than a pair')
})

test('even contacts stay where uneven ones must go, however lately those were heard of', () => {
  const table = emptySeriesTable()
  for (let i = 0; i < 20; i += 1) {
    addToSeries(table, 'even', contact(i * 600_000))
    for (let k = 0; i >= 6 && k < 400; k += 1) {
      addToSeries(table, `uneven-${k}`, contact(i * 600_000 + ((i * i * 7_919 + k * 104_729) % 500_000)))
    }
  }
  assert.equal(seriesOf(table, 'even')?.total, 20)
})

test('what was silent is forgotten', () => {
  const table = emptySeriesTable()
  for (const at of [0, 60_000]) addToSeries(table, 'a', contact(at))
  addToSeries(table, 'b', contact(30_000))
  assert.equal(forgetSilent(table, 30_000), 60_000)
  assert.equal(table.once, null)
  assert.equal(forgetSilent(table, 60_000), null)
})

test('a stretch goes back to the first contact told of, though an earlier one was told of since', () => {
  const table = emptySeriesTable()
  for (const at of [60_000, 120_000, 0]) addToSeries(table, 'a', contact(at))
  for (let i = 3; i < 100; i += 1) addToSeries(table, 'a', contact(i * 60_000))
  const series = seriesOf(table)
  assert.ok(series !== undefined)
  assert.equal(lastedMs(series), 98 * 60_000)
})

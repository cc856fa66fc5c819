import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { tumbling } from '../dsl/windows.ts'
import { jsonCodec, numberCodec, textCodec } from '../kit/codec.ts'
import type { Topic } from '../plan/topic.ts'
import { TopologyDriver } from './topology-driver.ts'

const words: Topic<string> = { name: 'words', codec: textCodec }
const colours: Topic<string> = { name: 'colours', codec: textCodec }
const counts: Topic<number> = { name: 'counts', codec: numberCodec }
const lates: Topic<string> = { name: 'lates', codec: textCodec }

test('records come out in the call that piped one in, over internal topics too', () => {
  const builder = new TopologyBuilder('t')
  builder
    .stream(words)
    .groupBy('by-word', (word) => word)
    .count('counts')
    .to(counts)
  const driver = new TopologyDriver(builder.build())
  driver.pipe(words, 'x', 'hello', 1)
  driver.pipe(words, 'y', 'hello', 2)
  assert.deepEqual(driver.read(counts), [
    { key: 'hello', value: 1, timestampMs: 1, streamTimeMs: 1 },
    { key: 'hello', value: 2, timestampMs: 2, streamTimeMs: 2 },
  ])
  assert.deepEqual(driver.read(counts), [])
  assert.deepEqual(numberCodec.decode(driver.store('counts').get('hello') ?? new Uint8Array()), 2)
})

test('windows close when time is moved by hand or the input ends, and late records come out beside', () => {
  const builder = new TopologyBuilder('t')
  const { results, late } = builder
    .stream(words)
    .groupByKey()
    .windowedBy(tumbling(10))
    .aggregateWithLate('sums', {
      init: () => 0,
      add: (sum, word) => sum + word.length,
      codec: numberCodec,
      silenceMs: 5,
    })
  results.mapValues(({ value }) => value).to(counts)
  late.to(lates)
  const driver = new TopologyDriver(builder.build())
  driver.pipe(words, 'x', 'hello', 1)
  driver.pipe(words, 'x', 'late', 2, 10)
  assert.deepEqual(
    driver.read(counts).map(({ value }) => value),
    [5],
  )
  assert.deepEqual(
    driver.read(lates).map(({ value }) => value),
    ['late'],
  )
  assert.equal(driver.late('sums'), 1)
  driver.pipe(words, 'y', 'hi', 11)
  driver.advanceTo(24)
  assert.deepEqual(driver.read(counts), [])
  driver.advanceTo(25)
  assert.equal(driver.read(counts).length, 1)
  driver.pipe(words, 'y', 'end', 31)
  driver.finish()
  assert.equal(driver.read(counts).length, 1)
})

test('a join sees the table as it is when its record comes', () => {
  const builder = new TopologyBuilder('t')
  const table = builder.table(colours).filter((colour) => colour !== 'secret')
  builder
    .stream(words)
    .leftJoinTable(
      table.mapValues((colour) => colour.toUpperCase()),
      (word, colour) => `${word} ${colour ?? 'plain'}`,
    )
    .to(lates)
  const driver = new TopologyDriver(builder.build())
  driver.pipe(words, 'k', 'a', 1)
  driver.pipe(colours, 'k', 'red', 2)
  driver.pipe(words, 'k', 'b', 3)
  driver.pipe(colours, 'k', 'secret', 4)
  driver.pipe(words, 'k', 'c', 5)
  driver.pipeBytes('colours', 'k', null, 6)
  driver.pipe(words, 'k', 'd', 7)
  assert.deepEqual(
    driver.read(lates).map(({ value }) => value),
    ['a plain', 'b RED', 'c plain', 'd plain'],
  )
})

test('two streams join within reach', () => {
  const builder = new TopologyBuilder('t')
  builder
    .stream(words)
    .join('pairs', builder.stream(colours), { withinMs: 5, join: (word, colour) => `${colour} ${word}` })
    .to(lates)
  const driver = new TopologyDriver(builder.build())
  driver.pipe(words, 'k', 'hat', 1)
  driver.pipe(colours, 'k', 'red', 6)
  driver.pipe(colours, 'k', 'blue', 7)
  assert.deepEqual(
    driver.read(lates).map(({ value }) => value),
    ['red hat'],
  )
})

test('what cannot be decoded is set aside with its place, reason and bytes, and the rest goes on', () => {
  const checked: Topic<string> = {
    name: 'words',
    codec: jsonCodec((value) => {
      if (typeof value !== 'string') throw new TypeError('not a word')
      return value
    }),
  }
  const builder = new TopologyBuilder('t')
  builder.stream(checked).to(lates)
  const driver = new TopologyDriver(builder.build())
  driver.pipe(checked, 'k', 'good', 1)
  driver.pipeBytes('words', 'k', textCodec.encode('17'), 2)
  driver.pipeBytes('words', 'k', null, 3)
  driver.pipe(checked, 'k', 'better', 4)
  assert.equal(driver.read(lates).length, 2)
  const [letter, ...others] = driver.deadLetters()
  assert.equal(others.length, 0)
  assert.deepEqual(
    [letter?.topic, letter?.partition, letter?.offset, letter?.reason, letter?.record.value],
    ['words', 0, 1, 'not a word', textCodec.encode('17')],
  )
})

test("a clock that the values carry takes the place of the records' own", () => {
  const builder = new TopologyBuilder('t')
  builder
    .stream(counts, { streamTime: (seenMs) => seenMs })
    .groupByKey()
    .windowedBy(tumbling(10))
    .count('n')
    .mapValues(({ value }) => value)
    .to({ ...counts, name: 'out' })
  const driver = new TopologyDriver(builder.build())
  driver.pipe(counts, 'k', 9, 1)
  driver.pipe(counts, 'k', 10, 2)
  assert.equal(driver.late('n'), 1)
})

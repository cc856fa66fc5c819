import assert from 'node:assert/strict'
import { test } from 'node:test'
import { murmur2 } from './murmur2.ts'
import { Partitioner } from './partitioner.ts'

/** From the unit test of Kafka's Java client (`UtilsTest.testMurmur2`). */
const vectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
]

test('murmur2 gives what the Java client gives', () => {
  for (const [text, hash] of vectors) assert.equal(murmur2(new TextEncoder().encode(text)), hash, text)
  assert.equal(murmur2(new Uint8Array([0x61, 0x62, 0x63])), 479470107)
})

test('keys are placed by the hash without its sign bit', () => {
  const partitioner = new Partitioner(12)
  for (const [text, hash] of vectors) assert.equal(partitioner.partitionOf(text), (hash & 0x7fffffff) % 12)
  assert.equal(partitioner.partitionOf('foobar'), (-790332482 & 0x7fffffff) % 12)
})

test('a key longer than the scratch buffer is hashed whole', () => {
  const partitioner = new Partitioner(1000)
  const long = 'ü'.repeat(400)
  const expected = (murmur2(new TextEncoder().encode(long)) & 0x7fffffff) % 1000
  assert.equal(partitioner.partitionOf(long), expected)
})

test('one partition takes every key', () => {
  assert.equal(new Partitioner(1).partitionOf('anything'), 0)
})

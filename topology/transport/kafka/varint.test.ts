import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VarintReader, varintSize, writeVarint } from './varint.ts'

const values = [
  0,
  -1,
  1,
  63,
  -64,
  64,
  -65,
  2 ** 30 - 1,
  2 ** 30,
  -(2 ** 30),
  -(2 ** 30) - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 31 + 1,
  2 ** 41 + 12_345,
  -(2 ** 41) - 7,
  2 ** 51,
]

test('every number comes back, and takes the room it was said to take', () => {
  const bytes = Buffer.alloc(32)
  for (const value of values) {
    const end = writeVarint(bytes, 3, value)
    assert.equal(end - 3, varintSize(value), String(value))
    const reader = new VarintReader(bytes.subarray(0, end), 3)
    assert.equal(reader.next(), value)
    assert.equal(reader.at, end)
  }
})

test('the bytes are those of the protocol', () => {
  const bytes = Buffer.alloc(8)
  assert.deepEqual([...bytes.subarray(0, writeVarint(bytes, 0, -1))], [1])
  assert.deepEqual([...bytes.subarray(0, writeVarint(bytes, 0, 300))], [0xd8, 0x04])
  // 2^31 milliseconds, 24.9 days: zig-zag 2^32.
  assert.deepEqual([...bytes.subarray(0, writeVarint(bytes, 0, 2 ** 31))], [0x80, 0x80, 0x80, 0x80, 0x10])
})

test('a number without end is refused', () => {
  assert.throws(() => new VarintReader(Buffer.from([0x80, 0x80]), 0).next(), RangeError)
  assert.throws(() => new VarintReader(Buffer.alloc(16, 0x80), 0).next(), RangeError)
})

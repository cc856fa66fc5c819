import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonCodec, numberCodec, textCodec } from './codec.ts'

test('values come back from their bytes', () => {
  for (const value of ['', 'ü😀', 'a\u0000b']) assert.equal(textCodec.decode(textCodec.encode(value)), value)
  for (const value of [0, -1.5, 2 ** 53, Number.NEGATIVE_INFINITY]) {
    assert.equal(numberCodec.decode(numberCodec.encode(value)), value)
  }
})

test('bytes that are not a value are refused', () => {
  const positive = jsonCodec((value) => {
    if (typeof value !== 'number' || value <= 0) throw new TypeError('not a positive number')
    return value
  })
  assert.equal(positive.decode(positive.encode(3)), 3)
  assert.throws(() => positive.decode(textCodec.encode('-1')), TypeError)
  assert.throws(() => positive.decode(textCodec.encode('{')))
  assert.throws(() => textCodec.decode(new Uint8Array([0xff])))
  assert.throws(() => numberCodec.decode(new Uint8Array(7)), RangeError)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeededRandom } from '../testing/seeded-random.ts'
import { ByteMap } from './byte-map.ts'

const filled = (length: number, by: number) => new Uint8Array(length).fill(by)
const bytesOf = (value: Uint8Array | null | undefined) => (value ? [...value] : value)

test('what was never written is not known, and what has no value is known to have none', () => {
  const map = new ByteMap()
  assert.equal(map.get('a'), undefined)
  map.set('a', null)
  assert.equal(map.get('a'), null)
  assert.equal(map.size, 1)
  assert.equal(map.delete('a'), true)
  assert.equal(map.delete('a'), false)
  assert.equal(map.get('a'), undefined)
})

test('values of all lengths, also none, come back as they were', () => {
  const map = new ByteMap()
  const lengths = [0, 1, 11, 12, 13, 28, 124, 125, 4_091, 4_092, 65_531, 65_532, 65_533, 300_000]
  for (const length of lengths) map.set(`${length}`, filled(length, length % 251))
  for (const length of lengths) {
    assert.deepEqual(Buffer.compare(map.get(`${length}`) ?? filled(1, 0), filled(length, length % 251)), 0)
  }
})

test('what is given and what is got are copies', () => {
  const map = new ByteMap()
  const value = filled(3, 1)
  map.set('a', value)
  value.fill(2)
  const got = map.get('a')
  assert.deepEqual(bytesOf(got), [1, 1, 1])
  map.set('a', filled(3, 3))
  assert.deepEqual(bytesOf(got), [1, 1, 1])
  for (const large of [filled(100_000, 1), Buffer.alloc(100_000, 1)]) {
    map.set('large', large)
    large.fill(8)
    map.get('large')?.fill(9)
    assert.equal(map.get('large')?.[0], 1)
  }
})

test('however values change their length, no two keys share their bytes', () => {
  const random = new SeededRandom(7)
  const map = new ByteMap()
  const told = new Map<string, Uint8Array | null>()
  for (let i = 0; i < 20_000; i += 1) {
    const key = `k${random.below(300)}`
    const kind = random.below(20)
    if (kind === 0) {
      assert.equal(map.delete(key), told.delete(key))
    } else {
      const length = kind === 1 ? 60_000 + random.below(10_000) : random.below(900)
      const value = kind === 2 ? null : filled(length, i % 256)
      map.set(key, value)
      told.set(key, value)
    }
    if (i % 7_000 === 6_999) {
      map.clear()
      told.clear()
    }
  }
  assert.equal(map.size, told.size)
  const held = [...told].reduce((sum, [key, value]) => sum + key.length + (value?.length ?? 0), 0)
  assert.ok(map.liveBytes >= held && map.liveBytes <= held + 36 * told.size, `${map.liveBytes} for ${held}`)
  assert.deepEqual([...map.keys()].sort(), [...told.keys()].sort())
  for (const [key, value] of told) {
    const got = map.get(key)
    assert.ok(value === null ? got === null : got && Buffer.compare(got, value) === 0, key)
  }
})

test('the room of values that were written over or deleted is used again', () => {
  const map = new ByteMap()
  const write = (round: number) => {
    for (let i = 0; i < 1_000; i += 1) map.set(`k${i}`, filled(100 + ((i * 7 + round * 13) % 400), round))
  }
  write(0)
  for (let round = 1; round < 10; round += 1) write(round)
  const before = map.roomBytes
  for (let round = 10; round < 200; round += 1) write(round)
  assert.ok(map.roomBytes <= before * 1.5, `${map.roomBytes} bytes after ${before}`)
})

test('after it was cleared it keeps the room that was needed, and no more', () => {
  const map = new ByteMap()
  for (let i = 0; i < 10_000; i += 1) map.set(`k${i}`, filled(500, 1))
  map.clear()
  const kept = map.roomBytes
  assert.ok(kept > 0)
  map.set('a', filled(10, 1))
  map.clear()
  assert.ok(map.roomBytes < kept / 10, `${map.roomBytes} of ${kept} bytes`)
  assert.equal(map.get('a'), undefined)
})

test('values that all grow do not keep the room they have grown out of', () => {
  const map = new ByteMap()
  const random = new SeededRandom(3)
  const lengths = new Map<string, number>()
  let held = 0
  for (let i = 0; i < 40_000; i += 1) {
    const key = `k${random.below(500)}`
    const before = lengths.get(key) ?? 0
    const length = before > 6_000 ? 10 : before + random.below(60)
    map.set(key, filled(length, length % 256))
    held += length - before
    lengths.set(key, length)
  }
  assert.ok(held > 1_000_000)
  assert.ok(map.roomBytes < 1.35 * held, `${map.roomBytes} bytes of room for ${held}`)
  for (const [key, length] of lengths)
    assert.equal(Buffer.compare(map.get(key) ?? filled(1, 0), filled(length, length % 256)), 0)
})

test('what is deleted gives its room back, and what stays is as it was', () => {
  const map = new ByteMap()
  for (let i = 0; i < 20_000; i += 1) map.set(`k${i}`, filled(200 + (i % 300), i % 256))
  const before = map.roomBytes
  for (let i = 0; i < 20_000; i += 1) if (i % 10 !== 0) map.delete(`k${i}`)
  assert.equal(map.size, 2_000)
  assert.ok(map.roomBytes < before / 5, `${map.roomBytes} of ${before} bytes`)
  for (let i = 0; i < 20_000; i += 10)
    assert.equal(Buffer.compare(map.get(`k${i}`) ?? filled(1, 0), filled(200 + (i % 300), i % 256)), 0)
})

test('a store of a few values takes a few kilobytes', () => {
  const map = new ByteMap()
  const random = new SeededRandom(5)
  for (let i = 0; i < 50_000; i += 1) map.set(`k${random.below(5)}`, filled(random.below(100), i % 256))
  assert.ok(map.roomBytes <= 16_384, `${map.roomBytes} bytes`)
})

test('values near the greatest that share a chunk do not keep it busy for ever', () => {
  const map = new ByteMap()
  const random = new SeededRandom(6)
  for (let i = 0; i < 20_000; i += 1)
    map.set(`k${random.below(100)}`, filled(13_200 + random.below(3_300), i % 256))
  for (let i = 0; i < 100; i += 1) {
    const value = map.get(`k${i}`)
    if (value) assert.deepEqual(new Set(value).size, 1)
  }
  assert.ok(map.roomBytes < 2 * 100 * 16_500, `${map.roomBytes} bytes`)
})

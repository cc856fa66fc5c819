import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random, zipf } from './random.ts'

test('the same seed draws the same numbers, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, () => new Random(seed).fork('x').uint32())
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
})

test('a fork does not depend on how much was drawn before it', () => {
  const fresh = new Random(1)
  const used = new Random(1)
  for (let i = 0; i < 100; i++) used.next()
  assert.equal(fresh.fork('actor').uint32(), used.fork('actor').uint32())
  assert.notEqual(fresh.fork('actor').uint32(), fresh.fork('other').uint32())
})

test('draws are uniform, whole numbers keep both bounds, and gaps have their mean', () => {
  const random = new Random(3)
  const counts = new Map<number, number>()
  let gaps = 0
  for (let i = 0; i < 60_000; i++) {
    const side = random.int(1, 6)
    counts.set(side, (counts.get(side) ?? 0) + 1)
    gaps += random.exponential(250)
  }
  assert.deepEqual([...counts.keys()].sort(), [1, 2, 3, 4, 5, 6])
  for (const count of counts.values()) assert.ok(Math.abs(count - 10_000) < 500, `${count}`)
  assert.ok(Math.abs(gaps / 60_000 - 250) < 8)
})

test('a shuffle keeps every item once and leaves the list alone', () => {
  const list = Array.from({ length: 50 }, (_, index) => index)
  const shuffled = new Random(5).shuffled(list)
  assert.notDeepEqual(shuffled, list)
  assert.deepEqual(
    shuffled.toSorted((a, b) => a - b),
    list,
  )
})

test('Zipf draws rank 0 about twice as often as rank 1', () => {
  const random = new Random(9)
  const draw = zipf(100, 1)
  const counts = new Array<number>(100).fill(0)
  for (let i = 0; i < 50_000; i++) {
    const rank = draw(random)
    counts[rank] = (counts[rank] ?? 0) + 1
  }
  const ratio = (counts[0] ?? 0) / (counts[1] ?? 1)
  assert.ok(ratio > 1.8 && ratio < 2.2, `${ratio}`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  entriesOf,
  type SmallMap,
  sizeOfMap,
  valueUnder,
  withNewest,
  withoutFirst,
  withoutName,
  withValue,
} from './small-map.ts'

/** More than a list holds. */
const MANY = 40

test('it says what a Map says, with few entries and with many, after whatever came and went', () => {
  const real = new Map<string, number>()
  let small: SmallMap<number> = null
  for (let i = 0; i < 3_000; i += 1) {
    // Grows and shrinks, past the length of a list and down to nothing.
    const isFilling = Math.floor(i / 150) % 2 === 0
    const name = `n${(i * 7_919) % MANY}`
    if (isFilling || i % 5 === 0) {
      real.set(name, i)
      small = withValue(small, name, i)
    } else if (i % 5 === 1) {
      real.delete(real.keys().next().value ?? '')
      small = withoutFirst(small)
    } else {
      real.delete(name)
      small = withoutName(small, name)
    }
    assert.equal(sizeOfMap(small), real.size)
    assert.equal(valueUnder(small, name), real.get(name))
    assert.deepEqual([...entriesOf(small)], [...real])
  }
})

test('nothing takes nothing: an emptied map is null again', () => {
  let small = withValue<number>(null, 'a', 1)
  assert.equal(withoutName(small, 'a'), null)
  for (let i = 0; i < MANY; i += 1) small = withValue(small, `n${i}`, i)
  for (const [name] of entriesOf(small)) small = withoutName(small, name)
  assert.equal(small, null)
  assert.equal(withoutFirst(null), null)
  assert.equal(withoutName(null, 'a'), null)
})

test('of at most so many names the one that was added first goes for a new one, and for none that it has', () => {
  for (const most of [3, MANY]) {
    let small: SmallMap<number> = null
    for (let i = 0; i < 2 * most; i += 1) small = withNewest(small, `n${i}`, i, most)
    small = withNewest(small, `n${most}`, -1, most)
    const left = Array.from({ length: most }, (_, i) => [`n${most + i}`, i === 0 ? -1 : most + i])
    assert.deepEqual([...entriesOf(small)], left)
  }
})

test('a value may be a list', () => {
  const small = withValue(withValue<readonly number[]>(null, 'a', [1, 2]), 'b', [])
  assert.deepEqual(valueUnder(small, 'a'), [1, 2])
  assert.deepEqual(valueUnder(small, 'b'), [])
  assert.equal(sizeOfMap(small), 2)
})

test('a few are a list without room to spare, in which a name keeps its place', () => {
  let small: SmallMap<number> = null
  for (const name of ['a', 'b', 'a']) small = withValue(small, name, name.length)
  assert.deepEqual(small, ['a', 1, 'b', 1])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepLargest, withLargest } from './keep-largest.ts'
import { entriesOf, type SmallMap, withValue } from './small-map.ts'

const kept = (entries: readonly (readonly [string, number])[], keep: number): string[] => {
  const map = new Map(entries)
  keepLargest(map, keep, (size) => size)
  return [...map.keys()]
}

test('the largest stay, in the order in which they were added', () => {
  const entries = [
    ['a', 5],
    ['b', 1],
    ['c', 9],
    ['d', 3],
  ] as const
  assert.deepEqual(kept(entries, 2), ['a', 'c'])
  assert.deepEqual(kept(entries, 4), ['a', 'b', 'c', 'd'])
})

test('among equals the newest stay', () => {
  const entries = [
    ['a', 1],
    ['b', 1],
    ['c', 1],
  ] as const
  assert.deepEqual(kept(entries, 1), ['c'])
})

test('of a map that is small or large the largest stay as well', () => {
  for (const size of [3, 40]) {
    let map: SmallMap<number> = null
    for (let i = 0; i < size; i += 1) map = withValue(map, `n${i}`, i % 3)
    assert.deepEqual([...entriesOf(withLargest(map, 1, (value) => value))], [[`n${size === 3 ? 2 : 38}`, 2]])
  }
  assert.equal(
    withLargest(null, 1, () => 0),
    null,
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepLargest } from './keep-largest.ts'

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

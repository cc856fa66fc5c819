import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SeededRandom } from '../testing/index.ts'
import { DueKeys } from './due-keys.ts'

describe('keys and when they are due', () => {
  test('come out by their times, equal times in the order of keys, however often these were set before', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = new SeededRandom(seed)
      const keys = new DueKeys()
      const expected = new Map<string, number>()
      for (let step = 0; step < 2_000; step += 1) {
        const key = `k${random.below(150)}`
        const row = keys.add(key)
        assert.equal(keys.add(key), row)
        assert.equal(keys.keyOf(row), key)
        assert.equal(keys.dueMs(row), expected.get(key) ?? Number.POSITIVE_INFINITY)
        const what = random.below(10)
        if (what === 0) {
          keys.remove(row)
          expected.delete(key)
          assert.equal(keys.rowOf(key), undefined)
        } else {
          const dueMs = what === 1 ? Number.POSITIVE_INFINITY : random.below(50)
          keys.set(row, dueMs)
          expected.set(key, dueMs)
        }
        const [first] = inOrder(expected)
        assert.equal(keys.first() < 0 ? undefined : keys.keyOf(keys.first()), first)
      }
      const came: string[] = []
      for (let row = keys.first(); row >= 0; row = keys.first()) {
        came.push(keys.keyOf(row))
        keys.set(row, Number.POSITIVE_INFINITY)
      }
      assert.ok(came.length > 50)
      assert.deepEqual(came, inOrder(expected))
    }
  })

  test('rows of keys that are gone are given to those that come', () => {
    const keys = new DueKeys()
    for (let i = 0; i < 10_000; i += 1) {
      const row = keys.add(`k${i}`)
      keys.set(row, i % 7)
      if (i >= 10) keys.remove(keys.rowOf(`k${i - 10}`) ?? -1)
    }
    assert.ok(keys.rows <= 11)
    keys.clear()
    assert.deepEqual([keys.first(), keys.rowOf('k9999'), keys.rows], [-1, undefined, 0])
  })
})

function inOrder(dueMs: ReadonlyMap<string, number>): readonly string[] {
  return [...dueMs]
    .filter(([, ms]) => ms !== Number.POSITIVE_INFINITY)
    .sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1))
    .map(([key]) => key)
}

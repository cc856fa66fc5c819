import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SessionStore, WindowStore } from './store.ts'

const bytes = (value: number) => new Uint8Array([value])

/** What every window store promises. `open` gives an empty one. */
export function windowStoreContract(name: string, open: () => WindowStore): void {
  describe(`${name} window store`, () => {
    test('a fetch is half-open, by start, and of one key alone', () => {
      const store = open()
      for (const startMs of [3_000, -1_000, 0, 1_000]) store.put('k', startMs, bytes(1))
      for (const key of ['k\u0000', 'ka', 'j', '', 'k\u0000\u0000']) store.put(key, 0, bytes(2))
      const starts = [...store.fetch('k', -1_000, 3_000)].map(([startMs]) => startMs)
      assert.deepEqual(starts, [-1_000, 0, 1_000])
      const everything = [...store.fetch('k', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)]
      assert.deepEqual(
        everything.map(([startMs, value]) => [startMs, value[0]]),
        [
          [-1_000, 1],
          [0, 1],
          [1_000, 1],
          [3_000, 1],
        ],
      )
    })

    test('windows are read, replaced and deleted one by one', () => {
      const store = open()
      store.put('k', 0, bytes(1))
      store.put('k', 0, bytes(2))
      store.put('k', 1, bytes(3))
      assert.equal(store.get('k', 0)?.[0], 2)
      store.delete('k', 0)
      assert.equal(store.get('k', 0), undefined)
      assert.equal(store.get('k', 1)?.[0], 3)
    })
  })
}

/** What every session store promises. `open` gives an empty one. */
export function sessionStoreContract(name: string, open: () => SessionStore): void {
  describe(`${name} session store`, () => {
    test('it finds the sessions of a key that touch a span, both ends included', () => {
      const store = open()
      store.put('k', 0, 10, bytes(1))
      store.put('k', 20, 30, bytes(2))
      store.put('k', 40, 40, bytes(3))
      store.put('other', 0, 100, bytes(4))
      const find = (fromMs: number, toMs: number) =>
        [...store.find('k', fromMs, toMs)].map(({ startMs, endMs, value }) => [startMs, endMs, value[0]])
      assert.deepEqual(find(10, 20), [
        [0, 10, 1],
        [20, 30, 2],
      ])
      assert.deepEqual(find(11, 19), [])
      assert.deepEqual(find(35, 100), [[40, 40, 3]])
      assert.equal(find(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).length, 3)
    })

    test('a session is deleted by its start and end', () => {
      const store = open()
      store.put('k', 0, 10, bytes(1))
      store.put('k', 20, 30, bytes(2))
      store.delete('k', 0, 10)
      assert.equal([...store.find('k', 0, 100)].length, 1)
    })
  })
}

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SeededRandom } from '../testing/seeded-random.ts'
import { compareKeys } from './key-order.ts'
import type { KeyValueStore } from './store.ts'

const bytes = (...values: readonly number[]) => new Uint8Array(values)
const keys = (store: KeyValueStore, from?: string, to?: string) =>
  [...store.range(from, to)].map(([key]) => key)

/** What every key-value store promises. `open` gives an empty one. */
export function keyValueStoreContract(name: string, open: () => Promise<KeyValueStore>): void {
  describe(`${name} key-value store`, () => {
    test('a range is half-open and in key order', async () => {
      const store = await open()
      for (const key of ['c', 'a', 'b', '😀', '\uffff']) store.put(key, bytes(1))
      assert.deepEqual(keys(store, 'a', 'c'), ['a', 'b'])
      assert.deepEqual(keys(store), ['a', 'b', 'c', '\uffff', '😀'])
      assert.deepEqual(keys(store, 'c'), ['c', '\uffff', '😀'])
      assert.deepEqual(keys(store, undefined, 'b'), ['a'])
      store.close()
    })

    test('what was put last is what is read, every byte of it', async () => {
      const store = await open()
      const all = Uint8Array.from({ length: 256 }, (_, value) => value)
      store.put('k', bytes(1))
      store.put('k', all)
      store.put('', bytes())
      assert.deepEqual(new Uint8Array(store.get('k') ?? []), all)
      assert.equal(store.get('')?.length, 0)
      assert.equal(store.get('other'), undefined)
      store.close()
    })

    test('a part of a larger buffer is stored as that part', async () => {
      const store = await open()
      store.put('k', bytes(9, 1, 2, 9).subarray(1, 3))
      assert.deepEqual(new Uint8Array(store.get('k') ?? []), bytes(1, 2))
      store.close()
    })

    test('a deleted key is gone from reads, ranges and size', async () => {
      const store = await open()
      store.put('a', bytes(1))
      store.put('b', bytes(2))
      assert.deepEqual(keys(store), ['a', 'b'])
      store.delete('a')
      store.delete('never there')
      assert.equal(store.get('a'), undefined)
      assert.deepEqual(keys(store), ['b'])
      assert.equal(store.size, 1)
      store.close()
    })

    test('a store may be changed while it is ranged over', async () => {
      const store = await open()
      for (const key of ['a', 'b', 'c']) store.put(key, bytes(1))
      const seen: string[] = []
      for (const [key] of store.range()) {
        seen.push(key)
        store.delete('b')
        store.put('d', bytes(1))
      }
      assert.deepEqual(seen, ['a', 'c'])
      store.close()
    })

    test('it agrees with a sorted map after any sequence of writes', async () => {
      const store = await open()
      const random = new SeededRandom(11)
      const model = new Map<string, number>()
      for (let step = 0; step < 4_000; step += 1) {
        const key = `k${random.below(900)}`
        if (random.below(4) === 0) {
          store.delete(key)
          model.delete(key)
        } else {
          store.put(key, bytes(step & 255))
          model.set(key, step & 255)
        }
        if (step % 400 === 7) {
          const [from, to] = [`k${random.below(900)}`, `k${random.below(900)}`].sort(compareKeys)
          const expected = [...model].filter(([each]) => each >= (from ?? '') && each < (to ?? ''))
          expected.sort(([a], [b]) => compareKeys(a, b))
          assert.deepEqual(
            [...store.range(from, to)].map(([each, value]) => [each, value[0]]),
            expected,
          )
        }
      }
      assert.equal(store.size, model.size)
      for (const [key, value] of model) assert.equal(store.get(key)?.[0], value)
      store.close()
    })
  })
}

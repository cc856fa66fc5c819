import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ChangeloggedStore } from './changelogged.ts'
import { DiskKeyValueStore, type ValuesOnDisk } from './disk-key-value-store.ts'
import { keyValueStoreContract } from './key-value-store.contract.ts'
import { MemoryKeyValueStore } from './memory-key-value-store.ts'
import type { PendingStore } from './store.ts'

/** Stands for the disk: what commits have left. */
class Committed implements ValuesOnDisk {
  readonly values = new Map<string, Uint8Array>()

  get(key: string): Uint8Array | undefined {
    return this.values.get(key)
  }

  async *keys(): AsyncIterable<readonly string[]> {
    yield [...this.values.keys()].sort()
  }

  take(store: PendingStore): void {
    for (const [key, value] of store.pending()) {
      if (value === null) this.values.delete(key)
      else this.values.set(key, value)
    }
    store.committed()
  }
}

keyValueStoreContract('memory', async () => new MemoryKeyValueStore('s'))
keyValueStoreContract('changelogged', async () => new ChangeloggedStore(new MemoryKeyValueStore('s')))
keyValueStoreContract('disk', async () => DiskKeyValueStore.open('s', new Committed()))

/** What every store promises whose writes a commit makes durable. */
function pendingStoreContract(name: string, open: (disk: Committed) => Promise<PendingStore>): void {
  describe(`${name} store between commits`, () => {
    test('pending is the last write of each key since the commit', async () => {
      const disk = new Committed()
      const store = await open(disk)
      store.put('a', new Uint8Array([1]))
      store.put('a', new Uint8Array([2]))
      store.put('b', new Uint8Array([3]))
      store.delete('b')
      const pending = new Map(store.pending())
      assert.deepEqual(new Uint8Array(pending.get('a') ?? []), new Uint8Array([2]))
      assert.equal(pending.get('b'), null)
      assert.equal(store.pending().size, 2)
      disk.take(store)
      assert.equal(store.pending().size, 0)
      assert.deepEqual([...disk.values.keys()], ['a'])
      assert.deepEqual(new Uint8Array(store.get('a') ?? []), new Uint8Array([2]))
    })

    test('writes, deletions and untouched values are seen together', async () => {
      const disk = new Committed()
      const store = await open(disk)
      for (const key of ['a', 'b', 'c']) store.put(key, new Uint8Array([1]))
      disk.take(store)
      store.delete('a')
      store.put('b', new Uint8Array([2]))
      store.put('d', new Uint8Array([3]))
      const seen = [...store.range()].map(([key, value]) => `${key}${value[0]}`)
      assert.deepEqual(seen, ['b2', 'c1', 'd3'])
      assert.equal(store.size, 3)
    })
  })
}

pendingStoreContract('changelogged', async () => new ChangeloggedStore(new MemoryKeyValueStore('s')))
pendingStoreContract('disk', (disk) => DiskKeyValueStore.open('s', disk))

test('a disk store opened again holds what was committed and nothing else', async () => {
  const disk = new Committed()
  const first = await DiskKeyValueStore.open('s', disk)
  first.put('kept', new Uint8Array([1]))
  disk.take(first)
  first.put('lost', new Uint8Array([2]))
  const second = await DiskKeyValueStore.open('s', disk)
  assert.deepEqual(
    [...second.range()].map(([key]) => key),
    ['kept'],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeloggedStore } from './changelogged.ts'
import { MemoryKeyValueStore } from './memory-key-value-store.ts'
import { KeyValueSessionStore } from './session-store.ts'
import { keyOfTimeKey, timeFromEnd, timeKey } from './time-key.ts'
import { sessionStoreContract, windowStoreContract } from './timed-stores.contract.ts'
import { KeyValueWindowStore } from './window-store.ts'

windowStoreContract('memory', () => new KeyValueWindowStore(new MemoryKeyValueStore('s')))
windowStoreContract(
  'changelogged',
  () => new KeyValueWindowStore(new ChangeloggedStore(new MemoryKeyValueStore('s'))),
)
sessionStoreContract('memory', () => new KeyValueSessionStore(new MemoryKeyValueStore('s')))
sessionStoreContract(
  'changelogged',
  () => new KeyValueSessionStore(new ChangeloggedStore(new MemoryKeyValueStore('s'))),
)

test('a key comes back out of a store key, zero bytes and all', () => {
  for (const key of ['', 'a', 'a\u0000b', '\u0000', '\u0000\u0000', 'ü😀']) {
    const storeKey = timeKey(key, 1_700_000_000_000, -5)
    assert.equal(keyOfTimeKey(storeKey, 2), key)
    assert.equal(timeFromEnd(storeKey, 0), -5)
    assert.equal(timeFromEnd(storeKey, 1), 1_700_000_000_000)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleUid, type UidSample, uidsOf, withUid } from './sample-uids.ts'

test('a sample of flows keeps the first ones, each once, and none of unbounded length', () => {
  let uids: readonly string[] = []
  for (const uid of ['a', 'a', 'x'.repeat(65), 'b', 'c']) uids = sampleUid(uids, uid, 2)
  assert.deepEqual(uids, ['a', 'b'])
})

test('a sample of one is that one, and says what a list says', () => {
  const uids = ['x'.repeat(65), 'a', 'a', 'b', 'x'.repeat(65), 'a', 'c']
  for (const limit of [1, 2, 3, 9]) {
    let list: readonly string[] = []
    let sample: UidSample = null
    for (const uid of uids) {
      list = sampleUid(list, uid, limit)
      sample = withUid(sample, uid, limit)
      assert.deepEqual(uidsOf(sample), list)
    }
  }
  assert.equal(withUid(null, 'a', 2), 'a')
})

test('of an empty sample another one is named, where there is one', () => {
  for (const empty of [null, []]) {
    assert.deepEqual(uidsOf(empty), [])
    assert.deepEqual(uidsOf(empty, 'x'), ['x'])
  }
  for (const sample of ['a', ['a']]) assert.deepEqual(uidsOf(sample, 'x'), ['a'])
})

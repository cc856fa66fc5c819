import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleUid } from './sample-uids.ts'

test('a sample of flows keeps the first ones, each once, and none of unbounded length', () => {
  let uids: readonly string[] = []
  for (const uid of ['a', 'a', 'x'.repeat(65), 'b', 'c']) uids = sampleUid(uids, uid, 2)
  assert.deepEqual(uids, ['a', 'b'])
})

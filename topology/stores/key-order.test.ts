import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareKeys } from './key-order.ts'

test('keys are ordered as their UTF-8 bytes are', () => {
  const keys = ['', 'a', 'a\u0000', 'aa', 'b', 'é', 'z', '\ud7ff', '\ue000', '\uffff', '😀', '😀a', '🦀']
  for (const a of keys) {
    for (const b of keys) {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
      assert.equal(Math.sign(compareKeys(a, b)), bytes, `${JSON.stringify(a)} and ${JSON.stringify(b)}`)
    }
  }
})

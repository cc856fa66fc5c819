import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textHash } from './text-hash.ts'

test('equal texts share a hash and ten thousand different ones hardly ever do', () => {
  assert.equal(textHash('a.example.com'), textHash(['a', 'example', 'com'].join('.')))
  const hashes = new Set(Array.from({ length: 10_000 }, (_, i) => textHash(`host-${i}.example.com`)))
  assert.ok(hashes.size >= 9_999)
})

test('a hash is a whole number from 0 to 2^31 - 1', () => {
  for (const text of ['', 'x', 'ü', 'a'.repeat(1_000)]) {
    const hash = textHash(text)
    assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 31)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeLedger, encodeLedger } from './ledger.ts'

const counts = { processed: 3, deadLettered: 2, deletions: 1, marks: 4, skipped: 5 }

test('a ledger comes back as it was', () => {
  for (const advancedMs of [1_000, 0, null]) {
    const ledger = { ...counts, streamTimeMs: 1_234.5, advancedMs }
    assert.deepEqual(decodeLedger(encodeLedger(ledger)), ledger)
  }
})

test('one of an earlier version says nothing of the time that its task was told of', () => {
  const note = JSON.stringify({ ...counts, streamTimeMs: 1_234 })
  assert.deepEqual(decodeLedger(note), { ...counts, streamTimeMs: 1_234, advancedMs: null })
})

test('notes of others are the beginning of a new one', () => {
  for (const note of [null, '', 'by hand', '7', '{"processed":"x","advancedMs":"soon"}'])
    assert.deepEqual(decodeLedger(note), decodeLedger(null))
})

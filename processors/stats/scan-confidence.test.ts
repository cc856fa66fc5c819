import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scanConfidence } from './scan-confidence.ts'

test('confidence grows with packets up to ten, and is not nothing without any', () => {
  assert.deepEqual([0, 1, 6, 10, 11, 5_000].map(scanConfidence), [0.3, 0.1, 0.6, 1, 1, 1])
})

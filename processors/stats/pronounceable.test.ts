import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looksPronounceable } from './pronounceable.ts'

test('words and short abbreviations can be said', () => {
  for (const label of ['wikipedia', 'deutschebahn', 'new-york-times', 'nytms', 'stackoverflow']) {
    assert.ok(looksPronounceable(label), label)
  }
})

test('long runs without a vowel cannot', () => {
  for (const label of ['xjqkwrtpla', 'a7f39c4d21', 'kdjfhgtqeo']) assert.ok(!looksPronounceable(label), label)
})

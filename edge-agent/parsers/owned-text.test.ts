import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyOf, ownedBetween, ownedText } from './owned-text.ts'

test('owned text is the same text, at every length and in every script', () => {
  for (const unit of ['a', 'é', 'ж', '漢', '\0', '\ud800']) {
    for (const length of [0, 1, 12, 13, 24, 25, 100, 5000]) {
      const text = unit.repeat(length)
      assert.equal(ownedText(text), text)
      assert.equal(copyOf(text), text)
      assert.equal(ownedBetween(`xy${text}z`, 2, 2 + length), text)
    }
  }
})

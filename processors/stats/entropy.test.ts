import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bitsPerCharacter } from './entropy.ts'

test('one character repeated carries nothing, and neither does no text', () => {
  assert.equal(bitsPerCharacter('aaaaaaaa'), 0)
  assert.equal(bitsPerCharacter(''), 0)
})

test('characters that are all different carry the logarithm of their number', () => {
  assert.equal(bitsPerCharacter('abcdefgh'), 3)
  assert.equal(bitsPerCharacter('αβγδ'), 2)
})

test('the order of the characters does not matter, their shares do', () => {
  assert.equal(bitsPerCharacter('aabb'), bitsPerCharacter('abab'))
  assert.ok(Math.abs(bitsPerCharacter('aaab') - 0.8112781244591328) < 1e-12)
})

test('one text leaves nothing behind for the next', () => {
  bitsPerCharacter('some other text ü')
  assert.equal(bitsPerCharacter('ab'), 1)
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printable } from './printable.ts'

describe('printable text', () => {
  test('shows control characters, line ends and escapes in the place of obeying them', () => {
    assert.equal(printable('a\u001b[31mb\r\nc\u0000\u009b'), 'a\\x1b[31mb\\x0d\\x0ac\\x00\\x9b')
  })

  test('shows what turns text around, hides in it or breaks its line', () => {
    assert.equal(
      printable('\u202egnp.exe\u200b\u2028\u{e0041}'),
      '\\u{202e}gnp.exe\\u{200b}\\u{2028}\\u{e0041}',
    )
  })

  test('shows halves of characters', () => {
    assert.equal(printable('a\ud800b'), 'a\\u{d800}b')
  })

  test('leaves every other character as it is', () => {
    for (const text of ['bücher.example', '漢字 😀', 'a b\\c "d"', '']) assert.equal(printable(text), text)
  })
})

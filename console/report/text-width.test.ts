import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cut, cutStart, pad, widthOf, wrap } from './text-width.ts'

describe('the width of text', () => {
  test('counts two columns for wide characters and pictures, none for marks', () => {
    assert.equal(widthOf('abc'), 3)
    assert.equal(widthOf('漢字'), 4)
    assert.equal(widthOf('ｆ'), 2)
    assert.equal(widthOf('😀'), 2)
    assert.equal(widthOf('e\u0301'), 1)
  })
})

describe('text that does not fit', () => {
  test('is cut at its end or at its beginning, never in a character, and is then no wider than asked', () => {
    for (const text of ['/var/log/zeek/conn.log', '漢字漢字漢字', '😀😀😀a', 'short']) {
      for (let width = 1; width < 30; width++) {
        for (const shorter of [cut(text, width), cutStart(text, width)]) {
          assert.ok(widthOf(shorter) <= width, `${shorter} in ${width}`)
          assert.ok(!/[\ud800-\udfff]/u.test(shorter), shorter)
        }
      }
    }
    assert.equal(cut('abcdef', 4), 'abc…')
    assert.equal(cutStart('abcdef', 4), '…def')
    assert.equal(cut('abcd', 4), 'abcd')
  })

  test('is broken at blanks, and within words that are wider than a line', () => {
    assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
    assert.deepEqual(wrap('see aaaaaaaaaaaa', 5), ['see', 'aaaaa', 'aaaaa', 'aa'])
    assert.deepEqual(wrap('漢字漢字', 5), ['漢字', '漢字'])
    assert.deepEqual(wrap('漢', 1), ['漢'])
    assert.deepEqual(wrap('', 10), [''])
  })
})

test('padding counts columns', () => {
  assert.equal(pad('漢', 4), '漢  ')
  assert.equal(pad('abcd', 2), 'abcd')
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LineReader, longestLineBytes } from './lines.ts'

type Line = { text: string; line: number; tooLong: boolean }

/** All lines of the bytes, pushed in pieces of `size`. Each piece is overwritten after use, as a file reader does. */
function linesOf(bytes: Uint8Array, size = bytes.length || 1): Line[] {
  const reader = new LineReader()
  const lines: Line[] = []
  const take = () => {
    for (let text = reader.next(); text !== null; text = reader.next()) {
      lines.push({ text, line: reader.lineNumber, tooLong: reader.tooLong })
    }
  }
  for (let at = 0; at < bytes.length; at += size) {
    const piece = Uint8Array.from(bytes.subarray(at, at + size))
    reader.push(piece)
    take()
    piece.fill(0x58)
  }
  reader.end()
  take()
  return lines
}

const textsOf = (content: string | Uint8Array, size?: number) =>
  linesOf(Buffer.from(content), size).map((line) => line.text)

describe('lines', () => {
  test('however the bytes are cut into chunks, the lines are the same', () => {
    const content = Buffer.from('﻿first\r\n\r\nthird é 漢 😀\n\0 nul\nlast')
    const whole = linesOf(content)
    assert.deepEqual(
      whole.map((line) => line.text),
      ['first', '', 'third é 漢 😀', '\0 nul', 'last'],
    )
    assert.deepEqual(
      whole.map((line) => line.line),
      [1, 2, 3, 4, 5],
    )
    for (let size = 1; size < content.length; size++) assert.deepEqual(linesOf(content, size), whole)
  })

  test('a line feed at the end does not begin another line', () => {
    assert.deepEqual(textsOf('a\nb\n'), ['a', 'b'])
    assert.deepEqual(textsOf(''), [])
    assert.deepEqual(textsOf('\n'), [''])
  })

  test('a carriage return goes with the line end, and only there', () => {
    assert.deepEqual(textsOf('a\rb\r\nc\r\r\nd\r'), ['a\rb', 'c\r', 'd'])
  })

  test('a byte order mark later than the first line is text', () => {
    assert.deepEqual(textsOf('﻿a\n﻿b'), ['a', '﻿b'])
    assert.deepEqual(textsOf('﻿'), [''])
  })

  test('bytes that are not UTF-8 become replacement characters', () => {
    assert.deepEqual(textsOf(Uint8Array.of(0x61, 0xff, 0x62, 0xc3, 0x0a, 0xc3, 0xa9)), ['a�b�', 'é'])
  })

  test('a line of exactly the longest size is whole, one byte more is not', () => {
    for (const size of [longestLineBytes + 100, 1000]) {
      const [fits, next] = linesOf(Buffer.from(`${'x'.repeat(longestLineBytes)}\r\nnext`), size)
      assert.deepEqual([fits?.text.length, fits?.tooLong, next?.text], [longestLineBytes, false, 'next'])
      const [over, after] = linesOf(Buffer.from(`${'x'.repeat(longestLineBytes + 1)}\nafter`), size)
      assert.deepEqual([over?.text.length, over?.tooLong], [1024, true])
      assert.deepEqual(after, { text: 'after', line: 2, tooLong: false })
    }
  })

  test('the beginning kept of a line that is too long ends between characters', () => {
    const [line] = linesOf(Buffer.from('漢'.repeat(longestLineBytes / 2)), 4096)
    assert.equal(line?.tooLong, true)
    assert.equal(line.text, '漢'.repeat(341))
  })

  test('a line of 100 MB takes no memory', () => {
    const reader = new LineReader()
    const piece = Buffer.alloc(1_000_000, 0x78)
    const before = process.memoryUsage()
    for (let i = 0; i < 100; i++) {
      reader.push(piece)
      assert.equal(reader.next(), null)
    }
    const after = process.memoryUsage()
    assert.ok(after.arrayBuffers - before.arrayBuffers < 5e6)
    assert.ok(after.heapUsed - before.heapUsed < 20e6)
    reader.push(Buffer.from('\nnext\n'))
    assert.equal(reader.next()?.length, 1024)
    assert.equal(reader.tooLong, true)
    assert.equal(reader.next(), 'next')
    assert.equal(reader.tooLong, false)
  })

  test('a kept piece of a line does not keep its chunk', () => {
    const reader = new LineReader()
    const kept: string[] = []
    const line = `${'y'.repeat(20)}\n`
    const chunk = Buffer.from(line + `${'z'.repeat(999)}\n`.repeat(1000))
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 50; i++) {
      reader.push(chunk)
      const first = reader.next()
      if (first !== null) kept.push(first)
      while (reader.next() !== null);
    }
    // Kept as slices of their chunks they would hold 50 MB.
    globalThis.gc?.()
    assert.equal(kept.length, 50)
    assert.ok(globalThis.gc === undefined || process.memoryUsage().heapUsed - before < 10e6)
  })

  test('a line given up for damage counts and shows its beginning', () => {
    const reader = new LineReader()
    reader.push(Buffer.from('whole\ncut of'))
    assert.equal(reader.next(), 'whole')
    assert.equal(reader.next(), null)
    assert.equal(reader.cut(), 'cut of')
    assert.equal(reader.lineNumber, 2)
    assert.equal(reader.next(), null)
  })
})

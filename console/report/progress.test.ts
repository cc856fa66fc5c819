import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { progressText, showProgress } from './progress.ts'
import { widthOf } from './text-width.ts'

const progress = { bytesRead: 250, totalBytes: 1000, records: 5000, seconds: 30 }

function screen(isTTY: boolean, columns = 80) {
  const written: string[] = []
  return { written, err: { isTTY, columns, write: (text: string) => written.push(text) } }
}

describe('progress', () => {
  test('is silent where there is no terminal, and where quiet is asked for', () => {
    for (const [isTTY, quiet] of [
      [false, false],
      [true, true],
    ] as const) {
      const { err, written } = screen(isTTY)
      const shown = showProgress({ err }, { quiet, json: false })
      shown.update(progress)
      shown.done()
      assert.deepEqual(written, [])
    }
  })

  test('draws on the terminal it is given, within its width, and gives the cursor back', () => {
    for (const columns of [40, 80, 300]) {
      const { err, written } = screen(true, columns)
      const shown = showProgress({ err }, { quiet: false, json: false })
      shown.update(progress)
      shown.update({ ...progress, bytesRead: 500 })
      shown.done()
      shown.done()
      const text = written.join('')
      assert.match(text, /25%/)
      assert.match(text, /█+░+/)
      assert.ok(text.lastIndexOf('\u001b[?25h') > text.lastIndexOf('\u001b[?25l'))
      for (const part of written) assert.ok(widthOf(stripVTControlCharacters(part)) < columns, part)
    }
  })

  test('tells the share, the rate and the time left, or what it can tell without a size', () => {
    assert.equal(progressText(progress), ' 25%  167 records/s  1:30 left')
    assert.equal(progressText({ ...progress, seconds: 3600 }), ' 25%  1 records/s  3:00:00 left')
    assert.equal(progressText({ ...progress, bytesRead: 0 }), '  0%  167 records/s')
    assert.equal(progressText({ ...progress, totalBytes: null }), '5,000 records  167/s')
    assert.equal(progressText({ ...progress, bytesRead: 1001 }), '100%  167 records/s  0:00 left')
  })
})

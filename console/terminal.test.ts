import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsOf } from './terminal.ts'

test('text is written for the width of the terminal between 40 and 300 columns, and for 120 elsewhere', () => {
  const write = () => {}
  assert.equal(columnsOf({ write }), 120)
  assert.equal(columnsOf({ write, isTTY: false, columns: 50 }), 120)
  assert.equal(columnsOf({ write, isTTY: true }), 80)
  assert.equal(columnsOf({ write, isTTY: true, columns: 0 }), 80)
  assert.deepEqual(
    [1, 40, 99, 300, 5000].map((columns) => columnsOf({ write, isTTY: true, columns })),
    [40, 40, 99, 300, 300],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextPool } from './text-pool.ts'

test('equal texts are one for as long as one of them is kept', () => {
  const pool = new TextPool()
  const number = pool.keep('bot')
  assert.equal(pool.keep('bot'), number)
  pool.release(number)
  assert.equal(pool.text(number), 'bot')
  pool.release(number)
  assert.equal(pool.find('bot'), -1)
  assert.equal(pool.size, 0)
})

test('a thousand refreshes of other texts take no more room than one', () => {
  const pool = new TextPool()
  let last = pool.keep('')
  let greatest = 0
  for (let i = 0; i < 1_000; i += 1) {
    const number = pool.keep(`seen ${i} times`)
    pool.release(last)
    last = number
    greatest = Math.max(greatest, number)
  }
  assert.equal(pool.size, 1)
  assert.ok(greatest < 3, String(greatest))
})

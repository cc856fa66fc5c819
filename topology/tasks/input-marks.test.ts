import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonOf, isBehind, noteMark } from './input-marks.ts'

test('who has read an earlier mark of a writer, or none, is behind; other writers do not matter', () => {
  assert.equal(isBehind({ a: 2, b: 1 }, { a: 2 }), false)
  assert.equal(isBehind({ a: 1 }, { a: 2 }), true)
  assert.equal(isBehind({ b: 9 }, { a: 2 }), true)
  assert.equal(isBehind({}, {}), false)
})

test('in common is what all have read, up to where the last of them is', () => {
  assert.deepEqual(
    commonOf([
      { a: 3, b: 1 },
      { a: 2, c: 5 },
    ]),
    { a: 2 },
  )
  assert.deepEqual(commonOf([{ a: 3 }]), { a: 3 })
  assert.deepEqual(commonOf([]), {})
})

test('of very many writers those heard of last are remembered', () => {
  const times = new Map<string, number>()
  for (let i = 0; i < 1_000; i += 1) {
    noteMark(times, `w${i}`, i)
    noteMark(times, 'always', i)
  }
  assert.equal(times.size, 256)
  assert.equal(times.get('always'), 999)
  assert.equal(times.get('w999'), 999)
  assert.equal(times.has('w0'), false)
})

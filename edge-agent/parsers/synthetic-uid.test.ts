import assert from 'node:assert/strict'
import { test } from 'node:test'
import { syntheticUid } from './synthetic-uid.ts'

test('the same line at the same place has the same id, and never another', () => {
  assert.equal(syntheticUid(7, 'a\tb'), syntheticUid(7, 'a\tb'))
  assert.notEqual(syntheticUid(7, 'a\tb'), syntheticUid(8, 'a\tb'))
  assert.notEqual(syntheticUid(7, 'a\tb'), syntheticUid(7, 'a\tc'))
})

test('the id of a line does not change between releases', () => {
  assert.equal(syntheticUid(1, 'hello'), 'WuJJFqxem3PGRrGwJB')
})

test('an id is W and 17 letters or digits', () => {
  for (let i = 0; i < 1000; i++) assert.match(syntheticUid(i, 'ü\0'), /^W[A-Za-z0-9]{17}$/)
})

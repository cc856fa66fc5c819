import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unescaped } from './zeek-escape.ts'

test('escaped bytes become the characters they encode', () => {
  assert.equal(unescaped('a\\x2cb'), 'a,b')
  assert.equal(unescaped('\\xc3\\xbc\\xE6\\xBC\\xA2\\xf0\\x9f\\x98\\x80'), 'ü漢😀')
  assert.equal(unescaped('\\x00\\x09\\x0a'), '\0\t\n')
  assert.equal(unescaped('plain'), 'plain')
})

test('a doubled backslash is one, and takes no part in what follows it', () => {
  assert.equal(unescaped('a\\\\b'), 'a\\b')
  assert.equal(unescaped('\\\\x41'), '\\x41')
  assert.equal(unescaped('\\\\\\x41'), '\\A')
  assert.equal(unescaped('\\x5cx41'), '\\x41')
})

test('a backslash that begins no escape stands for itself', () => {
  for (const text of ['O=Example\\, Inc', '\\', 'a\\', '\\x', '\\x4', '\\xg1', '\\x1g', 'C:\\temp\\x']) {
    assert.equal(unescaped(text), text)
  }
})

test('bytes that are not UTF-8 keep their escape', () => {
  assert.equal(unescaped('a\\xffb'), 'a\\xffb')
  assert.equal(unescaped('\\xe2\\x82'), '\\xe2\\x82')
  assert.equal(unescaped('\\xe2\\x82\\x41'), '\\xe2\\x82A')
  assert.equal(unescaped('\\xed\\xa0\\x80'), '\\xed\\xa0\\x80')
  assert.equal(unescaped('\\xc0\\xaf'), '\\xc0\\xaf')
  assert.equal(unescaped('\\xf4\\x90\\x80\\x80'), '\\xf4\\x90\\x80\\x80')
  assert.equal(unescaped('\\xff'.repeat(50_000)), '\\xff'.repeat(50_000))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ListedTexts } from './listed-texts.ts'

test('what was never put in, or was taken out, is not there', () => {
  const texts = new ListedTexts()
  assert.equal(texts.get('a'), -1)
  assert.equal(texts.longestName('a.b'), -1)
  texts.set('a', 1)
  texts.delete('a')
  assert.equal(texts.get('a'), -1)
  assert.equal(texts.size, 0)
})

test('every text of many has its own number, and texts beside them have none', () => {
  const texts = new ListedTexts()
  for (let i = 0; i < 20_000; i += 1) texts.set(`host-${i}.example`, i)
  for (let i = 0; i < 20_000; i += 1) {
    assert.equal(texts.get(`host-${i}.example`), i)
    assert.equal(texts.get(`ghost-${i}.example`), -1)
  }
})

test('a list that changes wholly time and again holds its last state', () => {
  const texts = new ListedTexts()
  for (let round = 0; round < 20; round += 1) {
    for (let i = 0; i < 2_000; i += 1) texts.set(`host-${i}.r${round}.example`, i)
    if (round > 0) for (let i = 0; i < 2_000; i += 1) texts.delete(`host-${i}.r${round - 1}.example`)
  }
  assert.equal(texts.size, 2_000)
  for (let i = 0; i < 2_000; i += 1) {
    assert.equal(texts.get(`host-${i}.r19.example`), i)
    assert.equal(texts.get(`host-${i}.r18.example`), -1)
  }
})

test('the longest name above a name is found, and the next one after it', () => {
  const texts = new ListedTexts()
  texts.set('example.com', 1)
  texts.set('b.example.com', 2)
  assert.equal(texts.longestName('a.b.example.com'), 2)
  assert.equal(texts.longestName('a.b.example.com', 3), 4)
  assert.equal(texts.longestName('b.example.com'), 0)
  assert.equal(texts.longestName('c.example.com'), 2)
  assert.equal(texts.longestName('bexample.com'), -1)
  assert.equal(texts.longestName(''), -1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasItem, type SmallSet, sizeOfSet, withItem } from './small-set.ts'

test('it says what a Set says, with nothing in it, with one thing, a few and many', () => {
  const real = new Set<number>()
  let small: SmallSet<number> = null
  for (let i = 0; i < 100; i += 1) {
    const item = (i * 37) % 50
    assert.equal(hasItem(small, item), real.has(item))
    real.add(item)
    small = withItem(small, item)
    assert.equal(hasItem(small, item), true)
    assert.equal(sizeOfSet(small), real.size)
  }
})

test('one thing is itself, an empty text and a zero as well', () => {
  assert.equal(withItem<string>(null, ''), '')
  assert.equal(sizeOfSet(''), 1)
  assert.equal(hasItem<string>(null, ''), false)
  assert.equal(hasItem<number>(0, 0), true)
  assert.equal(withItem<number>(7, 7), 7)
})

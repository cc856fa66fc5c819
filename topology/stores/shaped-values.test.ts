import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryKeyValueStore } from './memory-key-value-store.ts'
import { ShapedValues } from './shaped-values.ts'

const value = {
  flows: 3,
  share: 0.1,
  none: null,
  never: Number.NaN,
  peers: new Map([['192.0.2.1', { tries: 1, uids: ['CHhAvVGS1DHFjwGM9'] }]]),
  seen: new Set([443, 80]),
  bits: new Uint8Array([1, 2, 3]),
  names: ['ä', ''],
}

test('plain data comes back as it was, to another reader of the store as well', () => {
  const store = new MemoryKeyValueStore('s')
  const values = new ShapedValues(store)
  values.put('a', value)
  values.put('b', [value, { flows: 1 }])
  assert.deepEqual(values.get('a'), value)
  const other = new ShapedValues(store)
  assert.deepEqual(other.get('b'), [value, { flows: 1 }])
  assert.equal(other.get('c'), undefined)
})

test('a later writer goes on with the shapes that are there', () => {
  const store = new MemoryKeyValueStore('s')
  new ShapedValues(store).put('a', { one: 1 })
  const later = new ShapedValues(store)
  later.put('b', { two: 2 })
  const last = new ShapedValues(store)
  assert.deepEqual(last.get('a'), { one: 1 })
  assert.deepEqual(last.get('b'), { two: 2 })
})

test('the names of fields stand once for the whole store', () => {
  const store = new MemoryKeyValueStore('s')
  const values = new ShapedValues(store)
  for (const key of ['a', 'b']) values.put(key, { aFieldOfALongName: 1, anotherFieldOfALongName: 2 })
  for (const key of ['a', 'b']) assert.ok((store.get(key)?.length ?? 100) < 10)
})

test('of more shapes than a store has room for each is read all the same', () => {
  const store = new MemoryKeyValueStore('s')
  const values = new ShapedValues(store)
  for (let i = 0; i < 3_000; i += 1) values.put(`k${i}`, { [`field-${i}`]: i, of: { [`inner-${i}`]: i } })
  const other = new ShapedValues(store)
  for (let i = 0; i < 3_000; i += 1) {
    assert.deepEqual(other.get(`k${i}`), { [`field-${i}`]: i, of: { [`inner-${i}`]: i } })
  }
})

test('what is deleted is gone, and ranges tell of values alone', () => {
  const values = new ShapedValues(new MemoryKeyValueStore('s'))
  values.put('a', { one: 1 })
  values.put('b', { one: 2 })
  values.delete('a')
  assert.deepEqual([...values.range()], [['b', { one: 2 }]])
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SeededRandom } from '../testing/seeded-random.ts'
import { KeyRows } from './key-rows.ts'

describe('keys as rows', () => {
  test('every key has one row until it is removed, whatever it is made of', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = new SeededRandom(seed)
      const rows = new KeyRows()
      const expected = new Map<string, number>()
      for (let step = 0; step < 3_000; step += 1) {
        const key = keyOf(random.below(400))
        const what = random.below(10)
        if (what < 6) {
          const row = rows.add(key)
          assert.equal(row, expected.get(key) ?? row)
          assert.equal([...expected].filter(([other, at]) => at === row && other !== key).length, 0)
          expected.set(key, row)
        } else if (what < 9) {
          const row = rows.rowOf(key)
          assert.equal(row, expected.get(key) ?? -1)
          if (row >= 0) rows.remove(row)
          expected.delete(key)
        } else if (random.below(200) === 0) {
          rows.clear()
          expected.clear()
        }
        assert.equal(rows.size, expected.size)
      }
      for (const [key, row] of expected) assert.equal(rows.keyOf(row), key)
      assert.deepEqual([...rows.keys()].sort(), [...expected.keys()].sort())
      assert.ok(rows.rows <= 400)
    }
  })

  test('are in the order of the language', () => {
    const keys = ['', 'a', 'ab', 'b', 'é', 'éa', '\u0100', '\u4e2d', '\ud800', '\ud83d\ude00', '\uffff']
    const rows = new KeyRows()
    const at = keys.map((key) => rows.add(key))
    for (const [i, left] of at.entries()) {
      for (const [j, right] of at.entries())
        assert.equal(Math.sign(rows.compare(left, right)), Math.sign(i - j))
    }
  })

  test('a row is free once its key is gone, and is given to the next that comes', () => {
    const rows = new KeyRows()
    const row = rows.add('a')
    rows.add('b')
    rows.remove(row)
    rows.remove(row)
    rows.remove(rows.rowOf('nobody'))
    assert.deepEqual([rows.hasKey(row), rows.keyOf(row), rows.rowOf('a'), rows.size], [false, '', -1, 1])
    assert.equal(rows.add('c'), row)
    assert.equal(rows.add('d'), 2)
    assert.equal(rows.hasKey(7), false)
  })

  test('what is cleared again and again, with keys or without, takes keys as before', () => {
    const rows = new KeyRows()
    for (let round = 0; round < 100; round += 1) {
      const count = round % 10 === 0 ? 1_000 : round % 7
      for (let i = 0; i < count; i += 1) rows.add(`key number ${i}`)
      assert.equal(rows.size, count)
      for (let i = 0; i < count; i += 1) assert.equal(rows.rowOf(`key number ${i}`), i)
      rows.clear()
      assert.deepEqual([rows.size, rows.rows, rows.rowOf('key number 0'), rows.keyOf(0)], [0, 0, -1, ''])
    }
    for (let round = 0; round < 20; round += 1) rows.clear()
    assert.ok(rows.bytes <= 1_024, `${rows.bytes} bytes`)
    assert.equal(rows.keyOf(rows.add('a')), 'a')
  })

  test('texts of many that are gone are given back, and what is left is as it was', () => {
    const rows = new KeyRows()
    const name = (i: number) => `a rather long key with the number ${i}`
    for (let i = 0; i < 50_000; i += 1) rows.add(name(i))
    const full = rows.bytes
    for (let i = 0; i < 50_000; i += 1) if (i % 5_000 !== 0) rows.remove(rows.rowOf(name(i)))
    assert.equal(rows.size, 10)
    assert.ok(rows.bytes < full / 2 && rows.bytes < 20 * 65_536 + 70_000, `${rows.bytes} of ${full} bytes`)
    for (let i = 0; i < 50_000; i += 5_000) assert.equal(rows.keyOf(rows.rowOf(name(i))), name(i))
  })

  test('the room of keys that are gone is used again', () => {
    const rows = new KeyRows()
    for (let i = 0; i < 200_000; i += 1) {
      rows.add(`key number ${i}`)
      if (i >= 100) rows.remove(rows.rowOf(`key number ${i - 100}`))
    }
    assert.equal(rows.size, 100)
    assert.ok(rows.rows <= 101)
    assert.ok(rows.bytes < 16_384, `${rows.bytes} bytes`)
    assert.ok(rows.has('key number 199900'))
    assert.ok(!rows.has('key number 199899'))
  })
})

/** Of several lengths and alphabets, some beginning alike. */
function keyOf(number: number): string {
  const kinds = [
    `k${number}`,
    `default|10.0.0.${number}`,
    `ключ ${number}`,
    `é${number}`,
    '\ud800'.repeat(number),
  ]
  return kinds[number % kinds.length] ?? ''
}

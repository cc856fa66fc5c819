import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Baseline, compare, parseBaselines, updated } from './baseline.ts'

const before: Baseline = { ceiling: 'c', input: 'i', hosts: 10, ratios: { a: 2, b: 1 } }

test('a ratio beyond the tolerance is worse, one below it is not', () => {
  const compared = compare({ ...before, ratios: { a: 2.51, b: 1.25, c: 9 } }, [before])
  assert.deepEqual(
    compared?.map(({ name, isWorse }) => [name, isWorse]),
    [
      ['a', true],
      ['b', false],
      ['c', false],
    ],
  )
})

test('runs that measured different things are not compared', () => {
  assert.equal(compare({ ...before, ceiling: 'z' }, [before]), null)
  assert.equal(compare({ ...before, input: 'z' }, [before]), null)
  assert.equal(compare({ ...before, hosts: 11 }, [before]), null)
  assert.equal(compare(before, []), null)
  assert.equal(compare(before, [{ ...before, hosts: 11 }, before])?.length, 2)
})

test('an update keeps the ratios of other sizes and the runs of other kinds', () => {
  assert.deepEqual(updated({ ...before, ratios: { b: 3 } }, [before]), [
    { ...before, ratios: { a: 2, b: 3 } },
  ])
  const other = { ...before, input: 'a', ratios: { b: 3 } }
  assert.deepEqual(updated(other, [before]), [other, before])
  assert.deepEqual(updated(before, []), [before])
})

test('what is written is read again, anything else refused', () => {
  assert.deepEqual(parseBaselines(JSON.stringify([before])), [before])
  for (const text of ['{}', '[{}]', '[null]', JSON.stringify([{ ...before, ratios: { a: '2' } }])]) {
    assert.throws(() => parseBaselines(text), /--update/)
  }
})

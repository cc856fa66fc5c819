import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textCodec } from '../kit/codec.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { tableStore } from './table.ts'
import { tableJoin } from './table-join.ts'

const read = (bytes: Uint8Array) => textCodec.decode(bytes)

test('a record meets the latest value of its key', () => {
  const table = new OperatorUnderTest(tableStore('names', textCodec))
  const spec = tableJoin<string, string, string>({
    store: 'names',
    read,
    join: (value, found) => `${value} ${found}`,
    unmatched: null,
  })
  const join = new OperatorUnderTest(spec, table.stores)
  table.take('a', 'old', 0).take('a', 'new', 0).take('b', 'other', 0)
  assert.deepEqual(join.take('a', 'x', 7, 8).out.splice(0), [
    { key: 'a', value: 'x new', timestampMs: 7, streamTimeMs: 8 },
  ])
  table.take('a', null, 0)
  assert.deepEqual(join.take('a', 'x', 0).take('c', 'x', 0).values(), [])
})

test('a record that finds nothing can be kept', () => {
  const table = new OperatorUnderTest(tableStore('names', textCodec))
  const spec = tableJoin<string, string, string>({
    store: 'names',
    read: () => undefined,
    join: () => 'found',
    unmatched: (value, key) => `${key} ${value} alone`,
  })
  table.take('a', 'hidden by the view', 0)
  assert.deepEqual(new OperatorUnderTest(spec, table.stores).take('a', 'x', 0).values(), ['a x alone'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numberCodec } from '../kit/codec.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { process } from './process.ts'

const summing = process<number, number>({
  stores: [{ name: 'sums', kind: 'key-value' }],
  create({ store, forward }) {
    const sums = store('sums')
    return {
      process(record) {
        const before = sums.get(record.key)
        const value = record.value + (before === undefined ? 0 : numberCodec.decode(before))
        sums.put(record.key, numberCodec.encode(value))
        forward({ ...record, value })
      },
    }
  },
})

test("an author's step has the stores it declared and keeps what it put there", () => {
  const first = new OperatorUnderTest(summing)
  first.take('a', 1, 0).take('a', 2, 0).take('b', 5, 0)
  assert.deepEqual(first.values(), [1, 3, 5])
  const second = new OperatorUnderTest(summing, first.stores)
  assert.deepEqual(second.take('a', 10, 0).values(), [13])
})

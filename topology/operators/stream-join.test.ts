import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textCodec } from '../kit/codec.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { type Sided, streamJoin } from './stream-join.ts'

const spec = streamJoin<string, string, string>({
  name: 'meet',
  withinMs: 10,
  graceMs: 5,
  silenceMs: 0,
  maxLiveKeys: 1,
  left: textCodec,
  right: textCodec,
  join: (left, right, key) => `${key} ${left}+${right}`,
})
const left = (value: string): Sided<string, string> => ({ side: 'left', value })
const right = (value: string): Sided<string, string> => ({ side: 'right', value })

test('records of one key within reach of each other meet, whichever comes first', () => {
  const operator = new OperatorUnderTest(spec)
  operator
    .take('a', left('l'), 0)
    .take('a', right('r'), 10)
    .take('b', right('q'), 3)
    .take('a', left('m'), 5, 10)
  assert.deepEqual(operator.out, [
    { key: 'a', value: 'a l+r', timestampMs: 10, streamTimeMs: 10 },
    { key: 'a', value: 'a m+r', timestampMs: 10, streamTimeMs: 10 },
  ])
})

test('records further apart do not meet', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', left('l'), 0).take('a', right('r'), 10.001)
  assert.deepEqual(operator.values(), [])
})

test('several records of one instant all meet', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', left('1'), 0).take('a', left('2'), 0).take('a', left('3'), 0.5).flush()
  const again = new OperatorUnderTest(spec, operator.stores)
  assert.deepEqual(again.take('a', right('r'), 1).values(), ['a 1+r', 'a 2+r', 'a 3+r'])
})

test('who comes after reach and grace by its own clock is late and meets nobody', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', left('l'), 0).take('a', right('r'), 0, 15.001)
  assert.deepEqual(operator.values(), [])
  assert.equal(operator.late, 1)
})

test('what nobody can meet any more is forgotten', () => {
  const operator = new OperatorUnderTest(spec)
  operator.take('a', left('l'), 0).take('b', right('r'), 0).flush()
  operator.advance(16).flush()
  for (const store of operator.stores.values()) assert.equal(store.size, 0)
})

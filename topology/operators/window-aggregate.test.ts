import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hopping, tumbling } from '../dsl/windows.ts'
import { numberCodec } from '../kit/codec.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { type TimeWindows, type WindowAggregate, type Windowed, windowAggregate } from './window-aggregate.ts'

type Out = Windowed<number> | { readonly late: number }

function sum(windows: TimeWindows, changes: Partial<WindowAggregate<number, number, Out>> = {}) {
  return windowAggregate<number, number, Out>({
    name: 'sum',
    windows,
    init: () => 0,
    add: (state, value) => state + value,
    codec: numberCodec,
    silenceMs: 100,
    maxLiveKeys: 1_000,
    emit: 'close',
    onResult: (result) => result,
    onLate: null,
    ...changes,
  })
}

const result = (startMs: number, endMs: number, value: number) => ({ window: { startMs, endMs }, value })

test("a window is told once, when its key's clock has passed its end and grace", () => {
  const operator = new OperatorUnderTest(sum(tumbling(10, { graceMs: 5 })))
  operator.take('a', 1, 0).take('a', 2, 9).take('a', 4, 14)
  assert.deepEqual(operator.out, [])
  operator.take('a', 8, 15)
  assert.deepEqual(operator.out.splice(0), [
    { key: 'a', value: result(0, 10, 3), timestampMs: 9, streamTimeMs: 15 },
  ])
  operator.advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), [result(10, 20, 12)])
})

test('an end belongs to the next window, also before 1970', () => {
  const operator = new OperatorUnderTest(sum(tumbling(10)))
  operator.take('a', 1, -10.5).take('b', 2, -10).take('c', 3, -0.001).take('d', 4, 0)
  operator.advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), [
    result(-20, -10, 1),
    result(-10, 0, 2),
    result(-10, 0, 3),
    result(0, 10, 4),
  ])
})

test('a time is in every hopping window that covers it', () => {
  const operator = new OperatorUnderTest(sum(hopping(10, 5)))
  operator.take('a', 1, 7).take('a', 2, 12)
  operator.advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), [result(0, 10, 1), result(5, 15, 3), result(10, 20, 2)])
})

test('late is who is late by the clock it carries itself', () => {
  const windows = tumbling(10, { graceMs: 5 })
  const operator = new OperatorUnderTest(sum(windows, { onLate: (late) => ({ late }) }))
  operator.take('a', 1, 5, 14.999).take('a', 2, 5, 15)
  assert.equal(operator.late, 1)
  assert.deepEqual(operator.values(), [result(0, 10, 1), { late: 2 }])
})

test('late records are dropped and counted when nobody wants them', () => {
  const operator = new OperatorUnderTest(sum(tumbling(10)))
  operator.take('a', 1, 5, 10)
  assert.deepEqual(operator.values(), [])
  assert.equal(operator.late, 1)
})

test("silence ends a window with the same result as the key's own next record", () => {
  const spoke = new OperatorUnderTest(sum(tumbling(10, { graceMs: 5 })))
  spoke.take('a', 1, 3).take('a', 7, 500)
  const silent = new OperatorUnderTest(sum(tumbling(10, { graceMs: 5 })))
  silent.take('a', 1, 3).advance(114.9)
  assert.deepEqual(silent.out, [])
  silent.advance(115)
  assert.deepEqual(silent.out, spoke.out)
})

test('every change can be told instead', () => {
  const operator = new OperatorUnderTest(sum(tumbling(10), { emit: 'change' }))
  operator.take('a', 1, 0).take('a', 2, 1).take('a', 4, 10).advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.values(), [result(0, 10, 1), result(0, 10, 3), result(10, 20, 4)])
})

test('a restart after any flush changes nothing, and ended windows leave no bytes behind', () => {
  const spec = sum(tumbling(10, { graceMs: 5 }), { maxLiveKeys: 1 })
  const play = (restartAfter: number) => {
    let operator = new OperatorUnderTest(spec)
    const results: unknown[] = []
    for (let at = 0; at < 60; at += 1) {
      operator.take(`k${at % 3}`, at, at).advance(at)
      if (at % 4 === 0) operator.flush()
      if (at !== restartAfter) continue
      results.push(...operator.flush().out)
      operator = new OperatorUnderTest(spec, operator.stores)
    }
    results.push(...operator.advance(Number.POSITIVE_INFINITY).flush().out)
    assert.equal(operator.stores.get('sum')?.size, 0)
    return results
  }
  const whole = play(-1)
  assert.equal(whole.length, 18)
  for (let at = 0; at < 60; at += 1) assert.deepEqual(play(at), whole)
})

test('a window whose result cannot be made is set aside by key and time, and the next is told', () => {
  const onResult = (result: Windowed<number>) => {
    if (result.value < 0) throw new RangeError('less than nothing')
    return result
  }
  const operator = new OperatorUnderTest(sum(tumbling(10, { graceMs: 5 }), { onResult }))
  operator.take('a', -1, 0).take('b', 1, 1).take('a', 2, 12).advance(Number.POSITIVE_INFINITY)
  assert.deepEqual(operator.asides, ['sum a@15'])
  assert.deepEqual(operator.values(), [result(0, 10, 1), result(10, 20, 2)])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Connection, HostHours } from './host-hours.ts'

const connection: Connection = {
  startMs: 0,
  src: '10.0.0.9',
  dst: '10.0.0.1',
  dstPort: 80,
  srcBytes: 1,
  dstBytes: 1,
  isAnswered: false,
}

function stepsOf(count: number, change: (i: number) => Partial<Connection>): number {
  const hours = new HostHours()
  for (let i = 0; i < count; i += 1) hours.add({ ...connection, ...change(i) })
  return hours.steps
}

test('a scan reaches a step at six hosts of one port and at each fifteen more', () => {
  assert.equal(
    stepsOf(5, (i) => ({ dst: `10.0.1.${i}` })),
    0,
  )
  assert.equal(
    stepsOf(6, (i) => ({ dst: `10.0.1.${i}` })),
    1,
  )
  assert.equal(
    stepsOf(21, (i) => ({ dst: `10.0.1.${i}` })),
    2,
  )
})

test('a scan of the ports of one host counts as well', () => {
  assert.equal(
    stepsOf(21, (i) => ({ dstPort: i })),
    2,
  )
})

test('what is answered, repeated or spread over hours is no scan', () => {
  assert.equal(
    stepsOf(100, (i) => ({ dst: `10.0.1.${i}`, isAnswered: true })),
    0,
  )
  assert.equal(
    stepsOf(100, () => ({})),
    0,
  )
  assert.equal(
    stepsOf(50, (i) => ({ dst: `10.0.1.${i}`, startMs: i * 3_600_000 })),
    0,
  )
})

test('one host and hour is one entry, however many connections', () => {
  const hours = new HostHours()
  for (let i = 0; i < 100; i += 1) hours.add({ ...connection, startMs: i * 60_000 })
  assert.equal(hours.size, 2)
})

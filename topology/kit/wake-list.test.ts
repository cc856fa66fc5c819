import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WakeList } from './wake-list.ts'

test('all who wait are woken once, and whoever waits afterwards waits for the next time', async () => {
  const list = new WakeList()
  let woken = 0
  const count = () => {
    woken += 1
  }
  const first = [list.wait().then(count), list.wait().then(count)]
  list.wake()
  const later = list.wait().then(count)
  await Promise.all(first)
  assert.equal(woken, 2)
  list.wake()
  await later
  assert.equal(woken, 3)
})

test('whoever gives up no longer waits, and is not waited for', async () => {
  const list = new WakeList()
  const stop = new AbortController()
  const waiting = list.wait(stop.signal)
  stop.abort()
  await waiting
  await list.wait(stop.signal)
  list.wake()
})

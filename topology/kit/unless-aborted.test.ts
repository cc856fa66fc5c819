import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unlessAborted } from './unless-aborted.ts'

test('nobody waits for work once the signal has aborted, and nobody hears how it fails then', async () => {
  const stop = new AbortController()
  assert.equal(await unlessAborted(Promise.resolve(1), stop.signal), 1)
  assert.equal(await unlessAborted(Promise.resolve(2), undefined), 2)
  await assert.rejects(unlessAborted(Promise.reject(new Error('a fault')), stop.signal), /a fault/)
  const work = Promise.withResolvers<number>()
  const waiting = unlessAborted(work.promise, stop.signal)
  stop.abort(new Error('no more'))
  await assert.rejects(waiting, /no more/)
  work.reject(new Error('a fault that nobody hears'))
  await assert.rejects(unlessAborted(Promise.resolve(3), stop.signal), /no more/)
})

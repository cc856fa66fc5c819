import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { noJarm } from '@weir/processors'
import { ManualClock } from '@weir/topology/kit'
import { probeInTurn } from './probe-in-turn.ts'

/** A server that speaks no TLS, and how often it was called. */
async function plainServer(t: { after(work: () => void): void }) {
  const calls = { count: 0 }
  const server = createServer((socket) => {
    calls.count += 1
    socket.on('error', () => {})
    socket.resume().end('SSH-2.0-x\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { host: '127.0.0.1', port, calls }
}

test('one after another, with a pause between two and none before the first', async (t) => {
  const servers = [await plainServer(t), await plainServer(t)]
  const clock = new ManualClock(1_000)
  const interruption = new AbortController()
  const turns = probeInTurn(servers, {
    timeoutMs: 5_000,
    interruption: interruption.signal,
    pauseMs: 5_000,
    clock,
  })
  const first = await turns.next()
  assert.deepEqual(first.value?.probed, { jarm: noJarm, ip: '127.0.0.1' })
  assert.deepEqual(
    servers.map(({ calls }) => calls.count),
    [10, 0],
  )
  const second = turns.next()
  await new Promise(setImmediate)
  assert.equal(servers[1]?.calls.count, 0)
  clock.moveBy(5_000)
  assert.equal((await second).value?.atMs, 6_000)
  assert.equal(servers[1]?.calls.count, 10)
  assert.equal((await turns.next()).done, true)
})

test('whoever interrupts it waits for no pause, and no further server is called', async (t) => {
  const servers = [await plainServer(t), await plainServer(t)]
  const interruption = new AbortController()
  const turns = probeInTurn(servers, {
    timeoutMs: 5_000,
    interruption: interruption.signal,
    pauseMs: 5_000,
    clock: new ManualClock(0),
  })
  await turns.next()
  const second = turns.next()
  interruption.abort()
  assert.equal((await second).done, true)
  assert.equal(servers[1]?.calls.count, 0)
})

/**
 * `WEIR_BROKERS=… node tests/bench/kafka/standstill.ts [KEYS]`: how long tasks give nothing while processes join, restore
 * their share of KEYS (300,000) counts, and leave: those that stay where they are, and those that move. Committed every 100 ms,
 * exactly once; a record for every partition every 20 ms.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Plan, Runner, TopologyBuilder } from '@weir/topology'
import { numberCodec, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { Partitioner } from '../../../topology/transport/partitioner.ts'
import { freshPrefix, openKafka } from '../../kafka/broker-under-test.ts'

const partitions = 6
const isMember = process.argv[2] === 'member'
const keys = Number(process.argv[2] ?? 300_000)
const options = { heartbeatMs: 1_000, sessionMs: 10_000, giveUpMs: 300_000 }

function plan(): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .aggregate('count', { init: () => 0, add: (count) => count + 1, codec: numberCodec })
    .mapValues(() => String(process.pid))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions })
}

async function beMember(prefix: string): Promise<void> {
  const { transport, close } = await openKafka(options, prefix)
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort())
  const onRestore = () => console.log('restoring')
  const runner = new Runner(plan(), transport, { commitMs: 100, onRestore })
  await runner.start()
  await runner.run(stop.signal)
  await runner.stop()
  await close()
}

const record = (key: string) => ({ key, value: 'x', timestampMs: 1, streamTimeMs: 1 })

async function fill(transport: Transport): Promise<void> {
  const runner = new Runner(plan(), transport)
  await runner.start()
  for (let at = 0; at < keys; at += 10_000) {
    await transport.producer().send(
      'in',
      Array.from({ length: Math.min(10_000, keys - at) }, (_, n) => record(`key-${at + n}`)),
    )
    await runner.poll()
  }
  await runner.runUntilIdle()
  await runner.stop()
}

type Seen = { readonly atMs: number; readonly pid: string }

async function measure(): Promise<void> {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka(options, prefix)
  await fill(transport)
  const partitioner = new Partitioner(partitions)
  const probes = Array.from({ length: partitions }, (_, partition) => {
    for (let n = 0; ; n += 1) if (partitioner.partitionOf(`probe-${n}`) === partition) return `probe-${n}`
  })
  const seen = new Map<string, Seen[]>(probes.map((probe) => [probe, []]))
  const nothing = async () => {}
  const reader = await transport.join('read', [{ topics: ['out'], partitions }], {
    revoking: nothing,
    assigned: nothing,
  })
  const stop = new AbortController()
  const reading = (async () => {
    while (!stop.signal.aborted) {
      for (const { records } of (await reader.fetch(() => 10_000)).batches) {
        for (const { key, value } of records) {
          const pid = value instanceof Uint8Array ? textCodec.decode(value) : ''
          seen.get(key)?.push({ atMs: performance.now(), pid })
        }
      }
      await sleep(5)
    }
  })()
  const sending = (async () => {
    while (!stop.signal.aborted) {
      await transport.producer().send('in', probes.map(record))
      await sleep(20)
    }
  })()
  const ownerOf = (probe: string) => seen.get(probe)?.at(-1)?.pid ?? ''
  const members: ChildProcess[] = []
  const isEven = () => {
    const shares = members.map(({ pid }) => probes.filter((probe) => ownerOf(probe) === String(pid)).length)
    return shares.every((share) => share === partitions / members.length)
  }
  /** Starts one; resolves when it restores. */
  const start = async () => {
    const child = spawn(process.execPath, [import.meta.filename, 'member', prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    members.push(child)
    await once(child.stdout, 'data')
  }
  const end = async (child: ChildProcess | undefined) => {
    child?.kill('SIGTERM')
    if (child !== undefined) await once(child, 'exit')
  }
  const during = async (what: string, change: () => Promise<unknown>) => {
    const before = new Map(probes.map((probe) => [probe, ownerOf(probe)]))
    const sinceMs = performance.now()
    await change()
    while (!isEven()) await sleep(50)
    const tookMs = performance.now() - sinceMs
    await sleep(2_000)
    const silence = (isKept: boolean) => {
      let longestMs = 0
      for (const probe of probes) {
        if ((before.get(probe) === ownerOf(probe)) !== isKept) continue
        const times = (seen.get(probe) ?? []).map(({ atMs }) => atMs).filter((atMs) => atMs > sinceMs - 500)
        times.forEach((atMs, at) => {
          longestMs = Math.max(longestMs, atMs - (times[at - 1] ?? atMs))
        })
      }
      return Math.round(longestMs)
    }
    console.log(
      `${what}: even after ${Math.round(tookMs)} ms; longest silence of tasks that stay ${silence(true)} ms, that move ${silence(false)} ms`,
    )
  }
  await during('the first starts', start)
  await during('a second joins, and a third while it restores', async () => {
    await start()
    await start()
  })
  await during('one of three leaves', () => end(members.pop()))
  await Promise.all(members.map(end))
  stop.abort()
  await Promise.all([reading, sending])
  await close()
}

await (isMember ? beMember(process.argv[3] ?? '') : measure())

/**
 * How long a flow takes from its production until an alert that it causes can be read: flows come at a steady rate and carry the
 * moment of their production as the time at which they were observed, which the alert repeats. An alert that time caused, and no
 * flow, repeats none of these moments and is not counted.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInputs } from '@weir/edge-agent'
import { alertCodec, type FlowRecord, flowCodec, topics } from '@weir/schemas'
import { kafkaTopics, kafkaTransport, type LogRecord } from '@weir/topology/transport'
import { RecordKeys } from '../../../console/analyze/record-keys.ts'
import { freshTopics } from './detection-topics.ts'

const weir = join(import.meta.dirname, '..', '..', '..', 'console', 'weir')
const site = 'bench'
const portionMs = 20
/** Fewer than there are thousandths in a portion's time, so that moments stay apart. */
const maxPortion = 2_000
const warmSeconds = 15
const measuredSeconds = 20

export type Latency = {
  readonly alerts: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Flows that really were produced in a second, while it was measured. */
  readonly flowsPerSecond: number
}

/** `flowsPerSecond` of the records of a file, as often around as it takes; one process, exactly-once, a commit each 100 ms. */
export async function alertLatency(brokers: string, file: string, flowsPerSecond: number): Promise<Latency> {
  await freshTopics([brokers], false)
  const options = [
    '--brokers',
    brokers,
    '--log-level',
    'info',
    '--guarantee',
    'exactly-once',
    '--commit-ms',
    '100',
  ]
  const child = spawn(weir, ['processors', ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const reading = new AbortController()
  const produced = new Set<number>()
  const tookMs: number[] = []
  try {
    await restored(child)
    const reader = readAlerts(brokers, produced, tookMs, reading.signal)
    const rate = await produce(brokers, file, flowsPerSecond, produced)
    await sleep(2_000)
    reading.abort()
    await reader
    const sorted = tookMs.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN)
    return { alerts: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), flowsPerSecond: rate }
  } finally {
    reading.abort()
    child.kill('SIGTERM')
    await exited
  }
}

/** Until it has its tasks; rejects when it ends before. */
function restored(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('exit', (status) => reject(new Error(`the processors ended with ${status}`)))
    child.stderr?.on('data', (text: Buffer) => {
      if (text.includes('"restored"')) resolve()
    })
  })
}

/** Remembers the moments of those that count, and gives how many a second there were of them. */
async function produce(
  brokers: string,
  file: string,
  flowsPerSecond: number,
  produced: Set<number>,
): Promise<number> {
  const transport = await kafkaTransport({ brokers: brokers.split(',') })
  try {
    const { name, partitions } = topics.flows
    await transport.ensureTopics([
      { name, partitions, encode: (value) => flowCodec.encode(value as FlowRecord), keep: 'all' },
    ])
    const producer = transport.producer()
    const keys = new RecordKeys(site)
    const records = around(file)
    const startMs = performance.now()
    let sent = 0
    let warm: { readonly sent: number; readonly ms: number } | null = null
    for (;;) {
      const ms = performance.now()
      const seconds = (ms - startMs) / 1_000
      if (warm === null && seconds >= warmSeconds) warm = { sent, ms }
      if (warm !== null && seconds >= warmSeconds + measuredSeconds) {
        return Math.round(((sent - warm.sent) * 1_000) / (ms - warm.ms))
      }
      const due = Math.min(maxPortion, Math.floor(seconds * flowsPerSecond) - sent)
      const nowMs = Date.now()
      const portion: LogRecord[] = []
      while (portion.length < due) {
        const { value: record } = await records.next()
        // No two at the same moment: a thousandth of a millisecond apart.
        const momentMs = nowMs + portion.length / 1_024
        if (warm !== null) produced.add(momentMs)
        portion.push(keys.toLog({ ...record, tsMs: momentMs, observedMs: momentMs }))
      }
      sent += portion.length
      await producer.send(name, portion)
      await sleep(portionMs)
    }
  } finally {
    await transport.close()
  }
}

/** The records of a file again and again. */
async function* around(file: string): AsyncGenerator<FlowRecord, never> {
  for (;;) {
    const inputs = await openInputs([file], { site, timezoneMinutes: 0, onReject: () => {} })
    try {
      for await (const batch of inputs.batches()) yield* batch
    } finally {
      await inputs.close()
    }
  }
}

async function readAlerts(
  brokers: string,
  produced: ReadonlySet<number>,
  tookMs: number[],
  signal: AbortSignal,
): Promise<void> {
  const kafka = await kafkaTopics({ brokers: brokers.split(',') })
  for await (const batches of kafka.read(topics.alerts.name, { from: 'now', untilEnd: false }, signal)) {
    const nowMs = Date.now()
    for (const { value } of batches.flatMap(({ records }) => [...records])) {
      if (!(value instanceof Uint8Array)) continue
      const { observedMs } = alertCodec.decode(value)
      if (produced.has(observedMs)) tookMs.push(nowMs - observedMs)
    }
  }
}

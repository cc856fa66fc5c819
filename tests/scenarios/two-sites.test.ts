import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openInputs } from '@weir/edge-agent'
import {
  configure,
  DetectionCounters,
  detectionDefaults,
  detectionTopology,
  detectors,
  emptyWhitelist,
  Network,
  noIndicators,
  plainContext,
} from '@weir/processors'
import {
  alertCodec,
  type Evidence,
  evidenceCodec,
  evidenceLine,
  type FlowRecord,
  flowCodec,
  parseEvidenceLine,
  topics,
} from '@weir/schemas'
import { Runner } from '@weir/topology'
import { memoryTransport } from '@weir/topology/transport'
import { office } from '../generate/actors/office.ts'
import { dataUpload } from '../generate/actors/outgoing.ts'
import { portSweep } from '../generate/actors/port-sweep.ts'
import { minutes } from '../generate/durations.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { defineScenario } from '../generate/scenario.ts'
import type { Actor } from '../generate/stage.ts'
import { Workspace } from './analysis.ts'

/** Both sites have the same hosts at the same addresses, and an office of their own on them. */
async function recordsOf(site: string, seed: number, attacks: readonly Actor[]): Promise<FlowRecord[]> {
  const story = 'An office whose addresses another office has too.'
  const cast = { play: [office({ hosts: 6 }), ...attacks], expect: [], otherwiseQuiet: false }
  using workspace = new Workspace()
  writeLogs(play(defineScenario({ story, seed, lasts: minutes(45), ...cast })), workspace.path, {
    sensor: 'zeek',
  })
  const inputs = await openInputs([workspace.path], { site, timezoneMinutes: 0, onReject: () => {} })
  const records: FlowRecord[] = []
  for await (const batch of inputs.batches()) records.push(...batch)
  return records
}

/** As a topic holds what two agents ship to it: in the order in which they read it. */
function interleaved(...sites: readonly FlowRecord[][]): FlowRecord[] {
  return sites.flat().sort((a, b) => a.observedMs - b.observedMs)
}

async function evidenceOf(records: readonly FlowRecord[], partitions: number): Promise<string[]> {
  const keyed = {
    windowMs: detectionDefaults.windowMs,
    graceMs: detectionDefaults.graceMs,
    silenceMs: detectionDefaults.silenceMs,
    keyTtlMs: detectionDefaults.hostTtlMs,
    maxLiveKeys: detectionDefaults.maxLiveHosts,
  }
  const plan = detectionTopology(
    {
      flows: { name: topics.flows.name, codec: flowCodec, partitions },
      evidence: { name: topics.evidence.name, codec: evidenceCodec, partitions },
      alerts: { name: topics.alerts.name, codec: alertCodec, partitions },
      suppressed: { name: topics.suppressed.name, codec: topics.suppressed.value, partitions },
      deadLetters: topics.deadLetters.name,
    },
    detectors.map((detector) => configure(detector, {})),
    {
      keyed,
      network: new Network([]),
      whitelist: emptyWhitelist,
      intel: noIndicators,
      context: plainContext,
      popularDomains: [],
      disabled: new Set(),
      judgesOutsiders: true,
      counters: new DetectionCounters(),
    },
    { keyed, threshold: 1, onLate: () => {} },
    partitions,
  )
  const transport = memoryTransport()
  const runner = new Runner(plan, transport, { stores: 'memory' })
  await runner.start()
  const reader = await transport.join('test', [{ topics: [topics.evidence.name], partitions }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  const producer = transport.producer()
  for (let from = 0; from < records.length; from += 1000) {
    await producer.send(
      topics.flows.name,
      records.slice(from, from + 1000).map((record) => ({
        key: `${record.site}|${record.srcIp}`,
        value: record,
        timestampMs: record.tsMs,
        streamTimeMs: record.observedMs,
      })),
    )
    await runner.poll()
  }
  await runner.finish()
  const lines: string[] = []
  for (const { records: found } of (await reader.fetch(() => 10_000)).batches) {
    for (const { value } of found) lines.push(evidenceLine(evidenceIn(value)))
  }
  await reader.leave()
  await runner.stop()
  await transport.close()
  return lines.sort()
}

function evidenceIn(value: unknown): Evidence {
  assert.ok(value !== null && typeof value === 'object')
  return value instanceof Uint8Array ? evidenceCodec.decode(value) : (value as Evidence)
}

const sweep = (ports: number) =>
  portSweep({ from: 'ws-3', to: 'files-1', at: minutes(20), ports, refused: 1, open: [] })
const upload = dataUpload({
  from: 'ws-2',
  to: 'drop.file-locker-9931.net',
  at: minutes(15),
  megabytes: 160,
})

for (const partitions of [1, 4]) {
  test(`two sites with the same addresses are judged as if the other were not there, in ${partitions} partitions`, async () => {
    const north = await recordsOf('north', 50, [sweep(40)])
    const south = await recordsOf('south', 51, [upload])
    const [alone, other] = [await evidenceOf(north, partitions), await evidenceOf(south, partitions)]
    assert.ok(alone.length > 0 && other.length > 0)
    assert.deepEqual(await evidenceOf(interleaved(north, south), partitions), [...alone, ...other].sort())
  })
}

test('the ports that two hosts of one address try at two sites do not add up', async () => {
  const scansOf = async (...sites: FlowRecord[][]) => {
    const lines = (await evidenceOf(interleaved(...sites), 1)).map(parseEvidenceLine)
    return lines.filter(({ detector }) => detector === 'vertical-port-scan').map(({ site }) => site)
  }
  const north = await recordsOf('north', 50, [sweep(4)])
  assert.deepEqual(await scansOf(north, await recordsOf('south', 51, [sweep(4)])), [])
  assert.deepEqual(await scansOf(north, await recordsOf('south', 51, [sweep(8)])), ['south'])
  // At one site they would.
  assert.deepEqual(await scansOf(await recordsOf('north', 50, [sweep(4), sweep(8)])), ['north'])
})

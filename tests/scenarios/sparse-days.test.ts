import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseAlertLine } from '@weir/schemas'
import type { AnalyzeOptions } from '../../console/analyze/settings.ts'
import { dhcpStarvation } from '../generate/actors/dhcp-starvation.ts'
import { horizontalScan } from '../generate/actors/horizontal-scan.ts'
import { hours, minutes } from '../generate/durations.ts'
import { writeLogs } from '../generate/logs.ts'
import { host } from '../generate/network.ts'
import { play } from '../generate/play.ts'
import { defineScenario } from '../generate/scenario.ts'
import type { Actor } from '../generate/stage.ts'
import { analyzePaths, Workspace, type Written } from './analysis.ts'

/** A question for the time, once an hour: hardly any traffic, and never silent for long. */
const clockOnly: Actor = {
  name: 'clock-only',
  benign: true,
  play: (stage) => {
    for (let atMs = minutes(20); atMs < stage.lastsMs; atMs += hours(1)) {
      const { server, readyMs } = stage.resolve(host('ws-2'), 'time.ntp-pool.example', atMs)
      stage.connect({
        from: host('ws-2'),
        to: server,
        proto: 'udp',
        port: 123,
        service: 'ntp',
        atMs: readyMs,
        durationMs: 20,
        srcBytes: 48,
        dstBytes: 48,
      })
    }
  },
}

const sparse = defineScenario({
  story:
    'In thirty hours with next to no traffic a host empties the DHCP pool in the first and scans in the last.',
  seed: 31,
  lasts: hours(30),
  play: [
    clockOnly,
    dhcpStarvation({ from: 'ws-5', at: minutes(10), addresses: 40 }),
    horizontalScan({ from: 'ws-5', port: 445, at: hours(29) + minutes(10), targets: 120 }),
  ],
  expect: [
    { detector: 'dhcp-scan', from: 'ws-5', between: [minutes(10), minutes(13)] },
    {
      detector: 'horizontal-port-scan',
      from: 'ws-5',
      between: [hours(29) + minutes(10), hours(29) + minutes(13)],
    },
  ],
  alerts: ['ws-5'],
  otherwiseQuiet: true,
})

const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())
const logs = workspace.folder('logs')
writeLogs(play(sparse), logs, { sensor: 'zeek' })
let runs = 0

function run(options: Omit<AnalyzeOptions, 'out'>): Promise<Written> {
  runs += 1
  return analyzePaths([logs], { ...options, out: workspace.folder(`out-${runs}`) })
}

function windowsOf({ alerts }: Written): string[] {
  return alerts
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { profile, window } = parseAlertLine(line)
      return `${profile} ${(window.startMs - sparse.startMs) / hours(1)}`
    })
    .sort()
}

const expected = await run({})

for (const partitions of ['1', '8']) {
  for (const store of ['memory', 'disk']) {
    test(`attacks thirty sparse hours apart are two alerts, with ${partitions} partitions and state in ${store === 'disk' ? 'files' : 'memory'}`, async () => {
      const state = store === 'disk' ? { stateDir: workspace.folder(`state-${partitions}`) } : {}
      const found = await run({ partitions, store, ...state })
      assert.deepEqual(windowsOf(found), [`${host('ws-5').ip} 0`, `${host('ws-5').ip} 29`])
      const { lateEvidence }: { lateEvidence: number } = JSON.parse(found.summary)
      assert.equal(lateEvidence, 0)
      assert.equal(found.alerts, expected.alerts)
      assert.equal(found.evidence, expected.evidence)
    })
  }
}

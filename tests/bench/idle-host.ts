/**
 * `node --expose-gc tests/bench/idle-host.ts [hosts]` prints what a host takes in memory that was busy for an hour, once its window has
 * closed and it is silent: as JSON, in bytes. All detectors are on, and run as `weir analyze` runs them.
 */
import { DetectionCounters } from '@weir/processors'
import { topics } from '@weir/schemas'
import { TopologyDriver } from '@weir/topology/testing'
import { detectionPlan } from '../../console/analyze/detection-plan.ts'
import { readSettings } from '../../console/analyze/settings.ts'
import { asRead, conn, dns, hours, startMs, tls } from '../../processors/testing/flows.ts'

const HOSTS = 5_000
const HOUR_MS = 3_600_000
/** More than an operator handles between two looks at what may rest. */
const RECORDS_OF_OTHERS = 20_000

/** An ordinary hour: a dozen names looked up, and connections to each of them, most of them TLS. */
function hourOf(host: number) {
  const srcIp = `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`
  const records = Array.from({ length: 12 }, (_, i) => {
    const answer = `93.184.${(host * 7 + i) & 255}.${i + 1}`
    const tsMs = startMs + i * 200_000 + (host % 1_000)
    const serverName = `www.site-${i}.example`
    return [
      dns({ srcIp, dstIp: '10.0.0.1', query: serverName, answers: [answer], tsMs }),
      conn({ srcIp, dstIp: answer, dstPort: 443, service: 'ssl', tsMs: tsMs + 50 }),
      tls({ srcIp, dstIp: answer, serverName, tsMs: tsMs + 80 }),
    ]
  })
  return records.flat()
}

const busy = conn({ srcIp: '10.255.0.1', dstIp: '10.255.0.2', uid: 'C1' })

/** Bytes each of so many hosts takes. Needs `--expose-gc`. */
export function bytesOfIdleHost(hosts: number): number {
  const plan = detectionPlan(readSettings({ out: 'out' }), new DetectionCounters())
  const driver = new TopologyDriver(plan)
  const before = usedBytes()
  const lastMs = startMs + HOUR_MS
  for (let host = 0; host < hosts; host += 1) {
    for (const record of asRead(hourOf(host))) {
      driver.pipe(flows, `${record.site}|${record.srcIp}`, record, record.tsMs, startMs)
    }
    // What was said is not what a host takes.
    driver.read(evidence)
  }
  // The window, its grace and every wait of detectors are over; the hosts themselves are remembered for longer.
  driver.advanceTo(lastMs + hours(9))
  // What is quiet rests at the second look; looks and commits come with the records of others.
  for (let look = 0; look < 2; look += 1) {
    for (let i = 0; i < RECORDS_OF_OTHERS; i += 1) {
      const tsMs = lastMs + hours(9) + look * 60_000 + i
      driver.pipe(flows, `main|${busy.srcIp}`, { ...busy, tsMs, observedMs: tsMs }, tsMs)
    }
    for (const { stores } of plan.subTopologies) for (const { name } of stores) driver.store(name)
  }
  driver.read(evidence)
  const grown = usedBytes() - before
  // Still in use: what nobody asks any more is collected while it is measured.
  driver.read(evidence)
  return grown / hosts
}

const flows = { name: topics.flows.name, codec: topics.flows.value, partitions: 1 }
const evidence = { name: topics.evidence.name, codec: topics.evidence.value, partitions: 1 }

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

if (import.meta.main) {
  const hosts = Number(process.argv[2] ?? HOSTS)
  // Code that is compiled for the first hosts would be counted as theirs.
  bytesOfIdleHost(200)
  process.stdout.write(`${JSON.stringify({ hosts, bytesPerHost: Math.round(bytesOfIdleHost(hosts)) })}\n`)
}

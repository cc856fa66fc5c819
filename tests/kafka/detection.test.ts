import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Transport } from '@weir/topology/transport'
import { Findings } from '../../console/analyze/findings.ts'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { ResultFiles } from '../../console/out/result-files.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { openKafka } from './broker-under-test.ts'

const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())
const logs = workspace.folder('logs')
writeLogs(play(attackHour), logs, { sensor: 'zeek' })
const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
const never = new AbortController().signal

test('there is something to compare', () => {
  assert.ok(expected.evidence.split('\n').length > 20)
  assert.ok(expected.alerts.split('\n').length > 2)
})

/** Evidence and alerts of the topics, each once and the last revision, in canonical order. */
async function written(transport: Transport, partitions: number, out: string) {
  mkdirSync(out, { recursive: true })
  const findings = new Findings(out)
  await (await findings.follow(transport, partitions)).leave()
  const results = ResultFiles.create(out)
  const alerts = results.open('alerts.jsonl')
  const evidence = results.open('evidence.jsonl')
  findings.write(alerts, evidence, 'low')
  results.publish()
  const text = (name: string) => readFileSync(join(out, name), 'utf8')
  return { evidence: text('evidence.jsonl'), alerts: text('alerts.jsonl') }
}

for (const [partitions, guarantee] of [
  [1, 'exactly-once'],
  [8, 'exactly-once'],
  [8, 'at-least-once'],
] as const) {
  test(`flows shipped to ${partitions} partitions give what analyze gives, ${guarantee}`, async () => {
    const { transport, close } = await openKafka({ guarantee })
    try {
      const settings = readSettings({ out: 'out', partitions: String(partitions) })
      const { records } = await ship([logs], settings, transport, { stdin: nothing(), interruption: never })
      assert.ok(records > 1_000)
      const totals = await runProcessors(settings, transport, {
        commitMs: 100,
        untilIdleMs: 1_000,
        finish: true,
        interruption: never,
      })
      assert.ok(totals.records >= records)
      const actual = await written(transport, partitions, workspace.folder(`out-${partitions}-${guarantee}`))
      assert.equal(actual.evidence, expected.evidence)
      assert.equal(actual.alerts, expected.alerts)
    } finally {
      await close()
    }
  })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

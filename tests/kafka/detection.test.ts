import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { openKafka } from './broker-under-test.ts'
import { readFindings } from './read-topics.ts'

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
      const actual = await readFindings(
        transport,
        partitions,
        workspace.folder(`out-${partitions}-${guarantee}`),
      )
      assert.equal(actual.evidence, expected.evidence)
      assert.equal(actual.alerts, expected.alerts)
    } finally {
      await close()
    }
  })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** What the topics hold in the end is what `weir analyze` writes. `WEIR_KAFKA_FULL=1`: every scenario, however spread. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { loadStories } from '../generate/stories.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { openKafka } from './broker-under-test.ts'
import { readFindings } from './read-topics.ts'
import { assertSameAnswer, type Spread } from './same-answer.ts'

const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())
const never = new AbortController().signal
const isFull = process.env.WEIR_KAFKA_FULL === '1'

/** With much evidence, with records from all partitions under one key, and with silences longer than any grace. */
const short = ['attack-hour', 'dhcp-pool-is-used-up', 'logs-of-an-hour-are-lost']
const spreads: readonly Spread[] = [
  { partitions: 1, processes: 1 },
  { partitions: 8, processes: 1 },
  { partitions: 1, processes: 3 },
  { partitions: 8, processes: 3 },
]

const stories = await loadStories()
let runs = 0

for (const [name, scenario] of stories) {
  if (!isFull && !short.includes(name)) continue
  const logs = workspace.folder(`${name}-logs`)
  const read = () => {
    writeLogs(play(scenario), logs, { sensor: 'zeek' })
    return analyzePaths([logs], { out: workspace.folder(`${name}-expected`) })
  }
  let expected: ReturnType<typeof read> | null = null
  for (const spread of isFull ? spreads : spreads.slice(2)) {
    const { partitions, processes } = spread
    test(`${name} over ${partitions} partitions and ${processes} processes gives what analyze gives`, async () => {
      runs += 1
      await assertSameAnswer(logs, await (expected ??= read()), spread, workspace.folder(`out-${runs}`))
    })
  }
}

test('processors that wait for the first record give what analyze gives', async () => {
  const scenario = stories.get('attack-hour')
  assert.ok(scenario !== undefined)
  const logs = workspace.folder('live-logs')
  writeLogs(play(scenario), logs, { sensor: 'zeek' })
  const expected = await analyzePaths([logs], { out: workspace.folder('live-expected') })
  assert.ok(expected.evidence.split('\n').length > 20)
  assert.ok(expected.alerts.split('\n').length > 2)
  const spread = { partitions: 8, processes: 3, live: true }
  await assertSameAnswer(logs, expected, spread, workspace.folder('live-out'))
})

for (const [partitions, guarantee] of [
  [1, 'exactly-once'],
  [8, 'at-least-once'],
] as const) {
  test(`in this process, ${partitions} partitions give what analyze gives, ${guarantee}`, async () => {
    const scenario = stories.get('attack-hour')
    assert.ok(scenario !== undefined)
    const logs = workspace.folder(`logs-${guarantee}`)
    writeLogs(play(scenario), logs, { sensor: 'zeek' })
    const expected = await analyzePaths([logs], { out: workspace.folder(`expected-${guarantee}`) })
    const { transport, close } = await openKafka({ guarantee, sessionMs: 30_000 })
    try {
      const settings = readSettings({ out: 'out', partitions: String(partitions) })
      const run = { stdin: nothing(), interruption: never, final: 'logs' }
      const { records } = await ship([logs], settings, transport, run)
      assert.ok(records > 1_000)
      const totals = await runProcessors(settings, transport, {
        commitMs: 100,
        untilIdleMs: 1_000,
        idleMs: Number.POSITIVE_INFINITY,
        interruption: never,
      })
      assert.ok(totals.records >= records)
      const actual = await readFindings(transport, partitions, workspace.folder(`out-${guarantee}`))
      assert.equal(actual.evidence, expected.evidence)
      assert.equal(actual.alerts, expected.alerts)
    } finally {
      await close()
    }
  })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { brokers, freshPrefix, openKafka } from './broker-under-test.ts'
import { Fleet } from './fleet.ts'
import { assertSaidOnce, readFindings, readSaid } from './read-topics.ts'
import { type Pace, slowly } from './slowly.ts'
import { sayUndisturbed } from './undisturbed.ts'

const partitions = 4
const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())

test('a rolling restart of three processes loses nothing and doubles nothing', async () => {
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
  const undisturbed = await sayUndisturbed(logs, partitions)
  const settings = readSettings({ out: 'out', partitions: String(partitions) })
  const interruption = new AbortController().signal
  const prefix = freshPrefix()
  const fleet = new Fleet(prefix, partitions, brokers.join(','))
  const { transport, close } = await openKafka({}, prefix)
  const pace: Pace = { records: 100, pauseMs: 200 }
  try {
    let isShipped = false
    const shipping = ship([logs], settings, slowly(transport, pace), {
      stdin: nothing(),
      interruption,
      final: 'logs',
    })
    const shipped = shipping.then(() => {
      isShipped = true
    })
    shipped.catch(() => {})
    const folders = [0, 1, 2].map((n) => workspace.folder(`state-${n}`))
    await Promise.all(folders.map((folder) => fleet.start(folder)))
    while ((await transport.committed('weir', topics.flows.name, 0)) === 0) await sleep(50)
    for (const folder of folders) {
      const member = fleet.running.find(({ stateDirectory }) => stateDirectory === folder)
      assert.ok(member !== undefined)
      await fleet.end(member, 'SIGTERM')
      assert.equal(member.child.exitCode, 0)
      await fleet.start(folder, 0, 'restoring')
    }
    assert.equal(isShipped, false, 'the restarts must fall into the work')
    Object.assign(pace, { records: 1_000, pauseMs: 0 })
    await shipped
    await fleet.endAll('SIGTERM')
    assert.deepEqual(fleet.failures, [])
    const finishing = { commitMs: 50, untilIdleMs: 1_000, idleMs: Number.POSITIVE_INFINITY, interruption }
    await runProcessors(settings, transport, finishing)
    assertSaidOnce(await readSaid(transport, partitions), undisturbed)
    const actual = await readFindings(transport, partitions, workspace.folder('out'))
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
  } finally {
    await fleet.endAll('SIGKILL')
    await close()
  }
})

async function* nothing(): AsyncGenerator<Uint8Array> {}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import type { Runner } from '@weir/topology'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'
import { evidenceIds } from './read-topics.ts'
import { slowly } from './slowly.ts'

const partitions = 2
const settings = readSettings({ out: 'out', partitions: String(partitions) })

test('input that was interrupted is waited for by name, over a restart, until it is sent again; then all of it is told', async () => {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const { evidence } = await analyzePaths([logs], { out: workspace.folder('expected') })
  const expected = evidence
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line).id))
  const prefix = freshPrefix()
  const shipper = await openKafka({}, prefix)
  const { transport, close } = await openKafka({}, prefix)
  const stop = new AbortController()
  try {
    const interrupted = new AbortController()
    const sending = ship([logs], settings, slowly(shipper.transport, { records: 200, pauseMs: 50 }), {
      stdin: nothing(),
      interruption: interrupted.signal,
      final: 'site/logs',
    })
    const refused = assert.rejects(sending, {
      code: 'CONSOLE_SHIP_INTERRUPTED',
      message: /interrupted after \d+ records; site\/logs has begun and not ended, and is waited for/,
    })
    const first = processing(stop.signal)
    await until(() => (first.runner?.totals.records ?? 0) > 200)
    interrupted.abort()
    await refused
    await until(() => isStill(first.runner))
    assert.deepEqual(awaited(first.runner), ['site/logs', 'site/logs'], 'in every partition')
    assert.ok(first.runner?.view().ready, 'waiting for input is no illness')
    assert.equal((await evidenceOnTopic()).filter((id) => !expected.includes(id)).length, 0)
    stop.abort()
    await first.ended

    const again = new AbortController()
    const second = processing(again.signal)
    await until(() => second.runner?.view().ready === true)
    assert.deepEqual(awaited(second.runner), ['site/logs', 'site/logs'], 'known to who comes later')
    const run = { stdin: nothing(), interruption: new AbortController().signal, final: 'site/logs' }
    await ship([logs], settings, shipper.transport, run)
    await until(() => isStill(second.runner) && awaited(second.runner).length === 0)
    await until(async () => new Set(await evidenceOnTopic()).size >= new Set(expected).size)
    const found = await evidenceOnTopic()
    assert.equal(new Set(found).size, found.length, 'each finding once')
    const missing = expected.filter((id) => !found.includes(id))
    assert.deepEqual(missing, [])
    again.abort()
    await second.ended
  } finally {
    stop.abort()
    await shipper.close()
    await close()
  }

  function evidenceOnTopic(): Promise<readonly string[]> {
    return evidenceIds(transport, partitions)
  }

  function processing(interruption: AbortSignal) {
    const found: { runner: Runner | null } = { runner: null }
    const ended = runProcessors(settings, transport, {
      commitMs: 50,
      untilIdleMs: null,
      idleMs: Number.POSITIVE_INFINITY,
      interruption,
      onRunner: (runner) => {
        found.runner = runner
      },
    })
    return Object.assign(found, { ended })
  }
})

/** Of each partition of the flows, the writers that are waited for. */
function awaited(runner: Runner | null): readonly string[] {
  const inputs = (runner?.view().tasks ?? []).flatMap((task) => task.inputs)
  return inputs.filter(({ topic }) => topic === topics.flows.name).flatMap(({ awaits }) => awaits)
}

function isStill(runner: Runner | null): boolean {
  const inputs = (runner?.view().tasks ?? []).flatMap((task) => task.inputs)
  return (
    runner?.isIdle === true &&
    inputs.length > 0 &&
    inputs.every(({ position, end, inMemory }) => position === end && inMemory === 0)
  )
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

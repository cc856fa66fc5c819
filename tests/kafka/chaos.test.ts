import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { Random } from '../generate/random.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'
import { evidenceIds, readFindings } from './read-topics.ts'
import { slowly } from './slowly.ts'

const partitions = 4
const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())
const logs = workspace.folder('logs')
writeLogs(play(attackHour), logs, { sensor: 'zeek' })
const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
const settings = readSettings({ out: 'out', partitions: String(partitions) })
const never = new AbortController().signal
const world = { stdin: nothing(), interruption: never, final: 'logs' }

async function undisturbed(): Promise<readonly string[]> {
  const { transport, close } = await openKafka()
  try {
    await ship([logs], settings, transport, world)
    const options = { commitMs: 50, untilIdleMs: 500, idleMs: Number.POSITIVE_INFINITY, interruption: never }
    await runProcessors(settings, transport, options)
    return await evidenceIds(transport, partitions)
  } finally {
    await close()
  }
}

test('processors that are killed and frozen again and again say in the end what they say undisturbed, once', async () => {
  const random = new Random('chaos')
  const ids = await undisturbed()
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const running: ChildProcess[] = []
  const startOne = async () => {
    const script = join(import.meta.dirname, 'processors-process.ts')
    const child = spawn(process.execPath, [script, prefix, String(partitions), 'never'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(child)
    await once(child.stdout, 'data')
  }
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    running.splice(running.indexOf(child), 1)
    const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
    child.kill(signal)
    await ended
  }
  try {
    const shipping = ship([logs], settings, slowly(transport), world)
    await Promise.all([startOne(), startOne()])
    let kills = 0
    for (let turn = 0; turn < 8; turn += 1) {
      await sleep(random.int(300, 1_800))
      const child = running[random.int(0, running.length - 1)]
      if (child === undefined) break
      if (turn % 4 === 3) {
        child.kill('SIGSTOP')
        await sleep(2_500)
        child.kill('SIGCONT')
        continue
      }
      await end(child, 'SIGKILL')
      kills += 1
      await startOne()
    }
    assert.ok(kills >= 5)
    await shipping
    for (const child of [...running]) await end(child, 'SIGTERM')
    const options = {
      commitMs: 50,
      untilIdleMs: 1_000,
      idleMs: Number.POSITIVE_INFINITY,
      interruption: never,
    }
    await runProcessors(settings, transport, options)
    assert.deepEqual(await evidenceIds(transport, partitions), ids)
    const actual = await readFindings(transport, partitions, workspace.folder('out'))
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
  } finally {
    for (const child of [...running]) child.kill('SIGKILL')
    await close()
  }
})

async function* nothing(): AsyncGenerator<Uint8Array> {}

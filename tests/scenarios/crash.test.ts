import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeBigConn } from '../generate/big-conn.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { Random } from '../generate/random.ts'
import { analyzePaths, readResults, Workspace } from './analysis.ts'
import { scenario as attackHour } from './attack-hour/scenario.ts'

/** Killed as soon as this run has added so many bytes to its state, and then some milliseconds later. */
type Moment = { readonly what: string; readonly bytes: number; readonly ms: number }

const weir = join(import.meta.dirname, '../../console/weir')
const commitBytes = 200_000
const random = new Random('moments of a crash')

/** Commits come every fifty thousand records, and each writes more than `commitBytes`. */
const moments: readonly Moment[] = [
  { what: 'before anything is committed', bytes: 1, ms: random.int(1, 400) },
  { what: 'while the first commit is written', bytes: commitBytes, ms: 0 },
  { what: 'between two commits', bytes: commitBytes, ms: random.int(50, 300) },
  { what: 'just after the start', bytes: 0, ms: random.int(10, 700) },
  { what: 'while a later commit is written', bytes: commitBytes, ms: random.int(0, 3) },
  { what: 'towards the end', bytes: 6 * commitBytes, ms: random.int(100, 400) },
]

const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())

function start(paths: readonly string[], out: string, stateDir: string): ChildProcess {
  const options = ['--store', 'disk', '--state-dir', stateDir, '--partitions', '3', '--quiet']
  return spawn(weir, ['analyze', ...paths, '--out', out, ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
}

function sizeOf(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // A file may go between the listing and the look at it.
    const found = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })
    if (found?.isFile() === true) bytes += found.size
  }
  return bytes
}

/** Whether the moment came before the end of the run. */
async function killedAt(moment: Moment, child: ChildProcess, stateDir: string): Promise<boolean> {
  const ended = once(child, 'exit')
  const running = () => child.exitCode === null && child.signalCode === null
  const before = sizeOf(stateDir)
  while (running() && sizeOf(stateDir) < before + moment.bytes) await sleep(1)
  for (const until = performance.now() + moment.ms; running() && performance.now() < until; ) await sleep(1)
  child.kill('SIGKILL')
  await ended
  return child.signalCode === 'SIGKILL'
}

async function finished(child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.on('data', (bytes) => {
    said += bytes
  })
  await once(child, 'close')
  assert.equal(child.exitCode, 0, said)
}

test('an analysis killed again and again and then run to its end says what an undisturbed one says, each thing once', async (t) => {
  const big = workspace.folder('big')
  mkdirSync(big)
  writeBigConn(110_000, 3_000, join(big, 'conn.log'), 7)
  const small = workspace.folder('small')
  writeLogs(play(attackHour), small, { sensor: 'zeek' })
  const paths = [big, small]
  const expected = await analyzePaths(paths, { out: workspace.folder('undisturbed') })
  assert.ok(expected.evidence.split('\n').length > 30)

  const stateDir = workspace.folder('state')
  const out = workspace.folder('out')
  const assertSame = () => {
    const actual = readResults(out)
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
    const ids = actual.evidence.split('\n').map((line) => line.slice(0, 40))
    assert.equal(new Set(ids).size, ids.length)
    assert.deepEqual(readdirSync(out).sort(), [
      'alerts.jsonl',
      'evidence.jsonl',
      'rejects.jsonl',
      'summary.json',
      'suppressed.jsonl',
    ])
  }

  mkdirSync(stateDir)
  let kills = 0
  for (const moment of moments) {
    // A run that has little left to do may end before its moment; then another one begins from nothing.
    for (let tries = 0; tries < 2; tries++) {
      if (await killedAt(moment, start(paths, out, stateDir), stateDir)) {
        kills += 1
        t.diagnostic(`killed ${moment.what}, with ${sizeOf(stateDir)} bytes of state`)
        break
      }
      assertSame()
      rmSync(stateDir, { recursive: true })
      rmSync(out, { recursive: true })
      mkdirSync(stateDir)
    }
  }
  assert.ok(kills >= 5, `${kills} kills`)
  await finished(start(paths, out, stateDir))
  assertSame()
  // And once more over what is finished.
  await finished(start(paths, out, stateDir))
  assertSame()
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { topics } from '@weir/schemas'
import { readSettings } from '../../console/analyze/settings.ts'
import { ship } from '../../console/kafka/ship.ts'
import type { Written } from '../scenarios/analysis.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'
import { readFindings } from './read-topics.ts'

export type Spread = {
  readonly partitions: number
  /** Each a process of the system. */
  readonly processes: number
  /** Whether the processes are there before the first record; else all is shipped first. */
  readonly live?: boolean
}

/** Ships the logs with an end and asserts that processors then say what `weir analyze` said, line for line. Needs no folder of its own twice. */
export async function assertSameAnswer(
  logs: string,
  expected: Pick<Written, 'evidence' | 'alerts'>,
  { partitions, processes, live = false }: Spread,
  out: string,
): Promise<void> {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const settings = readSettings({ out, partitions: String(partitions) })
  const shipAll = () => ship([logs], settings, transport, { stdin: nothing(), interruption, final: 'logs' })
  const running: Running[] = []
  try {
    if (!live) await shipAll()
    for (let at = 0; at < processes; at += 1) running.push(start(prefix, partitions))
    if (live) {
      await Promise.all(running.map(({ started }) => started))
      await shipAll()
    }
    const codes = await Promise.all(running.map(({ ended }) => ended))
    assert.deepEqual(
      codes,
      codes.map(() => 0),
    )
    // Known to the processes that made them, and not to this one.
    await transport.ensureTopics(
      [topics.evidence, topics.alerts].map(({ name }) => ({ name, partitions, encode: null, keep: 'all' })),
    )
    const actual = await readFindings(transport, partitions, out)
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
  } finally {
    for (const { kill } of running) kill()
    await close()
  }
}

type Running = {
  readonly started: Promise<unknown>
  readonly ended: Promise<number | null>
  kill(): void
}

const interruption = new AbortController().signal

function start(prefix: string, partitions: number): Running {
  const script = join(import.meta.dirname, 'processors-process.ts')
  const child = spawn(process.execPath, [script, prefix, String(partitions), '1500', '30000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.resume()
  return {
    started: once(child.stdout, 'data'),
    ended: once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null)),
    kill: () => void child.kill('SIGKILL'),
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

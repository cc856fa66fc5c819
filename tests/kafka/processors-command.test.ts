import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import { run, weir } from '../../console/testing/weir-run.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { brokers } from './broker-under-test.ts'

type Line = { readonly event: string; readonly level: string; readonly [field: string]: unknown }

/** Everything it logs, and the moment it says a certain thing. */
function listen(child: ChildProcess): { lines: Line[]; heard(event: string): Promise<Line> } {
  const lines: Line[] = []
  const waiting: { event: string; tell: (line: Line) => void }[] = []
  if (child.stderr === null) throw new Error('its standard error is not ours to read')
  createInterface({ input: child.stderr }).on('line', (text) => {
    const line: Line = JSON.parse(text)
    lines.push(line)
    for (const each of waiting) if (each.event === line.event) each.tell(line)
  })
  const heard = (event: string) =>
    new Promise<Line>((tell) => {
      const known = lines.find((line) => line.event === event)
      if (known !== undefined) tell(known)
      else waiting.push({ event, tell })
    })
  return { lines, heard }
}

test('told to stop, the command commits what it did, leaves and exits with 0; its log has no line per record', async (t) => {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const where = ['--brokers', brokers.join(',')]
  const shipped = run(logs, ['ship', logs, ...where])
  assert.equal(shipped.status, 0, shipped.err)
  const start = () => {
    const options = [...where, '--http', '0', '--commit-ms', '50']
    const started = spawn(weir, ['processors', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
    t.after(() => started.kill('SIGKILL'))
    return started
  }
  const child = start()
  const { lines, heard } = listen(child)
  const { httpPort } = await heard('starting')
  await heard('restored')
  const ledger = async () => {
    const response = await fetch(`http://127.0.0.1:${httpPort}/ledger`)
    const { total, inputs } = JSON.parse(await response.text())
    return {
      total,
      inputs,
      behind: inputs.some(({ position, end }: Record<string, number>) => position !== end),
    }
  }
  let told = await ledger()
  for (let tries = 0; told.total.read === 0 || told.behind; tries += 1) {
    assert.ok(tries < 1_200, JSON.stringify(told))
    await sleep(50)
    told = await ledger()
  }
  const { read, processed, deadLettered, deletions, marks, inMemory } = told.total
  assert.equal(read, processed + deadLettered + deletions + marks + inMemory)
  assert.ok(read > 10_000)
  const shown = run(logs, ['tail', 'flows', '--from-beginning', '--until-end', '--json', ...where])
  const { srcIp } = JSON.parse(shown.out.split('\n', 1)[0] ?? '')
  // As the README has it.
  const key = `default|${srcIp}`
  const state = await fetch(
    `http://127.0.0.1:${httpPort}/state/detect-by-source-keys/${encodeURIComponent(key)}`,
  )
  assert.equal(state.status, 200, await state.clone().text())
  const { entries: kept } = JSON.parse(await state.text())
  assert.equal(kept[0]?.key, key)
  child.kill('SIGTERM')
  const [status] = await once(child, 'close')
  assert.equal(status, 0)
  assert.equal(lines.at(-1)?.event, 'stopped')
  assert.ok(lines.length < 20, JSON.stringify(lines, null, 1))

  const next = start()
  const after = listen(next)
  const port = (await after.heard('starting')).httpPort
  const { entries } = await after.heard('restored')
  assert.ok(Number(entries) > 0)
  const response = await fetch(`http://127.0.0.1:${port}/ready`)
  assert.equal(response.status, 200)
  await sleep(500)
  const again = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/ledger`)).text())
  // The last commit may have written evidence that the next process is the first to read; flows nobody writes now.
  const flowsOf = ({ inputs }: { inputs: readonly { topic: string; partition: number; read: number }[] }) =>
    inputs.filter(({ topic }) => topic === topics.flows.name).map((input) => [input.partition, input.read])
  assert.deepEqual(
    flowsOf(again),
    flowsOf(told),
    'the ledger goes on, and what was committed is not read again',
  )
  // As by a supervisor that signals the process and its group.
  next.kill('SIGTERM')
  await sleep(10)
  next.kill('SIGTERM')
  assert.equal((await once(next, 'close'))[0], 0)
  assert.equal(after.lines.at(-1)?.event, 'stopped')
})

test('told to stop while it looks for its brokers, the command ends with 0', async (t) => {
  // Takes questions and never answers.
  const silent = createServer(() => {})
  t.after(() => silent.close())
  const asked = once(silent, 'connection')
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  assert.ok(address !== null && typeof address === 'object')
  const options = ['--brokers', `127.0.0.1:${address.port}`]
  const child = spawn(weir, ['processors', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const closed = once(child, 'close')
  const [socket] = await asked
  t.after(() => socket.destroy())
  child.kill('SIGTERM')
  assert.equal((await closed)[0], 0)
})

test('with an end in sight the last commit does not wait for its time; flows are counted apart from what tasks hand on', () => {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const application = `idle-${process.pid}-${Math.round(performance.timeOrigin % 1e9)}`
  const where = ['--brokers', brokers.join(',')]
  const shipped = Number.parseInt(run(logs, ['ship', logs, '--final', ...where]).out, 10)
  const options = ['--commit-ms', '10000', '--until-idle', '1s', '--application-id', application]
  const { status, out, err } = run(logs, ['processors', ...options, ...where])
  assert.equal(status, 0, err)
  const told =
    /^(\d+) flows, (\d+) records between tasks, (\d+) commits, \d+ dead letters\nnothing is left unread\n$/.exec(
      out,
    ) ?? []
  const [, flows = 0, handedOn = 0, commits = 0] = told.map(Number)
  assert.ok(shipped > 0 && flows >= shipped && handedOn > 0, out)
  const stopped = JSON.parse(err.split('\n').find((line) => line.includes('"event":"stopped"')) ?? '{}')
  assert.deepEqual([stopped.records, stopped.commits], [flows + handedOn, commits], 'as the log has it')
})

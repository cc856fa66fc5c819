import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { leaveMs } from '../../console/kafka/leave-in-time.ts'
import { folderWith, scanLog, weir } from '../../console/testing/weir-run.ts'
import { removeBrokerData, startBroker, stopBroker } from './broker/broker.ts'
import { host, readSettings } from './broker/settings.ts'

/** A broker of its own: the others' must not die. */
const port = Number(process.env.WEIR_KAFKA_PORT ?? 19_092) + 110
const broker = readSettings(
  { WEIR_KAFKA_PORT: String(port), WEIR_KAFKA_HEAP: '384m' },
  join(import.meta.dirname, '..', '..'),
)
after(async () => {
  await stopBroker(broker, 'SIGKILL')
  removeBrokerData(broker)
})

test('brokers that go away are told of, while they are gone nothing is ready, and SIGTERM does not wait for them for long', async (t) => {
  removeBrokerData(broker)
  await startBroker(broker)
  const folder = folderWith(t, { 'conn.log': scanLog(200) })
  const where = ['--brokers', `${host}:${port}`]
  const [shipped] = await once(spawn(weir, ['ship', 'conn.log', ...where], { cwd: folder }), 'close')
  assert.equal(shipped, 0)
  const child = spawn(weir, ['processors', '--http', '0', ...where], { cwd: folder })
  t.after(() => child.kill('SIGKILL'))
  const log = logOf(child)
  const { httpPort } = await log.until('starting')
  const ready = async () => (await fetch(`http://127.0.0.1:${httpPort}/ready`)).text()
  const untilReady = async (wanted: RegExp) => {
    while (!wanted.test(await ready())) await sleep(100)
  }
  await untilReady(/^ready/)

  await stopBroker(broker, 'SIGKILL')
  const silent = await log.until('brokers-silent')
  assert.deepEqual(silent.brokers, [`${host}:${port}`])
  assert.equal(silent.givesUpAfterSeconds, 300)
  assert.equal(silent.level, 'warn')
  await untilReady(/^not ready: brokers have not answered for \d+ s$/m)
  await startBroker(broker)
  await log.until('brokers-back')
  await untilReady(/^ready/)

  await stopBroker(broker, 'SIGKILL')
  await untilReady(/^not ready: brokers/)
  const sinceMs = performance.now()
  child.kill('SIGTERM')
  const [status] = await once(child, 'close')
  const tookMs = performance.now() - sinceMs
  assert.ok(tookMs >= leaveMs - 1_000, `after ${tookMs} ms: brokers may have come back`)
  assert.equal(status, 1)
  assert.match(
    log.rest(),
    /^weir: stopped without a last commit, as the brokers \S+ do not answer\. Nothing is lost/m,
  )
  assert.doesNotMatch(log.rest() + log.all(), /"stack"/)
})

type Line = { readonly event: string; readonly [field: string]: unknown }

/** The lines of its log as they come, each event waited for after those before. */
function logOf(child: ChildProcess) {
  assert.ok(child.stderr !== null)
  const lines: Line[] = []
  const others: string[] = []
  let told = Promise.withResolvers<void>()
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{')) lines.push(JSON.parse(line))
    else others.push(line)
    told.resolve()
    told = Promise.withResolvers()
  })
  return {
    until: async (event: string): Promise<Line> => {
      for (;;) {
        const found = lines.find((line) => line.event === event)
        if (found !== undefined) return found
        await told.promise
      }
    },
    all: () => JSON.stringify(lines),
    rest: () => others.join('\n'),
  }
}

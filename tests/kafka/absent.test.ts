/** Brokers and registries that are not there when a command begins. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createPlainServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, type TestContext, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { reachKafka } from '@weir/topology/transport'
import { folderWith, type Ran, scanLog, weir } from '../../console/testing/weir-run.ts'
import { brokers } from './broker-under-test.ts'

const never = new AbortController().signal

async function portOf(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address: AddressInfo | string | null = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

/** Listens and never says a word. */
const mute = () => createPlainServer((socket) => socket.on('error', () => {}).unref()).unref()

async function refusalOf(broker: string): Promise<string> {
  try {
    await reachKafka({ brokers: [broker], giveUpMs: 300 }, never)
  } catch (error) {
    assert.ok(error instanceof WeirError && error.code === 'TOPO_BROKERS_AWAY', String(error))
    assert.ok(error.cause instanceof Error)
    return error.cause.message
  }
  throw new assert.AssertionError({ message: `${broker} is taken for a broker` })
}

describe('what is no broker', () => {
  test('is told from one, with the reason', async (t) => {
    await reachKafka({ brokers: ['127.0.0.1:1', ...brokers], giveUpMs: 30_000 }, never)
    assert.match(await refusalOf('127.0.0.1:1'), /connect to 127\.0\.0\.1:1: connection refused/)
    assert.match(await refusalOf('nowhere.invalid:9092'), /its name (is not known|cannot be looked up)/)
    assert.match(await refusalOf(`127.0.0.1:${await portOf(t, mute())}`), /no answer/)
    const web = createServer((_, answer) => answer.end('hello'))
    assert.match(await refusalOf(`127.0.0.1:${await portOf(t, web)}`), /no answer/)
  })

  test('is given up at once by who is told to stop', async () => {
    const stop = new AbortController()
    const reaching = reachKafka({ brokers: ['127.0.0.1:1'], giveUpMs: 3_600_000 }, stop.signal)
    stop.abort()
    await assert.rejects(
      reaching,
      (error) => error instanceof WeirError && error.code === 'TOPO_TRANSPORT_CLOSED',
    )
  })

  test('is named by every command after 15 s', async (t) => {
    const folder = folderWith(t, { 'conn.log': scanLog(3) })
    const where = ['--brokers', '127.0.0.1:1']
    const commands = [['ship', 'conn.log'], ['tail', 'alerts'], ['processors'], ['topics', 'create']]
    const ran = await Promise.all(commands.map((each) => run(folder, [...each, ...where])))
    for (const { status, err } of ran) {
      assert.equal(status, 1)
      assert.match(
        err,
        /^weir: none of the brokers 127\.0\.0\.1:1 answered as needed for 15 s: .*refused\. Look/,
      )
    }
  })
})

describe('a registry', () => {
  test('that is not at the path is a wrong address, and no refused schema', async (t) => {
    const folder = folderWith(t, { 'conn.log': scanLog(3) })
    const { WEIR_REGISTRY: url } = process.env
    assert.ok(url !== undefined)
    const where = ['--brokers', brokers.join(','), '--registry', new URL(url).origin]
    for (const command of [
      ['ship', 'conn.log'],
      ['tail', 'alerts', '--until-end'],
    ]) {
      const { status, err } = await run(folder, [...command, ...where])
      assert.equal(status, 1)
      assert.match(err, /^weir: the schema registry \S+ cannot be used: there is none at this path \(404\);/)
    }
  })

  test('that is away is an error for who only reads as well', async (t) => {
    const folder = folderWith(t)
    const where = ['--brokers', brokers.join(','), '--registry', 'http://127.0.0.1:1']
    const { status, err } = await run(folder, ['tail', 'alerts', ...where])
    assert.equal(status, 1)
    assert.match(
      err,
      /^weir: the schema registry http:\/\/127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/,
    )
  })
})

async function run(folder: string, parameters: readonly string[]): Promise<Ran> {
  const { WEIR_REGISTRY: _, WEIR_BROKERS: __, ...env } = process.env
  const child = spawn(weir, parameters, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, out, err }
}

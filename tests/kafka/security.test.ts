import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { flowCodec, topics } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { type KafkaSettings, kafkaTopics, type Transport } from '@weir/topology/transport'
import { readSettings as analysisSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { plainCodecs } from '../../console/kafka/record-codecs.ts'
import { deployables, rights } from '../../console/kafka/rights.ts'
import { ship } from '../../console/kafka/ship.ts'
import { type Tailed, tail } from '../../console/kafka/tail.ts'
import { plannedTopics } from '../../console/kafka/topic-plan.ts'
import { sampleRecords } from '../../schemas/sample-records.ts'
import { systemClock } from '../../topology/kit/clock.ts'
import { ensureTopics, settingsOf } from '../../topology/transport/kafka/admin.ts'
import { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { RecordLimits } from '../../topology/transport/kafka/record-limits.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as scan } from '../scenarios/vertical-scan-of-a-file-server/scenario.ts'
import { brokerCertificates, clientCertificate, strangeAuthority } from './broker/certificates.ts'
import { grant, makeUser } from './broker/principals.ts'
import { host, plainUser, readSettings } from './broker/settings.ts'
import { freshPrefix, hasty, openCluster } from './broker-under-test.ts'
import { prefixed } from './prefixed-transport.ts'

const broker = readSettings(process.env, join(import.meta.dirname, '..', '..'))
const ca = readFileSync(brokerCertificates(broker).ca, 'utf8')
const secure = [`${host}:${broker.securePort}`]
const prefix = freshPrefix()
const password = 'the password of the tests'
const settings = analysisSettings({ out: 'out', partitions: '2' })
const never = new AbortController().signal
const workspace = new Workspace()
const userOf = (deployable: string) => `${prefix}${deployable}`

let cluster: Cluster
before(async () => {
  cluster = await openCluster()
  for (const deployable of deployables) {
    await makeUser(cluster, userOf(deployable), password)
    await grant(cluster, userOf(deployable), rights[deployable], prefix)
  }
})
after(async () => {
  await cluster.close()
  workspace[Symbol.dispose]()
})

/** As this deployable's user, with SCRAM over TLS. */
function as(deployable: (typeof deployables)[number]): KafkaSettings {
  const sasl = { mechanism: 'SCRAM-SHA-512' as const, username: userOf(deployable), password }
  return { ...hasty, brokers: secure, tls: { ca }, sasl }
}

const transportAs = (deployable: (typeof deployables)[number]) =>
  prefixed(new KafkaTransport(as(deployable)), prefix)

async function linesOf(what: Tailed, client: KafkaSettings): Promise<string[]> {
  const kafka = await kafkaTopics({ ...client, giveUpMs: 2_000 })
  const lines: string[] = []
  const output = { line: (text: string) => lines.push(text), undecodable: assert.fail }
  const options = { from: 'beginning', untilEnd: true, json: true, prefix } as const
  try {
    await tail(what, kafka, plainCodecs, options, output, never)
    return lines
  } finally {
    await kafka.close()
  }
}

async function shipAs(deployable: (typeof deployables)[number], logs: string): Promise<number> {
  const transport = transportAs(deployable)
  try {
    return (await ship([logs], settings, transport, { stdin: nothing(), interruption: never, final: 'logs' }))
      .records
  } finally {
    await transport.close()
  }
}

async function processAs(deployable: (typeof deployables)[number]) {
  const transport = transportAs(deployable)
  try {
    const run = { commitMs: 100, untilIdleMs: 1_000, idleMs: Number.POSITIVE_INFINITY, interruption: never }
    return await runProcessors(settings, transport, run)
  } finally {
    await transport.close()
  }
}

function refusedWith(code: string, says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof WeirError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, says)
    return true
  }
}

describe('each program with its rights and no others', { concurrency: false }, () => {
  const logs = workspace.folder('logs')
  writeLogs(play(scan), logs, { sensor: 'zeek' })

  test('topics creates, describes and checks', async () => {
    const wanted = (await plannedTopics(settings)).map((topic) => ({ ...topic, name: prefix + topic.name }))
    const kafka = await kafkaTopics(as('topics'))
    try {
      assert.equal((await kafka.create(wanted)).length, wanted.length)
      assert.deepEqual(await kafka.differences(wanted), [])
    } finally {
      await kafka.close()
    }
  })

  test('ship, processors and tail bring what analyze finds, exactly once', async () => {
    const { evidence } = await analyzePaths([logs], { out: workspace.folder('expected') })
    assert.ok((await shipAs('ship', logs)) > 1_000)
    const { deadLetters } = await processAs('processors')
    assert.equal(deadLetters, 0)
    const found = await linesOf('evidence', as('tail'))
    assert.deepEqual(found.sort(), evidence.trim().split('\n').sort())
    assert.ok((await linesOf('alerts', as('tail'))).length > 0)
  })

  test('none does what another is for, and each is told what it lacks', async () => {
    await assert.rejects(
      linesOf('flows', as('ship')),
      refusedWith('TOPO_NOT_ALLOWED', /weir\.flows\.v1.*topic/),
    )
    await assert.rejects(shipAs('tail', logs), refusedWith('TOPO_NOT_ALLOWED', /producer|weir\.flows\.v1/))
    await assert.rejects(processAs('tail'), refusedWith('TOPO_NOT_ALLOWED', /the topic|the group/))
    await assert.rejects(
      linesOf('alerts', as('processors')),
      refusedWith('TOPO_NOT_ALLOWED', /weir\.alerts\.v1/),
    )
    const kafka = await kafkaTopics(as('tail'))
    const wanted = [{ name: `${prefix}weir.other.v1`, partitions: 1, configs: {} }]
    await assert.rejects(
      kafka.create(wanted),
      refusedWith('TOPO_NOT_ALLOWED', /create topic .*weir\.other\.v1/),
    )
    await kafka.close()
  })

  test('processors without the right to their transactional ids say so', async () => {
    const user = userOf('half')
    await makeUser(cluster, user, password)
    await grant(
      cluster,
      user,
      rights.processors.filter(({ over }) => over !== 'transactional-id'),
      prefix,
    )
    const sasl = { mechanism: 'SCRAM-SHA-512' as const, username: user, password }
    const transport = prefixed(new KafkaTransport({ ...hasty, brokers: secure, tls: { ca }, sasl }), prefix)
    // Something to commit.
    await shipAs('ship', logs)
    const run = { commitMs: 100, untilIdleMs: 1_000, idleMs: Number.POSITIVE_INFINITY, interruption: never }
    try {
      await assert.rejects(
        runProcessors(settings, transport, run),
        refusedWith('TOPO_NOT_ALLOWED', /transactional id/),
      )
    } finally {
      await transport.close()
    }
  })
})

describe('how large a record may be', () => {
  const store = 'weir-large-changelog'
  const keep = { name: store, partitions: 2, encode: null, keep: 'latest' } as const
  const flows = { name: topics.flows.name, partitions: 2, encode: null, keep: 'all' } as const

  /** The outcome of a commit of a state of so many bytes. */
  async function commitState(transport: Transport, bytes: number): Promise<void> {
    await transport.ensureTopics([flows, keep])
    let generation = -1
    const reads = [{ topics: [flows.name], partitions: 2, stores: [store] }]
    const member = await transport.join('weir', reads, {
      revoking: async () => {},
      assigned: async (_owned, of) => {
        generation = of
      },
    })
    const changes = [{ store, partition: 0, entries: new Map([['k', new Uint8Array(bytes)]]) }]
    await member.commit({ generation, inputs: [], outputs: [], changes })
    await member.leave()
  }

  test('processors know it of their changelogs', async () => {
    await ensureTopics(cluster, [{ ...settingsOf(keep), name: prefix + store }])
    const transport = transportAs('processors')
    await commitState(transport, 5_000_000)
    await transport.close()
    const mine = new Cluster(
      { ...as('processors'), clientId: 'test', requestTimeoutMs: 10_000, giveUpMs: 10_000 },
      systemClock,
    )
    const limits = new RecordLimits(mine)
    // Of the topic of flows nobody tells it, and of the other all the same.
    await limits.refresh([prefix + flows.name, prefix + store])
    assert.equal(limits.of(prefix + store), 16_777_216)
    await mine.close()
  })

  test('who may not ask goes by what the topic was created with, and by what each refuses', async () => {
    const user = userOf('unasking')
    await makeUser(cluster, user, password)
    const fewer = rights.processors.map(({ may, ...each }) => ({
      ...each,
      may: may.filter((right) => right !== 'DescribeConfigs'),
    }))
    await grant(cluster, user, fewer, prefix)
    const sasl = { mechanism: 'SCRAM-SHA-512' as const, username: user, password }
    const options = { ...hasty, brokers: secure, tls: { ca }, sasl }
    const transport = prefixed(new KafkaTransport(options), prefix)
    await commitState(transport, 5_000_000)
    await transport.close()
    const mine = new Cluster({ ...options, clientId: 'test', requestTimeoutMs: 10_000 }, systemClock)
    const limits = new RecordLimits(mine)
    const other = prefix + topics.alerts.name
    const usual = limits.of(other)
    limits.expect(prefix + store, 16_777_216)
    await limits.refresh([prefix + store, other])
    assert.equal(limits.of(prefix + store), 16_777_216)
    assert.equal(await limits.learn(new Map([[prefix + store, 900_000]])), true)
    assert.equal(limits.of(prefix + store), 450_000)
    assert.equal(limits.of(other), usual)
    await mine.close()
  })
})

describe('ways to log in', () => {
  test('SCRAM-SHA-256 lets a user in', async () => {
    const user = userOf('tail-256')
    await makeUser(cluster, user, password, 'SCRAM-SHA-256')
    await grant(cluster, user, rights.tail, prefix)
    const sasl = { mechanism: 'SCRAM-SHA-256' as const, username: user, password }
    assert.ok((await linesOf('alerts', { brokers: secure, tls: { ca }, sasl })).length > 0)
  })

  test('PLAIN lets a user in', async () => {
    await grant(cluster, plainUser.name, rights.tail, prefix)
    const sasl = { mechanism: 'PLAIN' as const, username: plainUser.name, password: plainUser.password }
    assert.ok((await linesOf('alerts', { brokers: secure, tls: { ca }, sasl })).length > 0)
  })

  test('OAUTHBEARER lets a user in whose token is asked for anew', async () => {
    const user = userOf('tail-token')
    await grant(cluster, user, rights.tail, prefix)
    let asked = 0
    const token = () => {
      asked += 1
      return unsignedToken(user)
    }
    const sasl = { mechanism: 'OAUTHBEARER' as const, token }
    assert.ok((await linesOf('alerts', { brokers: secure, tls: { ca }, sasl })).length > 0)
    assert.ok(asked > 1, String(asked))
  })

  test('OAUTHBEARER goes on past the end of a token, with the next one', async () => {
    const user = userOf('ship-token')
    await grant(cluster, user, rights.ship, prefix)
    let asked = 0
    const token = () => {
      asked += 1
      return unsignedToken(user, 3)
    }
    const name = topics.flows.name
    const end = async () => (await linesOf('flows', as('tail'))).length
    const before = await end()
    const sasl = { mechanism: 'OAUTHBEARER' as const, token }
    const transport = prefixed(new KafkaTransport({ ...hasty, brokers: secure, tls: { ca }, sasl }), prefix)
    await transport.ensureTopics([{ name, partitions: 2, encode: null, keep: 'all' }])
    const value = flowCodec.encode(sampleRecords[0] ?? assert.fail('there are no sample records'))
    for (let sent = 0; sent < 40; sent += 1) {
      await transport.producer().send(name, [{ key: `k${sent}`, value, timestampMs: 1, streamTimeMs: 1 }])
      await sleep(200)
    }
    await transport.close()
    assert.ok(asked > 4, String(asked))
    assert.equal((await end()) - before, 40)
  })

  test('a certificate of our own lets its name in', async () => {
    const user = userOf('tail-mutual')
    await grant(cluster, user, rights.tail, prefix)
    const { cert, key } = clientCertificate(broker, user)
    const tls = { ca, cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
    assert.ok((await linesOf('alerts', { brokers: [`${host}:${broker.mutualPort}`], tls })).length > 0)
  })
})

describe('what is wrong is said at once and in one sentence', () => {
  const scram = { mechanism: 'SCRAM-SHA-512' as const, username: userOf('tail'), password }
  const mutual = [`${host}:${broker.mutualPort}`]
  const stranger = readFileSync(strangeAuthority(broker), 'utf8')
  for (const [what, client, code, says] of [
    [
      'a wrong password',
      { brokers: secure, tls: { ca }, sasl: { ...scram, password: 'no' } },
      'LOGIN_REFUSED',
      /log-in/,
    ],
    [
      'an unknown user',
      { brokers: secure, tls: { ca }, sasl: { ...scram, username: 'no' } },
      'LOGIN_REFUSED',
      /log-in/,
    ],
    [
      'a wrong password of PLAIN',
      { brokers: secure, tls: { ca }, sasl: { mechanism: 'PLAIN', username: 'plain', password: 'no' } },
      'LOGIN_REFUSED',
      /log-in/,
    ],
    [
      'a damaged token',
      { brokers: secure, tls: { ca }, sasl: { mechanism: 'OAUTHBEARER', token: 'x' } },
      'LOGIN_REFUSED',
      /log-in/,
    ],
    [
      'an authority that we do not trust',
      { brokers: secure, tls: { ca: stranger }, sasl: scram },
      'BROKER_UNTRUSTED',
      /not trusted/,
    ],
    [
      'no certificate where one is asked for',
      { brokers: mutual, tls: { ca } },
      'CERTIFICATE_REFUSED',
      /certificate/,
    ],
    ['TLS where there is none', { brokers: hasty.brokers, tls: { ca } }, 'TLS_DIFFERS', /does not talk TLS/],
    ['no TLS where there is some', { brokers: mutual }, 'TLS_DIFFERS', /talks TLS/],
  ] as const) {
    test(`${what} is refused in a sentence`, async () => {
      await assert.rejects(linesOf('alerts', client), refusedWith(`TOPO_${code}`, says))
    })
  }
})

/** An unsecured JSON web token: header, claims, no signature. */
function unsignedToken(subject: string, livesSeconds = 3_600): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const nowSeconds = Math.floor((performance.timeOrigin + performance.now()) / 1_000)
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: nowSeconds, exp: nowSeconds + livesSeconds })}.`
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

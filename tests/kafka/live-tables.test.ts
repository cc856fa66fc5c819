/** What is allowed and what is listed, said on their topics while processors work. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DetectionCounters, readAllowRules } from '@weir/processors'
import {
  allowRuleCodec,
  type Codec,
  type Conn,
  evidenceCodec,
  type Indicator,
  indicatorCodec,
  suppressedCodec,
  type Topic,
  topics,
} from '@weir/schemas'
import { kafkaTopics, type Transport } from '@weir/topology/transport'
import { readSettings } from '../../console/analyze/settings.ts'
import { liveTables } from '../../console/kafka/live-tables.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { plainCodecs } from '../../console/kafka/record-codecs.ts'
import { TableTopic } from '../../console/kafka/table-topic.ts'
import { brokers, freshPrefix, openKafka } from './broker-under-test.ts'

const partitions = 2
const startMs = Date.parse('2024-05-13T08:00:00Z')
const listedIp = '93.184.216.34'

function conn(seconds: number, change: Partial<Conn>): Conn {
  const tsMs = startMs + seconds * 1_000
  return {
    kind: 'conn',
    tsMs,
    observedMs: tsMs + 500,
    site: 'default',
    sensor: 'zeek',
    source: 'zeek',
    uid: `C${seconds}`,
    srcIp: '10.0.0.5',
    srcPort: 40_000 + seconds,
    dstIp: listedIp,
    dstPort: 8_443,
    proto: 'tcp',
    label: '',
    labelDetail: '',
    durationMs: 300,
    service: 'ssl',
    state: 'SF',
    history: 'ShADadFf',
    established: true,
    srcPkts: 5,
    dstPkts: 5,
    srcBytes: 900,
    dstBytes: 4_000,
    srcMac: '',
    dstMac: '',
    icmpType: null,
    icmpCode: null,
    ...change,
  }
}

const listed: Indicator = {
  kind: 'ip',
  value: listedIp,
  feed: 'lab',
  level: 'high',
  confidence: 1,
  expiresMs: null,
  description: 'command server',
  tags: [],
}
const listedKey = topics.intel.keyOf(listed)

async function values<T>(transport: Transport, { name }: Topic<T>, codec: Codec<T>): Promise<T[]> {
  const found: T[] = []
  for (let partition = 0; partition < partitions; partition += 1) {
    for await (const portion of transport.changelog(name, partition)) {
      for (const [, value] of portion) if (value !== null) found.push(codec.decode(value))
    }
  }
  return found
}

async function until<T>(what: string, look: () => T | Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look()
    if (isSo(found)) return found
    await sleep(50)
  }
  return assert.fail(`never came: ${what}`)
}

/** Processors at work, and hands on what they read and write. */
async function atWork(prefix: string, work: (at: Awaited<ReturnType<typeof open>>) => Promise<void>) {
  const at = await open(prefix)
  try {
    await work(at)
  } finally {
    await at.close()
  }
}

async function open(prefix: string) {
  const { transport, close } = await openKafka({ sessionMs: 30_000 }, prefix)
  const settings = readSettings({ out: 'out', partitions: String(partitions) })
  const live = liveTables(settings, plainCodecs)
  const counters = new DetectionCounters()
  const stop = new AbortController()
  const working = runProcessors(settings, transport, {
    commitMs: 50,
    untilIdleMs: null,
    idleMs: Number.POSITIVE_INFINITY,
    interruption: stop.signal,
    live,
    counters,
  })
  await until(
    'the topics',
    () => {
      try {
        return transport.partitionsOf(topics.suppressed.name)
      } catch {
        return 0
      }
    },
    (found) => found > 0,
  )
  const medium = { prepare: plainCodecs.prepare, prefix }
  const open = async () => ({
    ...medium,
    kafka: await kafkaTopics({ brokers }),
    transport: await other(prefix),
  })
  const allowlist = new TableTopic(topics.allowlist, allowRuleCodec, await open())
  const intel = new TableTopic(topics.intel, indicatorCodec, await open())
  const profilesOf = async (type: string) =>
    (await values(transport, topics.evidence, evidenceCodec))
      .filter((each) => each.type === type)
      .map(({ profile, victim }) => `${profile} ${victim?.value}`)
      .sort()
  return {
    live,
    counters,
    allowlist,
    intel,
    profilesOf,
    suppressed: () => values(transport, topics.suppressed, suppressedCodec),
    send: (...records: readonly Conn[]) =>
      transport.producer().send(
        topics.flows.name,
        records.map((record) => ({
          key: topics.flows.keyOf(record),
          value: record,
          timestampMs: record.tsMs,
          streamTimeMs: record.observedMs,
        })),
      ),
    close: async () => {
      stop.abort()
      await working
      await allowlist.close()
      await intel.close()
      await close()
    },
  }
}

async function other(prefix: string): Promise<Transport> {
  return (await openKafka({}, prefix)).transport
}

describe('the allowlist', () => {
  test('a rule holds from the next record on until it is taken back, and what it holds back is on its own topic', async () => {
    await atWork(freshPrefix(), async ({ send, allowlist, live, counters, profilesOf, suppressed }) => {
      const toPortZero = (seconds: number, dstIp: string) => conn(seconds, { dstIp, dstPort: 0 })
      const said = () => profilesOf('PORT_0_CONNECTION')
      await send(toPortZero(1, '8.8.1.1'))
      await until('the first evidence', said, (found) => found.length === 1)

      const [rule] = readAllowRules('rules', 'ip,10.0.0.0/24,src,alerts,,the scanner of the house')
      assert.ok(rule !== undefined)
      const id = topics.allowlist.keyOf(rule)
      await allowlist.write([[id, rule]])
      await until('the rule', live.counts, ({ rules }) => rules === 1)
      await send(toPortZero(2, '8.8.2.2'))
      const held = await until('what is held back', suppressed, (found) => found.length === 1)
      assert.deepEqual(
        held.map((each) => [each.rule, each.evidence.victim?.value]),
        [[id, '8.8.2.2']],
      )
      assert.deepEqual(await said(), ['10.0.0.5 8.8.1.1'])
      assert.equal(counters.suppressedByRule.get(id), 1)

      await allowlist.write([[id, null]])
      await until('the rule to go', live.counts, ({ rules }) => rules === 0)
      await send(toPortZero(3, '8.8.3.3'))
      await until('evidence again', said, (found) => found.length === 2)
      assert.deepEqual(await said(), ['10.0.0.5 8.8.1.1', '10.0.0.5 8.8.3.3'])
    })
  })

  test('rules that were there before a process hold for its first record; nonsense on the topic is counted and counts for nothing', async () => {
    const prefix = freshPrefix()
    await atWork(prefix, async ({ allowlist, live }) => {
      const [rule] = readAllowRules('rules', 'ip,10.0.0.5,src,both')
      assert.ok(rule !== undefined)
      await allowlist.write([
        [topics.allowlist.keyOf(rule), rule],
        ['another key', rule],
        ['ip,not an address,src,both', { ...rule, value: 'not an address' }],
      ])
      await until('the rule', live.counts, ({ rules, refused }) => rules === 1 && refused.size === 1)
      assert.equal(live.counts().refused.get(topics.allowlist.name), 2)
    })
    await atWork(prefix, async ({ send, counters, profilesOf }) => {
      await send(conn(1, { dstPort: 0 }), conn(2, { dstPort: 0, srcIp: '10.0.0.6' }))
      const said = await until(
        'evidence',
        () => profilesOf('PORT_0_CONNECTION'),
        (found) => found.length > 0,
      )
      assert.deepEqual(said, [`10.0.0.6 ${listedIp}`])
      await until(
        'the count',
        () => counters.droppedByRule.size,
        (size) => size === 1,
      )
    })
  })
})

describe('indicators on their topic', () => {
  test('are known before the first record, and new ones from the next record on; those taken back are gone', async () => {
    const prefix = freshPrefix()
    const said = (profilesOf: (type: string) => Promise<string[]>) => async () =>
      (await profilesOf('THREAT_INTELLIGENCE_TO_BLACKLISTED_IP')).filter((each) => each.startsWith('10.'))
    await atWork(prefix, async ({ intel, live }) => {
      await intel.write([[listedKey, listed]])
      await until('the indicator', live.counts, ({ indicators }) => indicators === 1)
    })
    await atWork(prefix, async ({ send, intel, live, profilesOf }) => {
      const found = said(profilesOf)
      await send(conn(1, {}))
      await until('evidence', found, (all) => all.length === 1)
      const second = { ...listed, value: '198.51.101.7' }
      await intel.write([
        [topics.intel.keyOf(second), second],
        [listedKey, null],
      ])
      await until('the others', live.counts, () => live.intel.address(second.value, startMs) !== null)
      await until('the first to go', live.counts, ({ indicators }) => indicators === 1)
      await send(conn(2, { srcIp: '10.0.0.6' }), conn(3, { srcIp: '10.0.0.7', dstIp: second.value }))
      await until('evidence of the second', found, (all) => all.length === 2)
      assert.deepEqual(await found(), [`10.0.0.5 ${listedIp}`, `10.0.0.7 ${second.value}`])
    })
  })
})

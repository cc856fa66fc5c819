import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { topics } from '@weir/schemas'
import { type Plan, Runner, session, TopologyBuilder, topicSpecs, tumbling } from '@weir/topology'
import { numberCodec, WeirError } from '@weir/topology/kit'
import { kafkaTopicSettings, kafkaTopics } from '@weir/topology/transport'
import { readSettings as analysisSettings } from '../../console/analyze/settings.ts'
import { mend } from '../../console/kafka/mend.ts'
import { plannedTopics } from '../../console/kafka/topic-plan.ts'
import { folderWith, run } from '../../console/testing/weir-run.ts'
import { readSettings } from './broker/settings.ts'
import { brokers, freshPrefix, openKafka } from './broker-under-test.ts'

const kafka = await kafkaTopics({ brokers })
after(() => kafka.close())
const settings = analysisSettings({ out: 'out', partitions: '2' })
const cluster = { brokers, secured: false }

/** The topics of the plan under names of their own. */
async function planned(prefix: string) {
  return (await plannedTopics(settings)).map((topic) => ({ ...topic, name: prefix + topic.name }))
}

test('what is said of absent topics names the command that makes them', (t) => {
  const application = `absent-${process.pid}`
  const { status, err } = run(folderWith(t), [
    ...['topics', 'check', '--application-id', application],
    ...['--brokers', brokers.join(',')],
  ])
  assert.equal(status, 1)
  assert.match(err, /'weir topics create' with the same options makes all that are absent/)
})

describe('topics of the table and of the plan', () => {
  test('what was created is as wanted, and is not created again', async () => {
    const wanted = await planned(freshPrefix())
    assert.equal((await kafka.create(wanted)).length, wanted.length)
    assert.deepEqual(await kafka.create(wanted), [])
    assert.deepEqual(await kafka.differences(wanted), [])
  })

  test('beside a topic of another number of partitions none is created', async () => {
    const prefix = freshPrefix()
    const wanted = await planned(prefix)
    const flows = wanted.find(({ name }) => name === prefix + topics.flows.name) ?? assert.fail()
    await kafka.create([{ ...flows, partitions: 8 }])
    const error: unknown = await kafka.create(wanted).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof WeirError && error.code === 'TOPO_PARTITIONS_DIFFER', String(error))
    assert.match(`${error.message} ${error.fix}`, /has 8 partitions and not 2 .*--partitions 8/)
    const found = await kafka.describe(wanted.map(({ name }) => name))
    assert.deepEqual(
      found.flatMap((topic) => topic?.name ?? []),
      [flows.name],
    )
  })

  test('what brokers refuse to create is told in words', async () => {
    const prefix = freshPrefix()
    const [topic] = await planned(prefix)
    assert.ok(topic !== undefined)
    const refusal = async (changed: Partial<typeof topic>) => {
      const error: unknown = await kafka.create([{ ...topic, ...changed }]).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof WeirError && error.code === 'TOPO_TOPIC_REFUSED', String(error))
      return error.message
    }
    assert.match(await refusal({ copies: 3 }), /'test-\S+': 3 copies need 3 brokers, and there is 1$/)
    assert.match(await refusal({ partitions: 0 }), /do not take its number of partitions/)
    const configs = { 'retention.ms': 'long' }
    assert.match(await refusal({ configs }), /do not take one of its settings \(«.*retention\.ms/)
    assert.match(await refusal({ name: 'a b' }), /do not take its name/)
    assert.deepEqual(await kafka.create([topic]), [topic.name])
  })

  test('the table decides of its own topics, the runtime of the others', async () => {
    const prefix = freshPrefix()
    const wanted = await planned(prefix)
    await kafka.create(wanted)
    const names = wanted.map(({ name }) => name)
    const found = new Map(
      (await kafka.describe(names)).map((topic) => [topic?.name.slice(prefix.length), topic]),
    )
    const configs = (name: string) => found.get(name)?.configs ?? new Map()
    assert.equal(configs(topics.alerts.name).get('cleanup.policy'), 'compact,delete')
    assert.equal(
      configs(topics.alerts.name).get('min.compaction.lag.ms'),
      String(topics.alerts.minCompactionLagMs),
    )
    assert.equal(configs(topics.flows.name).get('retention.ms'), String(topics.flows.retentionMs))
    assert.equal(found.get(topics.deadLetters.name)?.partitions, topics.deadLetters.partitions)
    const changelogs = [...found.keys()].filter((name) => name?.endsWith('-changelog'))
    assert.ok(changelogs.length >= 4, changelogs.join())
    for (const name of changelogs) assert.equal(configs(name ?? '').get('cleanup.policy'), 'compact')
    assert.ok([...found.keys()].some((name) => name?.endsWith('-repartition')))
  })

  test('the runtime finds nothing to add to what was created, and nothing to complain of', async () => {
    const prefix = freshPrefix()
    await kafka.create(await planned(prefix))
    const { transport, close } = await openKafka({}, prefix)
    try {
      await transport.ensureTopics([{ name: topics.flows.name, partitions: 2, encode: null, keep: 'all' }])
      assert.equal(transport.partitionsOf(topics.flows.name), 2)
    } finally {
      await close()
    }
    assert.deepEqual(await kafka.differences(await planned(prefix)), [])
  })

  test("Kafka's own tools mend every difference with the lines that are given", async () => {
    const prefix = freshPrefix()
    const wanted = (await planned(prefix)).filter(({ name }) =>
      [topics.alerts.name, topics.evidence.name, topics.deadLetters.name].some((each) => name.endsWith(each)),
    )
    const wrong = wanted.map((topic) => {
      if (topic.name.endsWith(topics.evidence.name)) return { ...topic, partitions: 1 }
      if (topic.name.endsWith(topics.deadLetters.name)) return { ...topic, partitions: 3 }
      return { ...topic, configs: { ...topic.configs, 'cleanup.policy': 'delete' } }
    })
    await kafka.create(wrong)
    const found = await kafka.differences(wanted)
    assert.deepEqual(
      found.map(({ topic, what, actual }) => `${topic.slice(prefix.length)} ${what} ${actual}`).sort(),
      [
        `${topics.alerts.name} cleanup.policy delete`,
        `${topics.deadLetters.name} partitions 3`,
        `${topics.evidence.name} partitions 1`,
      ].sort(),
    )
    for (const difference of found) {
      const topic = wanted.find(({ name }) => name === difference.topic)
      assert.ok(topic !== undefined)
      for (const line of mend(difference, topic, cluster).lines) runTool(line)
    }
    assert.deepEqual(await kafka.differences(wanted), [])
  })

  test('changelogs of windows and sessions are let go of with their windows and a day, all others never', async () => {
    const prefix = freshPrefix()
    const { transport, close } = await openKafka({}, prefix)
    const runner = new Runner(windowed(), transport)
    try {
      await runner.start()
    } finally {
      await runner.stop()
      await close()
    }
    const name = (store: string) => `${prefix}office-${store}-changelog`
    const [all, ...found] = await kafka.describe(
      ['all', 'hours', 'visits', 'pairs-left', 'pairs-right'].map(name),
    )
    assert.equal(all?.configs.get('cleanup.policy'), 'compact')
    const day = 24 * 3_600_000
    assert.deepEqual(
      found.map((topic) => [
        topic?.configs.get('cleanup.policy')?.split(',').sort().join(),
        Number(topic?.configs.get('retention.ms')),
      ]),
      [
        ['compact,delete', 3_600_000 + 60_000 + 5_000 + day],
        ['compact,delete', 1_800_000 + 60_000 + 5_000 + day],
        ['compact,delete', 120_000 + 60_000 + 5_000 + day],
        ['compact,delete', 120_000 + 60_000 + 5_000 + day],
      ],
    )
  })

  test('changelogs of an earlier version with another policy are left as they are, and named', async () => {
    const prefix = freshPrefix()
    const wanted = (await kafkaTopicSettings('office', topicSpecs(windowed())))
      .filter(({ name }) => /-(?:hours|all)-changelog$/.test(name))
      .map((topic) => ({ ...topic, name: prefix + topic.name }))
    await kafka.create(
      wanted.map(({ name, partitions }) => {
        const policy = name.includes('hours') ? 'compact' : 'compact,delete'
        return { name, partitions, configs: { 'cleanup.policy': policy, 'max.message.bytes': '16777216' } }
      }),
    )
    const { transport, close } = await openKafka({}, prefix)
    const runner = new Runner(windowed(), transport)
    try {
      await runner.start()
    } finally {
      await runner.stop()
      await close()
    }
    const found = await kafka.differences(wanted)
    const policies = found.filter(({ what }) => what === 'cleanup.policy')
    assert.deepEqual(
      policies.map(
        ({ topic, wanted: policy, actual }) => `${topic.slice(prefix.length)} ${actual} → ${policy}`,
      ),
      ['office-hours-changelog compact → compact,delete', 'office-all-changelog compact,delete → compact'],
    )
    assert.ok(found.some(({ topic, what }) => topic.includes('hours') && what === 'retention.ms'))
    const [first] = policies
    const topic = wanted.find(({ name }) => name === first?.topic)
    assert.ok(first !== undefined && topic !== undefined)
    const [line = ''] = mend(first, { ...topic, internal: true }, cluster).lines
    assert.ok(line.endsWith("--add-config 'cleanup.policy=[compact,delete]'"), line)
  })
})

/** Every kind of store there is. */
function windowed(): Plan {
  const builder = new TopologyBuilder('office')
  const counts = { silenceMs: 5_000, init: () => 0, add: (count: number) => count + 1, codec: numberCodec }
  const numbers = builder.stream({ name: 'numbers', codec: numberCodec })
  const grouped = numbers.groupByKey()
  const others = builder.stream({ name: 'others', codec: numberCodec })
  grouped.windowedBy(tumbling(3_600_000, { graceMs: 60_000 })).aggregate('hours', counts)
  grouped
    .windowedBy(session(1_800_000, { graceMs: 60_000 }))
    .aggregate('visits', { ...counts, combine: (a, b) => a + b })
  grouped.aggregate('all', counts)
  numbers.join('pairs', others, {
    withinMs: 120_000,
    graceMs: 60_000,
    silenceMs: 5_000,
    join: (left, right) => left + right,
  })
  return builder.build({ partitions: 1 })
}

const tools: Readonly<Record<string, string>> = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
}

/** As a shell would, with the tool's class in the place of its script. */
function runTool(line: string): void {
  const [script = '', ...rest] = line.split(' ')
  const { cache } = readSettings(process.env, join(import.meta.dirname, '..', '..'))
  const command = `java -XX:TieredStopAtLevel=1 -cp '${join(cache, 'libs')}/*' ${tools[script] ?? script} ${rest.join(' ')}`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
  assert.equal(status, 0, `${line}\n${stdout}${stderr}`)
}

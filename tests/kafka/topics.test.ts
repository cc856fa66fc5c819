import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { topics } from '@weir/schemas'
import { kafkaTopics } from '@weir/topology/transport'
import { readSettings as analysisSettings } from '../../console/analyze/settings.ts'
import { mend } from '../../console/kafka/mend.ts'
import { plannedTopics } from '../../console/kafka/topic-plan.ts'
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

describe('topics of the table and of the plan', () => {
  test('what was created is as wanted, and is not created again', async () => {
    const wanted = await planned(freshPrefix())
    assert.equal((await kafka.create(wanted)).length, wanted.length)
    assert.deepEqual(await kafka.create(wanted), [])
    assert.deepEqual(await kafka.differences(wanted), [])
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
      for (const line of mend(difference, topic, cluster).lines) run(line)
    }
    assert.deepEqual(await kafka.differences(wanted), [])
  })
})

const tools: Readonly<Record<string, string>> = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
}

/** As a shell would, with the tool's class in the place of its script. */
function run(line: string): void {
  const [script = '', ...rest] = line.split(' ')
  const { cache } = readSettings(process.env, join(import.meta.dirname, '..', '..'))
  const command = `java -XX:TieredStopAtLevel=1 -cp '${join(cache, 'libs')}/*' ${tools[script] ?? script} ${rest.join(' ')}`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
  assert.equal(status, 0, `${line}\n${stdout}${stderr}`)
}

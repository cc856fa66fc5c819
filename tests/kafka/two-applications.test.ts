import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { evidenceCodec, topics } from '@weir/schemas'
import type { Runner } from '@weir/topology'
import type { Transport } from '@weir/topology/transport'
import { readSettings } from '../../console/analyze/settings.ts'
import { topicOf } from '../../console/kafka/application.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { run } from '../../console/testing/weir-run.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as scan } from '../scenarios/vertical-scan-of-a-file-server/scenario.ts'
import { brokers, freshPrefix, openKafka } from './broker-under-test.ts'

const never = new AbortController().signal
const partitions = 2
const settings = readSettings({ out: 'out', partitions: String(partitions) })

test('two applications over the same flows each say what analyze says, once, whenever the other comes and goes', async () => {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(play(scan), logs, { sensor: 'zeek' })
  const { evidence } = await analyzePaths([logs], { out: workspace.folder('expected') })
  const expected = evidence
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line).id))
    .sort()
  assert.ok(expected.length > 0)
  const prefix = freshPrefix()
  const [ours, theirs] = [await openKafka({}, prefix), await openKafka({}, prefix)]
  try {
    const stopTheirs = new AbortController()
    const [runner, ending] = await start(theirs.transport, 'canary', stopTheirs.signal)
    const { generation } = runner.view()
    await ship([logs], settings, ours.transport, { stdin: nothing(), interruption: never, final: 'logs' })
    const done = { commitMs: 50, untilIdleMs: 500, idleMs: Number.POSITIVE_INFINITY, interruption: never }
    await runProcessors(settings, ours.transport, done)
    assert.equal(runner.view().generation, generation, 'no rebalance of the other one')
    stopTheirs.abort()
    await ending
    await runProcessors(settings, theirs.transport, { ...done, application: 'canary' })
    assert.deepEqual(await idsOf(ours.transport, 'weir'), expected)
    assert.deepEqual(await idsOf(theirs.transport, 'canary'), expected)
  } finally {
    await ours.close()
    await theirs.close()
  }
})

test('the topics of an application carry its name, but for what all of them read', () => {
  using workspace = new Workspace()
  const asked = ['topics', 'describe', '--json', '--brokers', brokers.join(',')]
  const namesOf = (...options: readonly string[]) => {
    const { status, out, err } = run(workspace.path, [...asked, ...options])
    assert.equal(status, 0, err)
    const rows: readonly { readonly topic: string }[] = JSON.parse(out)
    return rows.map(({ topic }) => topic)
  }
  const names = namesOf('--application-id', 'canary')
  assert.deepEqual(
    names.filter((name) => !name.startsWith('canary')),
    [topics.allowlist.name, topics.flows.name, topics.intel.name],
  )
  assert.ok(names.includes('canary.evidence.v1') && names.includes('canary-progress'), names.join())
  writeFileSync(join(workspace.path, 'weir.yaml'), 'kafka: {applicationId: canary}\n')
  assert.deepEqual(namesOf('--config', 'weir.yaml'), names)
  const { status, err } = run(workspace.path, [...asked, '--application-id', 'a.b'])
  assert.equal(status, 2)
  assert.match(err, /--application-id must be up to 60 letters, digits, - and _, not 'a\.b'/)
})

async function start(
  transport: Transport,
  application: string,
  interruption: AbortSignal,
): Promise<[Runner, Promise<unknown>]> {
  const { promise, resolve } = Promise.withResolvers<Runner>()
  const ending = runProcessors(settings, transport, {
    commitMs: 50,
    untilIdleMs: null,
    idleMs: Number.POSITIVE_INFINITY,
    interruption,
    application,
    onRunner: resolve,
  })
  const runner = await promise
  while (!runner.view().ready) await new Promise((done) => setTimeout(done, 20))
  return [runner, ending]
}

/** Ids of all evidence on the topic of an application, as often as they are there. */
async function idsOf(transport: Transport, application: string): Promise<readonly string[]> {
  const name = topicOf(application, topics.evidence)
  const ids: string[] = []
  for (let partition = 0; partition < partitions; partition += 1) {
    for await (const portion of transport.changelog(name, partition)) {
      for (const [, value] of portion) if (value !== null) ids.push(evidenceCodec.decode(value).id)
    }
  }
  return ids.sort()
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

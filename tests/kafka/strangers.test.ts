import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import { kafkaTopics } from '@weir/topology/transport'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { readSettings as analysisSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { plainCodecs } from '../../console/kafka/record-codecs.ts'
import type { Right } from '../../console/kafka/rights.ts'
import { ship } from '../../console/kafka/ship.ts'
import { tail } from '../../console/kafka/tail.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as scan } from '../scenarios/vertical-scan-of-a-file-server/scenario.ts'
import { brokerCertificates, clientCertificate } from './broker/certificates.ts'
import { connectCommand } from './broker/connect.ts'
import { grant } from './broker/principals.ts'
import { host, readSettings } from './broker/settings.ts'
import { installed } from './broker/system-packages.ts'
import { brokers, freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { assertRevisionsOnce } from './read-topics.ts'

const broker = readSettings(process.env, join(import.meta.dirname, '..', '..'))
const { ca } = brokerCertificates(broker)
const mutual = `${host}:${broker.mutualPort}`
const prefix = freshPrefix()
const topic = `${prefix}${topics.alertsJson.name}`
const user = `${prefix}siem`
const { cert, key } = clientCertificate(broker, user)
const workspace = new Workspace()
const never = new AbortController().signal
/** What a reader of the alerts may do: those of a group, and nothing else. */
const siemRights: readonly Right[] = [
  { over: 'topic', name: topics.alertsJson.name, isPrefix: false, may: ['Read'] },
  { over: 'group', name: 'siem', isPrefix: true, may: ['Read'] },
]
/** All revisions of the Avro topic. */
let expected: readonly string[] = []
/** What `weir analyze` says of the same logs: the last revision of each. */
let analyzed = ''

before(async () => {
  const cluster = await openCluster()
  await grant(cluster, user, siemRights, prefix)
  await cluster.close()
  const logs = workspace.folder('logs')
  writeLogs(play(scan), logs, { sensor: 'zeek' })
  analyzed = (await analyzePaths([logs], { out: workspace.folder('analyzed') })).alerts
  const settings = analysisSettings({ out: 'out', partitions: '4' })
  const { transport, close } = await openKafka({}, prefix)
  await ship([logs], settings, transport, { stdin: nothing(), interruption: never, final: 'logs' })
  await runProcessors(settings, transport, {
    commitMs: 100,
    untilIdleMs: 1_000,
    idleMs: Number.POSITIVE_INFINITY,
    interruption: never,
  })
  await close()
  const kafka = await kafkaTopics({ brokers })
  const lines: string[] = []
  const output = { line: (text: string) => lines.push(text), undecodable: assert.fail }
  await tail(
    'alerts',
    kafka,
    plainCodecs,
    { from: 'beginning', untilEnd: true, json: true, prefix },
    output,
    never,
  )
  await kafka.close()
  expected = lines.sort()
})
after(() => workspace[Symbol.dispose]())

/**
 * Every revision of every alert once and without a gap, the last one as `weir analyze` says it, byte for byte as the Avro topic has
 * it, and valid by the published schema.
 */
function checkAlerts(lines: readonly string[]): void {
  assertRevisionsOnce(lines, analyzed.trimEnd().split('\n'))
  assert.deepEqual([...lines].sort(), expected)
  const ajv = new Ajv2020({ strict: true })
  formats.default(ajv)
  const schema = join(import.meta.dirname, '../../schemas/json/alert.schema.json')
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')))
  for (const line of lines) assert.ok(validate(JSON.parse(line)), JSON.stringify(validate.errors))
}

const linesOf = (path: string) =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []

describe('strangers read the alerts over mutual TLS with rights to nothing else', () => {
  test('kcat reads each alert once', (t) => {
    if (!installed('kcat', ['kcat'], t)) return
    const tls = [
      ...['-X', 'security.protocol=ssl', '-X', `ssl.ca.location=${ca}`],
      ...['-X', `ssl.certificate.location=${cert}`, '-X', `ssl.key.location=${key}`],
    ]
    const read = (name: string) =>
      spawnSync('kcat', ['-b', mutual, ...tls, '-C', '-q', '-e', '-o', 'beginning', '-t', name], {
        encoding: 'utf8',
      })
    const { stdout, stderr, status } = read(topic)
    assert.equal(status, 0, stderr)
    checkAlerts(stdout.split('\n').filter(Boolean))
    assert.notEqual(read(`${prefix}${topics.flows.name}`).status, 0, 'it has no right to the flows')
  })

  test('rsyslog with imkafka writes each alert once', async (t) => {
    if (!installed('rsyslogd', ['rsyslog', 'rsyslog-kafka'], t)) return
    const folder = workspace.folder('rsyslog')
    mkdirSync(folder, { recursive: true })
    const out = join(folder, 'alerts.jsonl')
    const parameters = [
      'security.protocol=ssl',
      `ssl.ca.location=${ca}`,
      `ssl.certificate.location=${cert}`,
      `ssl.key.location=${key}`,
      'auto.offset.reset=earliest',
      'isolation.level=read_committed',
    ]
    const text = [
      `global(workDirectory="${folder}" maxMessageSize="1m")`,
      'module(load="imkafka")',
      'template(name="line" type="string" string="%rawmsg%\\n")',
      `ruleset(name="alerts") { action(type="omfile" file="${out}" template="line") }`,
      `input(type="imkafka" ruleset="alerts" topic="${topic}" broker="${mutual}" consumergroup="${prefix}siem-rsyslog"`,
      `  confParam=[${parameters.map((each) => `"${each}"`).join(', ')}])`,
    ].join('\n')
    writeFileSync(join(folder, 'rsyslog.conf'), `${text}\n`)
    const rsyslog = spawn('rsyslogd', ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await untilStill(rsyslog, () => linesOf(out).length)
    checkAlerts(linesOf(out))
  })

  test("Kafka Connect's file sink writes each alert once", async () => {
    const folder = workspace.folder('connect')
    mkdirSync(folder, { recursive: true })
    const out = join(folder, 'alerts.jsonl')
    const [worker, sink] = [join(folder, 'worker.properties'), join(folder, 'sink.properties')]
    const asText = 'org.apache.kafka.connect.storage.StringConverter'
    writeFileSync(
      worker,
      [
        `bootstrap.servers=${mutual}`,
        ...mutualTls(),
        ...mutualTls('consumer.'),
        'consumer.isolation.level=read_committed',
        `offset.storage.file.filename=${join(folder, 'offsets')}`,
        'offset.flush.interval.ms=1000',
        `key.converter=${asText}`,
        `value.converter=${asText}`,
        'plugin.discovery=only_scan',
        `listeners=http://${host}:0`,
      ].join('\n'),
    )
    writeFileSync(
      sink,
      [
        'name=siem',
        `consumer.override.group.id=${prefix}siem-connect`,
        'connector.class=org.apache.kafka.connect.file.FileStreamSinkConnector',
        'tasks.max=1',
        `topics=${topic}`,
        `file=${out}`,
      ].join('\n'),
    )
    const [program = '', ...args] = connectCommand(broker, [worker, sink])
    const connect = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    await untilStill(connect, () => linesOf(out).length)
    checkAlerts(linesOf(out))
  })
})

/** Settings of Kafka's own clients for the listener with certificates. */
function mutualTls(prefix = ''): readonly string[] {
  const pem = join(workspace.folder('connect'), 'client.pem')
  writeFileSync(pem, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
  return [
    'security.protocol=SSL',
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${ca}`,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${pem}`,
  ].map((each) => prefix + each)
}

/** Waits until there is something and no more comes, or the process ends by itself, and ends it. */
async function untilStill(reader: ChildProcess, count: () => number): Promise<void> {
  let said = ''
  reader.stderr?.setEncoding('utf8').on('data', (part: string) => {
    said += part
  })
  const ended = new Promise<void>((resolve) => reader.once('exit', () => resolve()))
  for (let before = 0, still = 0; still < 4 && reader.exitCode === null; ) {
    await sleep(500)
    const now = count()
    still = now > 0 && now === before ? still + 1 : 0
    before = now
  }
  if (reader.exitCode === null) reader.kill('SIGTERM')
  await ended
  assert.ok(count() > 0, said)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

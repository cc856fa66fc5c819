import { topics } from '@weir/schemas'
import { kafkaTopics, type TopicDescription } from '@weir/topology/transport'
import { Command } from 'commander'
import { formatDuration, wholeNumber } from '../analyze/setting-checks.ts'
import { readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { clientSettings, reach } from '../kafka/broker-options.ts'
import { type Connection, checkConnection } from '../kafka/connection.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { mend } from '../kafka/mend.ts'
import { otherPartitions } from '../kafka/other-partitions.ts'
import { type PlannedTopic, plannedTopics } from '../kafka/topic-plan.ts'
import { printable } from '../report/printable.ts'
import type { Terminal } from '../terminal.ts'

type Options = {
  readonly partitions?: string
  readonly replicationFactor?: string
  readonly json?: boolean
  readonly config?: string
}

const examples = `
Examples:
  weir topics create                           what is absent, with the settings of Weir
  weir topics create --replication-factor 3    the same with three copies of each, which need three brokers
  weir topics check                            what differs, with the command that mends it
  weir topics describe --json                  what there is

Records are kept for as long as the topics say (weir topics describe) from when they were sent, however old their events.
'check' ends with status 1 when anything differs. Topics that exist are never changed.
`

export function topicsCommand(terminal: Terminal): Command {
  return new Command('topics')
    .description('Create, show and check the topics of Weir on a Kafka cluster.')
    .addHelpText('after', examples)
    .addCommand(
      subcommand(
        'create',
        'Create the topics that are absent.',
        terminal,
        async (wanted, connection, { partitions }) => {
          const created = await withTopics(terminal, connection, async (kafka) => {
            const found = await kafka.describe(wanted.map(({ name }) => name))
            const refusal = otherPartitions(wanted, found, Number(partitions))
            if (refusal !== null) throw refusal
            return kafka.create(wanted)
          })
          const rest = wanted.length - created.length
          for (const name of created) terminal.out.write(`created ${name}\n`)
          terminal.out.write(`${created.length} topics created, ${rest} were there\n`)
        },
      ),
    )
    .addCommand(
      subcommand(
        'describe',
        'Show the topics as they are.',
        terminal,
        async (wanted, connection, { json }) => {
          const names = wanted.map(({ name }) => name)
          const found = await withTopics(terminal, connection, (kafka) => kafka.describe(names))
          const rows = wanted.map((topic, at) => describe(topic, found[at] ?? null))
          if (json === true) terminal.out.write(`${JSON.stringify(rows, null, 2)}\n`)
          else terminal.out.write(table(rows))
        },
      ),
    )
    .addCommand(
      subcommand(
        'check',
        'Name every difference and what mends it.',
        terminal,
        async (wanted, connection, { json }) => {
          const { brokers, tls, sasl } = connection
          const cluster = { brokers, secured: tls !== null || sasl !== null }
          const found = (
            await withTopics(terminal, connection, (kafka) => kafka.differences(wanted))
          ).flatMap((each) => {
            const topic = wanted.find(({ name }) => name === each.topic)
            return topic === undefined ? [] : [{ ...each, ...mend(each, topic, cluster) }]
          })
          if (json === true) terminal.out.write(`${JSON.stringify(found, null, 2)}\n`)
          else {
            for (const { topic, what, wanted: value, actual, lines, caution } of found) {
              const is =
                actual === null ? 'does not exist' : `has ${what} ${printable(actual)} and not ${value}`
              terminal.out.write(`${topic} ${is}${caution === null ? '' : ` (${caution})`}\n`)
              for (const line of lines) terminal.out.write(`  ${line}\n`)
            }
          }
          if (found.length > 0) {
            const isAbsent = found.some(({ actual }) => actual === null)
            const create = isAbsent
              ? "; 'weir topics create' with the same options makes all that are absent at once"
              : ''
            throw consoleError.TOPICS_DIFFER({ count: found.length, create })
          }
          if (json !== true) terminal.out.write(`${wanted.length} topics, all as they are to be\n`)
        },
      ),
    )
}

function subcommand(
  name: 'create' | 'describe' | 'check',
  says: string,
  { env }: Terminal,
  run: (wanted: readonly PlannedTopic[], connection: Connection, options: Options) => Promise<void>,
): Command {
  const command = new Command(name)
    .description(says)
    .option('--partitions <n>', 'partitions of the topics', String(topics.flows.partitions))
    .option('--replication-factor <n>', "brokers that hold each partition (default: the cluster's own)")
  if (name !== 'create') command.option('--json', 'print JSON')
  return withConnectionOptions(command).action(async (options: Options) => {
    const { replicationFactor, partitions } = options
    const copies =
      replicationFactor === undefined
        ? { value: null }
        : wholeNumber(1, 100)(replicationFactor, '--replication-factor')
    const checked = checkConnection(options, env)
    const wrong = [copies, checked].flatMap((each) => ('wrong' in each ? each.wrong : []))
    const settings = readSettings(
      {
        out: 'out',
        ...(partitions === undefined ? {} : { partitions }),
        ...(options.config === undefined ? {} : { config: options.config }),
      },
      { command: `topics ${name}`, enrichOnline: '--enrich-online' },
      wrong,
    )
    if ('wrong' in copies || 'wrong' in checked)
      throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: `topics ${name}` })
    const connection = checked.value
    const { application } = connection
    await run(await plannedTopics(settings, { copies: copies.value, application }), connection, options)
  })
}

async function withTopics<T>(
  { interruption }: Terminal,
  connection: Connection,
  work: (kafka: Awaited<ReturnType<typeof kafkaTopics>>) => Promise<T>,
): Promise<T> {
  await reach(connection, 'topics', interruption)
  const kafka = await kafkaTopics({ ...clientSettings(connection, 'topics'), giveUpMs: 15_000 })
  try {
    return await work(kafka)
  } finally {
    await kafka.close()
  }
}

type Row = {
  readonly topic: string
  readonly internal: boolean
  readonly exists: boolean
  readonly partitions: number | null
  readonly copies: number | null
  readonly configs: Readonly<Record<string, string>>
}

/** Of the settings only those Weir has an opinion on. */
function describe({ name, internal, configs }: PlannedTopic, found: TopicDescription | null): Row {
  if (found === null)
    return { topic: name, internal, exists: false, partitions: null, copies: null, configs: {} }
  const shown = new Set([...Object.keys(configs), 'cleanup.policy', 'retention.ms'])
  return {
    topic: name,
    internal,
    exists: true,
    partitions: found.partitions,
    copies: found.copies,
    configs: Object.fromEntries([...shown].map((key) => [key, found.configs.get(key) ?? ''])),
  }
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ topic, exists, partitions, copies, configs }) => [
    topic,
    exists ? String(partitions) : 'absent',
    exists ? String(copies) : '',
    exists ? kept(configs) : '',
    printable(configs['cleanup.policy'] ?? ''),
  ])
  const cells = [['TOPIC', 'PARTITIONS', 'COPIES', 'KEPT', 'CLEANUP'], ...lines]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function kept(configs: Row['configs']): string {
  const ms = Number(configs['retention.ms'])
  if (ms === -1 || configs['cleanup.policy'] === 'compact') return 'for ever'
  return ms % 1_000 === 0 ? formatDuration(ms) : `${ms} ms`
}

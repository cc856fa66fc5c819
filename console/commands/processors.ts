import { DetectionCounters } from '@weir/processors'
import { topics } from '@weir/schemas'
import { type Runner, topologyMetrics } from '@weir/topology'
import { MetricRegistry, openLog } from '@weir/topology/kit'
import { Command, Option } from 'commander'
import { detectionPlan } from '../analyze/detection-plan.ts'
import { duration, oneOf, wholeNumber } from '../analyze/setting-checks.ts'
import { type AnalyzeOptions, readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { watchFolder } from '../intel/watch-folder.ts'
import { type BrokerOptions, checkBrokerOptions, openBrokers } from '../kafka/broker-options.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { DetectionTeller, detectionMetrics } from '../kafka/detection-metrics.ts'
import { allSetAside, endSentence } from '../kafka/end-sentence.ts'
import { parseAddress, serveHttp } from '../kafka/http.ts'
import { leaveInTime, leaveMs } from '../kafka/leave-in-time.ts'
import { liveTables } from '../kafka/live-tables.ts'
import { runProcessors } from '../kafka/processors.ts'
import { settingsMark } from '../kafka/settings-mark.ts'
import { settingsTeller } from '../kafka/settings-teller.ts'
import { topicTeller } from '../kafka/topic-teller.ts'
import type { Terminal } from '../terminal.ts'
import { collect } from './collect.ts'

type Options = Pick<
  AnalyzeOptions,
  | 'window'
  | 'homeNet'
  | 'direction'
  | 'site'
  | 'whitelist'
  | 'intel'
  | 'geo'
  | 'asn'
  | 'config'
  | 'partitions'
> &
  BrokerOptions & {
    readonly commitMs: string
    readonly untilIdle?: string
    readonly idleTime?: string
    readonly alertsJson?: boolean
    readonly http?: string
    readonly logLevel: string
  }

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** Longer than sensors take to write a record of what goes on all the time; short beside the windows that wait for it. */
const defaultIdleTime = '1m'

/** What was done since the last commit has to be sent within the ten seconds that brokers leave a transaction open. */
const longestCommitMs = 10_000

const examples = `
Examples:
  weir processors                                           until SIGTERM, in memory, on the brokers of WEIR_BROKERS
  weir processors --state-dir state-1 --http 9464           state on disk; curl 127.0.0.1:9464/ready
  weir processors --until-idle 5s                           all there is, and then an end
  weir processors --application-id canary --window 5m       other settings beside what is running

Start more of it on as many machines as you like, each with a --state-dir of its own: work is spread by partition, and records go to
partitions by site and source host, so there must be more hosts than processes, and as many partitions as processes.

Brokers that cannot be reached at the start are an error after 15 s. Later they are waited for, with a warning and /ready at 503 after a
few seconds, and an error after 5 minutes. SIGTERM commits and leaves; where brokers do not answer it waits ${leaveMs / 1_000} s for them.
`

export function processorsCommand(terminal: Terminal): Command {
  const command = new Command('processors')
    .description('Detect on a Kafka cluster what analyze detects in files; start more of it for more work.')
    .option('--guarantee <which>', 'exactly-once or at-least-once (default: exactly-once)')
    .option('--window <time>', 'width of the profile windows, such as 5m, 1h, 1d')
    .option('--home-net <cidr>', 'a home network; may be repeated (default: the private ranges)', collect)
    .option('--direction <which>', 'out or all')
    .option(
      '--whitelist <file>',
      `rules of this process beside those of ${topics.allowlist.name} (weir allowlist); read once`,
    )
    .option(
      '--intel <folder>',
      `indicators beside those of ${topics.intel.name} (weir intel --brokers); read again when they change`,
    )
    .option('--geo <file>', 'MMDB file with countries of addresses')
    .option('--asn <file>', 'MMDB file with AS numbers of addresses')
    .option('--config <file>', 'settings file, YAML or JSON; see weir config-schema')
    .option('--partitions <n>', 'partitions of the topics (default: 8)')
    .option('--commit-ms <ms>', `time between commits, at most ${longestCommitMs}`, '100')
    .option('--state-dir <dir>', 'keep state on disk, one directory a process (default: in memory)')
    .option('--standbys <n>', 'warm copies of state that other processes keep (default: 0)')
    .option('--instance-id <name>', 'name of this process: a restart within 10 s is then no rebalance')
    .option('--until-idle <time>', 'end when nothing has been left to do, here or elsewhere, for this long')
    .option(
      '--idle-time <time>',
      'silence after which time goes on by the clock (default: 1m, with --until-idle never)',
    )
    .option('--no-alerts-json', `do not write alerts to ${topics.alertsJson.name} as well`)
    .option(
      '--http <address>',
      'answer on HOST:PORT, or on a PORT of loopback, about health, metrics and state',
    )
    .addHelpText('after', examples)
    .addOption(
      new Option('--log-level <level>', 'how much to say on standard error, in lines of JSON')
        .choices(logLevels)
        .default('info'),
    )
    .action(async (options: Options) => {
      const { settings, brokers, commitMs, untilIdleMs, idleMs, address, level } = check(options, terminal)
      const log = openLog('weir-processors', level, { withTrace: terminal.env.WEIR_TRACE !== undefined })
      terminal.endsGently()
      if (Object.keys(settings.data).length > 0) log.info('data-files', { sha256: settings.data })
      for (const sentence of settings.context.missing) log.warn('context-missing', { sentence })
      const registry = await MetricRegistry.open()
      const metrics = registry.add(topologyMetrics)
      const counters = new DetectionCounters()
      const { interruption } = terminal
      const { alertsJson = true } = options
      const opened = await openBrokers(brokers, 'processors', interruption, {
        onBrokers: ({ silent, forMs, giveUpMs, ...news }) => {
          const forSeconds = Math.round(forMs / 1_000)
          if (silent)
            log.warn('brokers-silent', { ...news, forSeconds, givesUpAfterSeconds: giveUpMs / 1_000 })
          else log.warn('brokers-back', { ...news, forSeconds })
        },
        onTopic: topicTeller(log, metrics),
        settings: settingsMark(settings, { idleMs, alertsJson, intel: options.intel !== undefined }),
        onSettings: settingsTeller(log, metrics),
      }).catch((error: unknown) => {
        // Told to stop before anything was begun.
        if (interruption.aborted) return null
        throw error
      })
      if (opened === null) return
      const { transport, codecs, application } = opened
      let runner: Runner | null = null
      const live = liveTables(settings, codecs, log)
      const teller = new DetectionTeller(counters, live, registry.add(detectionMetrics))
      const watching = new AbortController()
      if (options.intel !== undefined) {
        void watchFolder(options.intel, (table, unreadable) => live.useFolder(table, unreadable), {
          log,
          signal: watching.signal,
        })
      }
      const view = () => runner?.view() ?? null
      const ended = new AbortController()
      /** At the end, if that was waited for. */
      let gone: string | null = null
      const leaving = leaveInTime(
        interruption,
        () => view()?.silentMs ?? view()?.gone?.forMs ?? null,
        async () => {
          gone = view()?.gone?.topic ?? null
          await transport.close()
        },
        ended.signal,
      )
      let http: Awaited<ReturnType<typeof serveHttp>> | null = null
      try {
        if (address !== null) {
          http = await serveHttp(address, {
            plan: detectionPlan(settings, counters, {
              codecs,
              alertsJson,
              application,
              live,
            }),
            registry,
            metrics,
            view,
            blind: () => (runner === null ? null : allSetAside(runner.totals)),
            tell: () => teller.tell(),
            readState: (store, key) => runner?.readState(store, key) ?? null,
          })
          registry.addProcess()
        }
        log.info('starting', {
          application,
          guarantee: brokers.guarantee,
          commitMs,
          httpPort: http?.port,
        })
        const totals = await runProcessors(settings, transport, {
          commitMs,
          untilIdleMs,
          idleMs,
          interruption,
          codecs,
          application,
          counters,
          live,
          alertsJson,
          log,
          metrics,
          onRunner: (next) => {
            runner = next
          },
        }).finally(async () => {
          ended.abort()
          if (!(await leaving)) return
          if (gone !== null) throw consoleError.STOPPED_WITHOUT_TOPIC({ topic: gone })
          throw consoleError.STOPPED_AWAY({ brokers: brokers.connection.brokers.join(',') })
        })
        terminal.out.write(endSentence(totals, totals.last))
        const lost = untilIdleMs === null ? null : allSetAside(totals)
        if (lost !== null) throw lost
      } finally {
        watching.abort()
        ended.abort()
        await http?.close()
        await transport.close()
      }
    })
  return withConnectionOptions(command)
}

/** Throws with everything that is wrong with the options. */
function check(options: Options, { env }: Terminal) {
  const partitions = options.partitions ?? String(topics.flows.partitions)
  const never = { value: Number.POSITIVE_INFINITY }
  const idle = options.untilIdle === undefined ? null : duration(options.untilIdle, '--until-idle')
  const idleTime = options.idleTime ?? (idle === null ? defaultIdleTime : 'never')
  const silence = idleTime === 'never' ? never : duration(idleTime, '--idle-time')
  const commitMs = wholeNumber(1, longestCommitMs)(options.commitMs, '--commit-ms')
  const level = oneOf(logLevels)(options.logLevel, '--log-level')
  const address = options.http === undefined ? null : parseAddress(options.http)
  const brokers = checkBrokerOptions(options, env)
  const wrong = [idle ?? never, silence, commitMs, level, brokers].flatMap((each) =>
    'wrong' in each ? each.wrong : [],
  )
  if (options.http !== undefined && address === null)
    wrong.push(`--http must be an address such as 127.0.0.1:9464 or a port, not '${options.http}'`)
  // Beside a cluster a state directory is another thing than that of an analysis.
  const { stateDir: _, ...analysis } = options
  const settings = readSettings(
    { ...analysis, partitions, out: 'out' },
    { command: 'processors', enrichOnline: '--enrich-online' },
    wrong,
  )
  if (
    (idle !== null && 'wrong' in idle) ||
    'wrong' in silence ||
    'wrong' in commitMs ||
    'wrong' in level ||
    'wrong' in brokers ||
    wrong.length > 0
  )
    throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'processors' })
  return {
    settings,
    brokers: brokers.value,
    commitMs: commitMs.value,
    untilIdleMs: idle?.value ?? null,
    idleMs: silence.value,
    address,
    level: level.value,
  }
}

import { DetectionCounters } from '@weir/processors'
import { topics } from '@weir/schemas'
import { type Runner, topologyMetrics } from '@weir/topology'
import { MetricRegistry, openLog } from '@weir/topology/kit'
import { Command, Option } from 'commander'
import { detectionPlan } from '../analyze/detection-plan.ts'
import { duration } from '../analyze/setting-checks.ts'
import { type AnalyzeOptions, readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { watchFolder } from '../intel/watch-folder.ts'
import { type BrokerOptions, openBrokers } from '../kafka/broker-options.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { DetectionTeller, detectionMetrics } from '../kafka/detection-metrics.ts'
import { parseAddress, serveHttp } from '../kafka/http.ts'
import { liveTables } from '../kafka/live-tables.ts'
import { runProcessors } from '../kafka/processors.ts'
import type { Terminal } from '../terminal.ts'

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

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

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
    .option('--commit-ms <ms>', 'time between commits', '100')
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
    .addOption(
      new Option('--log-level <level>', 'how much to say on standard error, in lines of JSON')
        .choices(logLevels)
        .default('info'),
    )
    .action(async (options: Options) => {
      const partitions = options.partitions ?? String(topics.flows.partitions)
      // Beside a cluster a state directory is another thing than that of an analysis.
      const { stateDir: _, ...analysis } = options
      const settings = readSettings({ ...analysis, partitions, out: 'out' })
      const idle = options.untilIdle === undefined ? null : duration(options.untilIdle, '--until-idle')
      const idleText = options.idleTime ?? (idle === null ? defaultIdleTime : 'never')
      const silence = idleText === 'never' ? { value: Infinity } : duration(idleText, '--idle-time')
      const commitMs = Number(options.commitMs)
      const address = options.http === undefined ? null : parseAddress(options.http)
      const level = logLevels.find((each) => each === options.logLevel) ?? 'info'
      const wrong = [
        ...(idle !== null && 'wrong' in idle ? idle.wrong : []),
        ...('wrong' in silence ? silence.wrong : []),
        ...(Number.isInteger(commitMs) && commitMs > 0 ? [] : ['--commit-ms must be a whole number above 0']),
        ...(options.http !== undefined && address === null
          ? [`--http must be an address such as 127.0.0.1:9464 or a port, not '${options.http}'`]
          : []),
      ]
      if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'processors' })
      const log = openLog('weir-processors', level)
      terminal.endsGently()
      if (Object.keys(settings.data).length > 0) log.info('data-files', { sha256: settings.data })
      for (const sentence of settings.context.missing) log.warn('context-missing', { sentence })
      const registry = await MetricRegistry.open()
      const metrics = registry.add(topologyMetrics)
      const counters = new DetectionCounters()
      let runner: Runner | null = null
      const { transport, codecs, application } = await openBrokers(options, terminal.env, 'processors')
      const live = liveTables(settings, codecs, log)
      const teller = new DetectionTeller(counters, live, registry.add(detectionMetrics))
      const watching = new AbortController()
      if (options.intel !== undefined) {
        void watchFolder(options.intel, (table) => live.useFolder(table), { log, signal: watching.signal })
      }
      let http: Awaited<ReturnType<typeof serveHttp>> | null = null
      try {
        if (address !== null) {
          http = await serveHttp(address, {
            plan: detectionPlan(settings, counters, {
              codecs,
              alertsJson: options.alertsJson ?? true,
              application,
              live,
            }),
            registry,
            metrics,
            view: () => runner?.view() ?? null,
            tell: () => teller.tell(),
            readState: (store, key) => runner?.readState(store, key) ?? null,
          })
          registry.addProcess()
        }
        log.info('starting', {
          application,
          guarantee: options.guarantee ?? 'exactly-once',
          commitMs,
          httpPort: http?.port,
        })
        const { records, commits, deadLetters } = await runProcessors(settings, transport, {
          commitMs,
          untilIdleMs: idle !== null && 'value' in idle ? idle.value : null,
          idleMs: 'value' in silence ? silence.value : Infinity,
          interruption: terminal.interruption,
          codecs,
          application,
          counters,
          live,
          alertsJson: options.alertsJson ?? true,
          log,
          metrics,
          onRunner: (next) => {
            runner = next
          },
        })
        terminal.out.write(`${records} records, ${commits} commits, ${deadLetters} dead letters\n`)
      } finally {
        watching.abort()
        await http?.close()
        await transport.close()
      }
    })
  return withConnectionOptions(command)
}

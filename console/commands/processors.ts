import { topics } from '@weir/schemas'
import { Command } from 'commander'
import { duration } from '../analyze/setting-checks.ts'
import { type AnalyzeOptions, readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { type BrokerOptions, openBrokers } from '../kafka/broker-options.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { runProcessors } from '../kafka/processors.ts'
import type { Terminal } from '../terminal.ts'

type Options = Pick<
  AnalyzeOptions,
  'window' | 'homeNet' | 'direction' | 'site' | 'whitelist' | 'config' | 'partitions'
> &
  BrokerOptions & {
    readonly commitMs: string
    readonly untilIdle?: string
    readonly finish?: boolean
    readonly alertsJson?: boolean
  }

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function processorsCommand(terminal: Terminal): Command {
  const command = new Command('processors')
    .description('Detect on a Kafka cluster what analyze detects in files; start more of it for more work.')
    .option('--guarantee <which>', 'exactly-once or at-least-once (default: exactly-once)')
    .option('--window <time>', 'width of the profile windows, such as 5m, 1h, 1d')
    .option('--home-net <cidr>', 'a home network; may be repeated (default: the private ranges)', collect)
    .option('--direction <which>', 'out or all')
    .option('--whitelist <file>', 'rules for what is not to be looked at or not to be said')
    .option('--config <file>', 'settings file, YAML or JSON; see weir config-schema')
    .option('--partitions <n>', 'partitions of the topics (default: 8)')
    .option('--commit-ms <ms>', 'time between commits', '100')
    .option('--state-dir <dir>', 'keep state on disk, one directory a process (default: in memory)')
    .option('--standbys <n>', 'warm copies of state that other processes keep (default: 0)')
    .option('--instance-id <name>', 'name of this process: a restart within 10 s is then no rebalance')
    .option('--until-idle <time>', 'end when no record has come for this long')
    .option('--finish', 'with --until-idle and a single process: end what is open, as analyze does')
    .option('--no-alerts-json', `do not write alerts to ${topics.alertsJson.name} as well`)
    .action(async (options: Options) => {
      const partitions = options.partitions ?? String(topics.flows.partitions)
      // Beside a cluster a state directory is another thing than that of an analysis.
      const { stateDir: _, ...analysis } = options
      const settings = readSettings({ ...analysis, partitions, out: 'out' })
      const idle = options.untilIdle === undefined ? null : duration(options.untilIdle, '--until-idle')
      const commitMs = Number(options.commitMs)
      const wrong = [
        ...(idle !== null && 'wrong' in idle ? idle.wrong : []),
        ...(Number.isInteger(commitMs) && commitMs > 0 ? [] : ['--commit-ms must be a whole number above 0']),
      ]
      if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'processors' })
      const { transport, codecs } = await openBrokers(options, terminal.env, 'processors')
      try {
        const { records, commits, deadLetters } = await runProcessors(settings, transport, {
          commitMs,
          untilIdleMs: idle !== null && 'value' in idle ? idle.value : null,
          finish: options.finish ?? false,
          interruption: terminal.interruption,
          codecs,
          alertsJson: options.alertsJson ?? true,
        })
        terminal.out.write(`${records} records, ${commits} commits, ${deadLetters} dead letters\n`)
      } finally {
        await transport.close()
      }
    })
  return withConnectionOptions(command)
}

import { topics } from '@weir/schemas'
import { Command } from 'commander'
import { duration } from '../analyze/setting-checks.ts'
import { type AnalyzeOptions, readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { type BrokerOptions, openBrokers } from '../kafka/broker-options.ts'
import { runProcessors } from '../kafka/processors.ts'
import type { Terminal } from '../terminal.ts'

type Options = Pick<
  AnalyzeOptions,
  'window' | 'homeNet' | 'direction' | 'site' | 'whitelist' | 'config' | 'partitions'
> &
  BrokerOptions & { readonly commitMs: string; readonly untilIdle?: string; readonly idleTime?: string }

/** Longer than sensors take to write a record of what goes on all the time; short beside the windows that wait for it. */
const defaultIdleTime = '1m'

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function processorsCommand(terminal: Terminal): Command {
  return new Command('processors')
    .description('Detect on a Kafka cluster what analyze detects in files; start more of it for more work.')
    .option('--brokers <list>', 'brokers as host:port, separated by commas (default: WEIR_BROKERS)')
    .option('--guarantee <which>', 'exactly-once or at-least-once (default: exactly-once)')
    .option('--window <time>', 'width of the profile windows, such as 5m, 1h, 1d')
    .option('--home-net <cidr>', 'a home network; may be repeated (default: the private ranges)', collect)
    .option('--direction <which>', 'out or all')
    .option('--whitelist <file>', 'rules for what is not to be looked at or not to be said')
    .option('--config <file>', 'settings file, YAML or JSON; see weir config-schema')
    .option('--partitions <n>', 'partitions of the topics (default: 8)')
    .option('--commit-ms <ms>', 'time between commits', '100')
    .option('--until-idle <time>', 'end when nothing has been left to do, here or elsewhere, for this long')
    .option(
      '--idle-time <time>',
      'silence after which time goes on by the clock (default: 1m, with --until-idle never)',
    )
    .action(async (options: Options) => {
      const partitions = options.partitions ?? String(topics.flows.partitions)
      const settings = readSettings({ ...options, partitions, out: 'out' })
      const idle = options.untilIdle === undefined ? null : duration(options.untilIdle, '--until-idle')
      const idleText = options.idleTime ?? (idle === null ? defaultIdleTime : 'never')
      const silence = idleText === 'never' ? { value: Infinity } : duration(idleText, '--idle-time')
      const commitMs = Number(options.commitMs)
      const wrong = [
        ...(idle !== null && 'wrong' in idle ? idle.wrong : []),
        ...('wrong' in silence ? silence.wrong : []),
        ...(Number.isInteger(commitMs) && commitMs > 0 ? [] : ['--commit-ms must be a whole number above 0']),
      ]
      if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'processors' })
      const transport = await openBrokers(options, terminal.env, 'processors')
      try {
        const { records, commits, deadLetters } = await runProcessors(settings, transport, {
          commitMs,
          untilIdleMs: idle !== null && 'value' in idle ? idle.value : null,
          idleMs: 'value' in silence ? silence.value : Infinity,
          interruption: terminal.interruption,
        })
        terminal.out.write(`${records} records, ${commits} commits, ${deadLetters} dead letters\n`)
      } finally {
        await transport.close()
      }
    })
}

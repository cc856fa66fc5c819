import { topics } from '@weir/schemas'
import { Command } from 'commander'
import { type AnalyzeOptions, readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { explain } from '../explain.ts'
import { type BrokerOptions, checkBrokerOptions, openBrokers } from '../kafka/broker-options.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { inputName, ship } from '../kafka/ship.ts'
import type { Terminal } from '../terminal.ts'

type Options = Pick<AnalyzeOptions, 'site' | 'inputKind' | 'inputTimezone' | 'partitions'> &
  BrokerOptions & { readonly final?: boolean; readonly source?: string }

const examples = `
Examples:
  weir ship /var/log/zeek/current              what is there; more may follow
  weir ship 2024-03-04 2024-03-05 --final      two days, which then have ended: nothing follows of them
  zcat conn.log.gz | weir ship - --final --source tap-2

Brokers that cannot be reached at the start are an error after 15 s; those that go away later are waited for, 5 minutes at most.
`

export function shipCommand(terminal: Terminal): Command {
  const command = new Command('ship')
    .description(`Read logs as analyze does and send their records to ${topics.flows.name}.`)
    .argument('<paths...>', 'files and folders of logs; - for standard input')
    .option('--site <name>', 'name of the network, part of every record (default: default)')
    .option('--input-kind <kind>', 'read every input as one kind')
    .option('--input-timezone <offset>', 'zone of times that carry none (default: UTC)')
    .option('--partitions <n>', 'partitions of the topic, if it is to be created (default: 8)')
    .option(
      '--final',
      'end the input when all is sent: processors then close and forget what is open, so only with the last of it',
    )
    .option(
      '--source <name>',
      'with --final: name of what ends, beside the site (default: made of the paths)',
    )
    .addHelpText('after', examples)
    .action(async (paths: string[], options: Options) => {
      const partitions = options.partitions ?? String(topics.flows.partitions)
      const checked = checkBrokerOptions(options, terminal.env)
      const wrong = 'wrong' in checked ? [...checked.wrong] : []
      if (options.source !== undefined && options.final !== true)
        wrong.push('--source is only used with --final: it names what has ended')
      const settings = readSettings(
        { ...options, partitions, out: 'out' },
        { command: 'ship', enrichOnline: '--enrich-online' },
        wrong,
      )
      if ('wrong' in checked) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'ship' })
      const { site } = settings
      const name = options.source === undefined ? inputName(site, paths) : `${site}/${options.source}`
      const final = options.final === true ? name : null
      const { transport, codecs } = await openBrokers(checked.value, 'ship', terminal.interruption)
      try {
        const { records, rejected } = await ship(
          paths,
          settings,
          transport,
          { stdin: terminal.stdin, interruption: terminal.interruption, final },
          codecs,
        )
        const end = final === null ? '' : `, ${final} has ended`
        terminal.out.write(`${records} records sent, ${rejected} lines rejected${end}\n`)
      } catch (error) {
        // Whoever interrupts a command is not told that; what it leaves behind is another matter.
        if (terminal.interruption.aborted) terminal.err.write(explain(error, false))
        throw error
      } finally {
        await transport.close()
      }
    })
  return withConnectionOptions(command, { knowsApplication: false })
}

import { kafkaTopics } from '@weir/topology/transport'
import { Argument, Command } from 'commander'
import { clientSettings, reach } from '../kafka/broker-options.ts'
import { readConnection } from '../kafka/connection.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { openCodecs } from '../kafka/record-codecs.ts'
import { type Tailed, tail, tailed } from '../kafka/tail.ts'
import { printable } from '../report/printable.ts'
import type { Terminal } from '../terminal.ts'

type Options = {
  readonly fromBeginning?: boolean
  readonly untilEnd?: boolean
  readonly json?: boolean
}

const examples = `
Examples:
  weir tail alerts                                          what is found from now on
  weir tail alerts --from-beginning --until-end --json      all alerts as in alerts.jsonl, every revision
  weir tail suppressed --from-beginning                     what rules of the allowlist held back, and which
  weir tail dead-letters --from-beginning                   what could not be decoded, where it was and why

Reads what is committed, and leaves no group and no offsets behind.
`

export function tailCommand(terminal: Terminal): Command {
  const command = new Command('tail')
    .description('Show the records of a topic: as lines to read, or as JSON lines.')
    .addArgument(new Argument('<what>', 'which records').choices(tailed))
    .option('--from-beginning', 'all there are, and not only new ones')
    .option('--until-end', 'end where the topic ends now, and do not wait for more')
    .option('--json', 'one JSON object a line, evidence and alerts in canonical form')
    .addHelpText('after', examples)
    .action(async (what: Tailed, options: Options) => {
      const connection = readConnection({ ...options }, terminal.env, 'tail')
      await reach(connection, 'tail', terminal.interruption)
      const codecs = await openCodecs(connection, 'read', connection.application)
      const kafka = await kafkaTopics({ ...clientSettings(connection, 'tail'), giveUpMs: 60_000 })
      const { fromBeginning = false, untilEnd = false, json = false } = options
      try {
        await tail(
          what,
          kafka,
          codecs,
          {
            from: fromBeginning ? 'beginning' : 'now',
            untilEnd,
            json,
            application: connection.application,
          },
          {
            line: (text) => terminal.out.write(`${text}\n`),
            undecodable: (place, why) =>
              terminal.err.write(`weir: ${place} cannot be decoded: ${printable(why)}\n`),
          },
          terminal.interruption,
        )
      } finally {
        await kafka.close()
      }
    })
  return withConnectionOptions(command)
}

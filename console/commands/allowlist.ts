import {
  allowDirections,
  allowIgnores,
  allowRuleId,
  allowTypes,
  formatAllowRule,
  parseAllowRule,
  readAllowRules,
} from '@weir/processors'
import { type AllowRule, topics } from '@weir/schemas'
import { Command, Option } from 'commander'
import { readText } from '../analyze/settings-file.ts'
import { consoleError } from '../errors.ts'
import { readConnection } from '../kafka/connection.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import { openCodecs } from '../kafka/record-codecs.ts'
import { TableTopic } from '../kafka/table-topic.ts'
import { printable } from '../report/printable.ts'
import type { Terminal } from '../terminal.ts'

type Typed = {
  readonly direction?: string
  readonly ignore?: string
  readonly expires?: string
  readonly comment?: string
  readonly replace?: boolean
  readonly json?: boolean
}

const examples = `
Examples:
  weir allowlist add ip 10.0.0.5 --direction src --comment 'the scanner of the house'
  weir allowlist add ip 203.0.113.0/24 --direction dst --ignore both --expires 2030-12-31
  weir allowlist add domain example.com --direction dst
  weir allowlist list
  weir allowlist remove ip 10.0.0.5
  weir allowlist import quiet.csv --replace
  weir allowlist export > quiet.csv

Rules are those of --whitelist files, which 'import' reads and 'export' writes. Every processor has them from the next record on.
`

export function allowlistCommand(terminal: Terminal): Command {
  return new Command('allowlist')
    .description(
      `Say what processors are not to look at or not to say: the rules of ${topics.allowlist.name}.`,
    )
    .addHelpText('after', examples)
    .addCommand(addCommand(terminal))
    .addCommand(removeCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(importCommand(terminal))
    .addCommand(exportCommand(terminal))
}

function addCommand(terminal: Terminal): Command {
  const command = ofRule(new Command('add'), 'both', 'alerts')
    .description('Add a rule, or put it in the place of the one that was there.')
    .option(
      '--expires <time>',
      'a day such as 2030-12-31, or a time: from then on it does not count, by the time of records',
    )
    .option('--comment <text>', 'why it is there')
    .action((type: string, value: string, typed: Typed) =>
      withRules(terminal, typed, 'add', 'write', async (topic) => {
        const rule = ruleOf(type, value, typed)
        await topic.write([[allowRuleId(rule), rule]])
        terminal.out.write(`${printable(formatAllowRule(rule))}\n`)
      }),
    )
  return withConnectionOptions(command, { knowsApplication: false })
}

function removeCommand(terminal: Terminal): Command {
  const command = ofRule(new Command('remove'))
    .description('Take back every rule of a value, or only those of a direction and of what they ignore.')
    .action((type: string, value: string, typed: Typed) =>
      withRules(terminal, typed, 'remove', 'write', async (topic) => {
        const { direction, ignore } = typed
        const rule = ruleOf(type, value, { direction: 'dst', ignore: 'alerts' })
        const found = [...(await topic.read()).values()].filter(
          (each) =>
            each.type === rule.type &&
            each.value === rule.value &&
            (direction === undefined || each.direction === direction) &&
            (ignore === undefined || each.ignore === ignore),
        )
        if (found.length === 0) {
          const what = printable(`${rule.type} ${rule.value}`)
          throw consoleError.NO_SUCH_RULE({ what })
        }
        await topic.write(found.map((each) => [allowRuleId(each), null] as const))
        for (const each of found) terminal.out.write(`removed ${printable(formatAllowRule(each))}\n`)
      }),
    )
  return withConnectionOptions(command, { knowsApplication: false })
}

function listCommand(terminal: Terminal): Command {
  const command = new Command('list')
    .description('Show the rules, one a line, in the form of a whitelist file.')
    .option('--json', 'one JSON object a line, for programs')
    .action((typed: Typed) =>
      withRules(terminal, typed, 'list', 'read', async (topic) => {
        for (const rule of await rulesOf(topic, terminal)) {
          const text = typed.json === true ? JSON.stringify(rule) : printable(formatAllowRule(rule))
          terminal.out.write(`${text}\n`)
        }
      }),
    )
  return withConnectionOptions(command, { knowsApplication: false })
}

function importCommand(terminal: Terminal): Command {
  const command = new Command('import')
    .description('Add the rules of a whitelist file; nothing is changed when a line of it is wrong.')
    .argument('<file>', 'a whitelist file')
    .option('--replace', 'take back every rule that is not in the file')
    .action((path: string, typed: Typed) => {
      const rules = new Map(readAllowRules(path, readText(path)).map((rule) => [allowRuleId(rule), rule]))
      return withRules(terminal, typed, 'import', 'write', async (topic) => {
        const known = await topic.read()
        const changed = [...rules].filter(
          ([id, rule]) => JSON.stringify(known.get(id)) !== JSON.stringify(rule),
        )
        const gone = typed.replace === true ? [...known.keys()].filter((id) => !rules.has(id)) : []
        await topic.write([...changed, ...gone.map((id) => [id, null] as const)])
        terminal.out.write(
          `${rules.size} rules, ${changed.length} new or changed, ${gone.length} taken back\n`,
        )
      })
    })
  return withConnectionOptions(command, { knowsApplication: false })
}

function exportCommand(terminal: Terminal): Command {
  const command = new Command('export')
    .description('Print the rules as a whitelist file.')
    .action((typed: Typed) =>
      withRules(terminal, typed, 'export', 'read', async (topic) => {
        for (const rule of await rulesOf(topic, terminal)) terminal.out.write(`${formatAllowRule(rule)}\n`)
      }),
    )
  return withConnectionOptions(command, { knowsApplication: false })
}

/** The value of a rule; how it is used is left to the caller where there is no default. */
function ofRule(command: Command, direction?: string, ignore?: string): Command {
  const side = new Option('--direction <which>', 'side of the flow the value stands on').choices(
    allowDirections,
  )
  const what = new Option(
    '--ignore <which>',
    'flows: records are not looked at; alerts: evidence is not said',
  ).choices(allowIgnores)
  return command
    .argument('<type>', allowTypes.join(', '))
    .argument('<value>', 'an address or range, a domain, an organisation or a MAC')
    .addOption(direction === undefined ? side : side.default(direction))
    .addOption(ignore === undefined ? what : what.default(ignore))
}

function ruleOf(type: string, value: string, typed: Typed): AllowRule {
  const { direction = '', ignore = '', expires = '', comment = '' } = typed
  const parsed = parseAllowRule({ type, value, direction, ignore, expires, comment })
  if ('rule' in parsed) return parsed.rule
  throw consoleError.BAD_OPTION({ wrong: printable(parsed.wrong), command: 'allowlist' })
}

async function rulesOf(topic: TableTopic<AllowRule>, { err }: Terminal): Promise<readonly AllowRule[]> {
  const rules = await topic.read((key) =>
    err.write(`weir: ${printable(key)} is no rule and counts for nothing\n`),
  )
  return [...rules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule)
}

async function withRules(
  terminal: Terminal,
  typed: Readonly<Record<string, unknown>>,
  command: string,
  use: 'read' | 'write',
  work: (topic: TableTopic<AllowRule>) => Promise<void>,
): Promise<void> {
  const connection = readConnection(typed, terminal.env, `allowlist ${command}`)
  const codecs = await openCodecs(connection, use)
  const { allowlist, prepare } = codecs
  const topic = await TableTopic.open(topics.allowlist, allowlist, connection, prepare, 'allowlist')
  try {
    await work(topic)
  } finally {
    await topic.close()
  }
}

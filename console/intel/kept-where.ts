/** Where the subcommands of `weir intel` keep indicators and find them: in a folder, on the topic, or both. */
import { type Indicator, topics } from '@weir/schemas'
import { Command } from 'commander'
import { consoleError } from '../errors.ts'
import { namesBrokers } from '../kafka/connection.ts'
import { withConnectionOptions } from '../kafka/connection-settings.ts'
import type { TableTopic } from '../kafka/table-topic.ts'
import { printable } from '../report/printable.ts'
import type { Terminal } from '../terminal.ts'
import type { Kept } from './explain-value.ts'
import { IndicatorStore } from './indicator-store.ts'
import { defaultFolder, isOnTopic, onTopic, type Where } from './on-topic.ts'
import { publish } from './publish.ts'

export type Ends = Pick<Terminal, 'out' | 'err' | 'env' | 'interruption' | 'endsGently'>

/** With the options that say where, and a line on standard error where that is not what was typed. */
export function subcommand(name: string, { err, env }: Ends): Command {
  const command = new Command(name).option(
    '--intel <folder>',
    `the folder of indicators (default: ${defaultFolder}); named beside brokers of the environment or the settings file, it is the folder alone that is meant`,
  )
  return withConnectionOptions(command, { knowsApplication: false }).hook('preAction', (called) => {
    err.write(whereabouts(called.opts(), env))
  })
}

/** What it is about, in a sentence, where that is not what was typed; else nothing. */
function whereabouts(flags: Where, env: Ends['env']): string {
  if (flags.brokers !== undefined || !namesBrokers(flags, env)) return ''
  return isOnTopic(flags, env)
    ? `weir: WEIR_BROKERS or the settings file names brokers, so this is about ${topics.intel.name} there; --intel FOLDER is about a folder alone.\n`
    : `weir: this is about the folder ${printable(folderOf(flags))} alone, as --intel is given; the brokers of WEIR_BROKERS or of the settings file are not asked.\n`
}

export const folderOf = ({ intel }: Where): string => intel ?? defaultFolder

/** Makes the topic hold what the folder has of these feeds, where the topic is meant. Throws as its connection does. */
export async function publishFolder(
  flags: Where,
  env: Ends['env'],
  store: IndicatorStore,
  feeds: ReadonlySet<string>,
  out: Ends['out'],
): Promise<void> {
  const done = await onTopic(flags, env, 'write', (topic) => publish(store, feeds, topic))
  if (done === null) return
  out.write(`${topics.intel.name}: ${done.put} put, ${done.taken} taken back, ${done.unchanged} unchanged\n`)
}

/** What the topic holds, read whole. */
export async function keptOf(topic: TableTopic<Indicator>): Promise<Kept> {
  const indicators = await topic.read()
  return {
    each: (take) => {
      for (const indicator of indicators.values()) take(indicator, { source: topics.intel.name })
    },
  }
}

/** Throws `CONSOLE_NO_INDICATORS`. */
export function existing(folder: string): IndicatorStore {
  const store = new IndicatorStore(folder)
  if (!store.exists()) throw consoleError.NO_INDICATORS({ folder })
  return store
}

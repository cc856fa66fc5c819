/**
 * The `weir` command: one line per subcommand. The only place that reads the environment, hears signals and sets the exit
 * status.
 */
import { readFileSync } from 'node:fs'
import { systemClock } from '@weir/topology/kit'
import { Command } from 'commander'

import { consoleError } from './errors.ts'
import { exitStatus } from './exit-status.ts'
import { explain, usageError } from './explain.ts'
import { reasonOf } from './system-error.ts'
import type { Terminal } from './terminal.ts'

const major = Number(process.versions.node.split('.', 1)[0])
if (major < 24) {
  process.stderr.write(
    `weir: Node ${process.versions.node} is too old: run 'make setup', which installs Node 24 beside Weir\n`,
  )
  process.exit(2)
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const interruption = new AbortController()
let isGentle = false
/** Time to end converters and give the terminal back; files are gone before. */
const TIDY_MS = 2_000
const ONCE_MS = 1_000
let askedMs = 0
for (const [signal, status] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    const nowMs = systemClock.monotonicMs()
    if (interruption.signal.aborted) {
      // Whoever asks twice does not want to wait. Supervisors signal a process and its group: that is once.
      if (nowMs - askedMs >= ONCE_MS) process.exit(status)
      return
    }
    askedMs = nowMs
    if (!isGentle) process.exitCode = status
    interruption.abort()
    // Whoever waits for more of it waits no longer.
    process.stdin.destroy()
    if (!isGentle) systemClock.sleep(TIDY_MS).then(() => process.exit(status))
  })
}

const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  stdin: process.stdin,
  env: process.env,
  version: String(version),
  interruption: interruption.signal,
  endsGently: () => {
    isGentle = true
  },
}

/** In the order of the help. Only what is called is loaded: the code of the others would stay in memory for as long as this runs. */
const commands = {
  analyze: async () => (await import('./commands/analyze.ts')).analyzeCommand,
  allowlist: async () => (await import('./commands/allowlist.ts')).allowlistCommand,
  detectors: async () => (await import('./commands/detectors.ts')).detectorsCommand,
  enrich: async () => (await import('./commands/enrich.ts')).enrichCommand,
  intel: async () => (await import('./commands/intel.ts')).intelCommand,
  'config-schema': async () => (await import('./commands/config-schema.ts')).configSchemaCommand,
  ship: async () => (await import('./commands/ship.ts')).shipCommand,
  processors: async () => (await import('./commands/processors.ts')).processorsCommand,
  topics: async () => (await import('./commands/topics.ts')).topicsCommand,
  tail: async () => (await import('./commands/tail.ts')).tailCommand,
} satisfies Record<string, () => Promise<(terminal: Terminal) => Command>>

const weir = new Command('weir')
  .description('Network detection and response: flow logs in, evidence and alerts out.')
  .version(terminal.version, '-V, --version', 'print the version')
  .addHelpText(
    'after',
    `
Examples:
  weir analyze /var/log/zeek/2024-03-04       what happened that day
  weir analyze --help                         all it can be told
  weir detectors                              what it looks for
`,
  )

const called = Object.entries(commands).filter(([name]) => name === process.argv[2])
// Help, and a name that is none, take them all.
for (const [, load] of called.length > 0 ? called : Object.entries(commands)) {
  const create = await load()
  weir.addCommand(create(terminal))
}
prepare(weir, '')

/** Subcommands and theirs: whatever is wrong is said in the same way, with the words that lead to its help. */
function prepare(command: Command, name: string): void {
  command.exitOverride().configureOutput({
    getOutHelpWidth: () => terminal.out.columns ?? 100,
    outputError: (text, write) => write(usageError(text, name)),
  })
  for (const each of command.commands) prepare(each, `${name} ${each.name()}`.trim())
}

function fail(error: unknown): void {
  process.exitCode = exitStatus(error)
  const text = explain(error, process.env.WEIR_TRACE !== undefined)
  if (text !== '') process.stderr.write(text)
}

// A reader that closes early (`weir detectors | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(consoleError.OUTPUT_LOST({ why: reasonOf(error) }, error))
  process.exit()
})
// Nobody is left to be told; the exit status still tells.
process.stderr.on('error', () => {})

// Thrown where nobody waits for it, by a stream or a timer: what is under way is removed like after an interruption.
process.on('uncaughtException', (error) => {
  interruption.abort()
  fail(error)
  process.exit()
})

try {
  await weir.parseAsync(process.argv)
} catch (error) {
  if (!interruption.signal.aborted || isGentle) fail(error)
}
// Standard input may still be open, and would keep the process waiting for it.
if (interruption.signal.aborted) process.exit()

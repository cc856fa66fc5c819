/** The `weir` command: one line per subcommand. The only place that reads the environment and sets the exit status. */
import { readFileSync } from 'node:fs'
import { WeirError } from '@weir/topology/kit'
import { Command, CommanderError } from 'commander'
import { analyzeCommand } from './commands/analyze.ts'
import { detectorsCommand } from './commands/detectors.ts'
import { exitStatus } from './exit-status.ts'
import type { Terminal } from './terminal.ts'

const major = Number(process.versions.node.split('.', 1)[0])
if (major < 24) {
  process.stderr.write(
    `weir: Node ${process.versions.node} is too old: run 'make setup', which installs Node 24 beside Weir\n`,
  )
  process.exit(2)
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  stdin: process.stdin,
  env: process.env,
  version: String(version),
}

const weir = new Command('weir')
  .description('Network detection and response: flow logs in, evidence and alerts out.')
  .version(terminal.version, '-V, --version', 'print the version')
  .showHelpAfterError('(add --help for what it takes)')
  .addCommand(analyzeCommand(terminal))
  .addCommand(detectorsCommand(terminal))

for (const command of [weir, ...weir.commands]) command.exitOverride()

// A reader that closes early (`weir detectors | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  await weir.parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitStatus(error)
  if (error instanceof WeirError) process.stderr.write(`weir: ${error.message}. ${error.fix}\n`)
  else if (!(error instanceof CommanderError)) {
    process.stderr.write(
      `weir: something failed that should not: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
  }
}

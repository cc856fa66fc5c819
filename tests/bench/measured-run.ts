import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'

/** What one run of a program cost, all its threads and its start included. */
export type Cost = {
  readonly wallSeconds: number
  /** User and system. */
  readonly cpuSeconds: number
  readonly peakMemoryBytes: number
}

/** What a program says of itself, for where the operating system does not tell. */
export type OwnAccount = { readonly cpuSeconds: number; readonly peakMemoryBytes: number }

const TIME = '/usr/bin/time'
/** User seconds, system seconds, greatest resident set in KiB, seconds on the wall. */
const FORMAT = '%U %S %M %e'

/** Whether the operating system's accounting of a child can be read: GNU time is there. */
export function hasGnuTime(): boolean {
  return existsSync(TIME) && spawnSync(TIME, ['-f', FORMAT, 'true'], { encoding: 'utf8' }).status === 0
}

/**
 * Runs a command and measures it: by GNU time where there is one, else by what `ownAccount` reads of what it said itself. Throws,
 * with what it wrote, when it fails.
 */
export function measuredRun(
  command: readonly string[],
  byTime: boolean,
  scratchFile: string,
  ownAccount: (stdout: string) => OwnAccount,
): { readonly cost: Cost; readonly stdout: string } {
  const [program = '', ...args] = byTime ? [TIME, '-f', FORMAT, '-o', scratchFile, ...command] : command
  const startedMs = performance.now()
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  const wallSeconds = (performance.now() - startedMs) / 1000
  if (error !== undefined || status !== 0) {
    throw new Error(
      `${command.join(' ')} failed${error === undefined ? ` with status ${status}` : `: ${error.message}`}\n${stderr}`,
    )
  }
  if (!byTime) return { cost: { wallSeconds, ...ownAccount(stdout) }, stdout }
  const cost = readTimes(readFileSync(scratchFile, 'utf8'))
  rmSync(scratchFile)
  return { cost, stdout }
}

/** The last line is time's own; it may be preceded by what it had to say of the command. */
export function readTimes(text: string): Cost {
  const [user, system, kibibytes, wall] = (text.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  if (
    user === undefined ||
    system === undefined ||
    kibibytes === undefined ||
    wall === undefined ||
    Number.isNaN(user + wall)
  ) {
    throw new Error(`${TIME} wrote something unknown: ${text}`)
  }
  return { wallSeconds: wall, cpuSeconds: user + system, peakMemoryBytes: kibibytes * 1024 }
}

/** The run in the middle by CPU time, of those of one program. */
export function middle(costs: readonly Cost[]): Cost {
  const sorted = [...costs].sort((a, b) => a.cpuSeconds - b.cpuSeconds)
  const found = sorted[Math.floor((sorted.length - 1) / 2)]
  if (found === undefined) throw new Error('nothing was run')
  return found
}

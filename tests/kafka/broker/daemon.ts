import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that outlives the command which starts it, known by the file that holds its process id. */
export type Daemon = {
  readonly name: string
  readonly pidFile: string
  readonly logFile: string
  /** Part of its command line that no other process has: the id in the file may have been given to another since. */
  readonly mark: string
}

export function isRunning(daemon: Daemon): boolean {
  return runningPid(daemon) !== null
}

export function start(
  daemon: Daemon,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
  folder?: string,
): void {
  mkdirSync(dirname(daemon.logFile), { recursive: true })
  const log = openSync(daemon.logFile, 'w')
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    ...(folder === undefined ? {} : { cwd: folder }),
  })
  child.unref()
  writeFileSync(daemon.pidFile, String(child.pid))
}

/** Waits until `answers` says yes; throws with the end of the server's own words when it ends first or takes too long. */
export async function untilAnswers(daemon: Daemon, answers: () => Promise<boolean>): Promise<void> {
  // A broker that has thousands of partitions to look through takes minutes.
  for (let tries = 0; tries < 1_500; tries += 1) {
    if (await answers()) return
    if (!isRunning(daemon)) break
    await sleep(200)
  }
  const said = readFileSync(daemon.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
  throw new Error(`${daemon.name} did not start; see ${daemon.logFile}, which ends:\n${said}`)
}

/** Asks it to end, waits until it has, and insists after twenty seconds. */
export async function stop(daemon: Daemon, signal: NodeJS.Signals = 'SIGTERM'): Promise<boolean> {
  const pid = runningPid(daemon)
  if (pid === null) return false
  process.kill(pid, signal)
  for (let tries = 0; isRunning(daemon); tries += 1) {
    if (tries === 200) process.kill(pid, 'SIGKILL')
    await sleep(100)
  }
  rmSync(daemon.pidFile, { force: true })
  return true
}

function runningPid({ pidFile, mark }: Daemon): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return commandLine.includes(mark) ? pid : null
  } catch {
    return null
  }
}

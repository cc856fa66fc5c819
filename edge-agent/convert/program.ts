import { type ChildProcess, spawn } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Environment } from './converted.ts'

/** The file that a program's name stands for on `PATH`, or `null`. */
export async function programOnPath(name: string, environment: Environment): Promise<string | null> {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    // A relative entry would let the folder of a capture say which program reads it.
    if (!isAbsolute(folder)) continue
    const file = join(folder, name)
    try {
      await access(file, constants.X_OK)
      if ((await stat(file)).isFile()) return file
    } catch {
      // Not here.
    }
  }
  return null
}

export type Ended = { readonly code: number | null; readonly signal: string | null; readonly stderr: string }

/** The end of the error output is where programs say why they gave up. */
const stderrKept = 4096

/**
 * A program at work. Started without a shell, with a bare environment in UTC and the C locale, so that what it prints
 * depends on its input alone.
 */
export type Running = {
  /** Present unless output was to be ignored. */
  readonly stdout: Readable
  /** Resolves once, when the program has ended and closed its output; never rejects. */
  readonly ended: Promise<Ended>
  stop(): Promise<void>
}

export function run(
  file: string,
  parameters: readonly string[],
  options: { readonly environment: Environment; readonly input?: Readable; readonly folder?: string },
): Running {
  const child: ChildProcess = spawn(file, parameters, {
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { PATH: options.environment.PATH, HOME: '/nonexistent', TZ: 'UTC', LC_ALL: 'C' },
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
  })
  const { stdin, stdout, stderr } = child
  if (stdout === null || stderr === null)
    throw new Error('a child process without the pipes it was asked for')

  if (options.input !== undefined && stdin !== null) {
    // The reader may end first; why it did stands in its exit status.
    stdin.on('error', () => {})
    options.input.pipe(stdin)
  }
  let said = ''
  stderr.setEncoding('utf8')
  stderr.on('data', (text: string) => {
    said = (said + text).slice(-stderrKept)
  })
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }))
    child.once('close', (code, signal) => resolve({ code, signal, stderr: said }))
  })
  return {
    stdout,
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      // Unread output would keep the child from closing.
      stdout.destroy()
      stderr.destroy()
      await ended
    },
  }
}

/**
 * Why a program is taken to have failed, in one line, or `null` when it ended well. Some end with status 0 whatever
 * happened, so `complaint` tells their error output apart.
 */
export function failureOf(ended: Ended, complaint: RegExp | null): string | null {
  const lines = ended.stderr.split('\n').map((line) => line.trim())
  const last = lines.findLast((line) => line !== '')
  if (ended.code === 0)
    return complaint === null ? null : (lines.findLast((line) => complaint.test(line)) ?? null)
  return last ?? (ended.signal === null ? `exit status ${ended.code}` : `ended by ${ended.signal}`)
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type FleetMember = {
  readonly child: ChildProcess
  readonly stateDirectory: string
  /** What it has said so far. */
  said: string
}

/** Processors in processes of their own, each with a state directory, for tests that end them in every way there is. */
export class Fleet {
  readonly running: FleetMember[] = []
  /** Exit codes other than 0 of processes that nobody killed. */
  readonly failures: string[] = []
  readonly #prefix: string
  readonly #partitions: number
  readonly #brokers: string
  readonly #silenceMs: number

  /** After `silenceMs` without a record, time goes on by the clock for them. */
  constructor(
    prefix: string,
    partitions: number,
    brokers: string,
    silenceMs: number = Number.POSITIVE_INFINITY,
  ) {
    this.#silenceMs = silenceMs
    this.#prefix = prefix
    this.#partitions = partitions
    this.#brokers = brokers
  }

  /** Resolves once the process runs; `until` waits for something it says. */
  async start(stateDirectory: string, restoreMs = 0, until = 'started'): Promise<FleetMember> {
    const script = join(import.meta.dirname, 'processors-process.ts')
    const child = spawn(process.execPath, [script, this.#prefix, String(this.#partitions), 'never'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        WEIR_BROKERS: this.#brokers,
        WEIR_STATE_DIR: stateDirectory,
        WEIR_RESTORE_MS: String(restoreMs),
        WEIR_SILENCE_MS: String(this.#silenceMs),
      },
    })
    const member: FleetMember = { child, stateDirectory, said: '' }
    this.running.push(member)
    let errors = ''
    child.stderr.on('data', (bytes: Buffer) => {
      errors += String(bytes)
    })
    child.on('exit', (code) => {
      if (code !== null && code !== 0) this.failures.push(errors)
    })
    child.stdout.on('data', (bytes: Buffer) => {
      member.said += String(bytes)
    })
    while (!member.said.includes(until) && child.exitCode === null && child.signalCode === null) {
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    }
    return member
  }

  /** Resolves when it has ended. One that is frozen is let go on first unless it is killed. */
  async end(member: FleetMember, signal: NodeJS.Signals): Promise<void> {
    this.running.splice(this.running.indexOf(member), 1)
    const { child } = member
    const isOver = child.exitCode !== null || child.signalCode !== null
    const ended = isOver ? Promise.resolve() : once(child, 'exit')
    child.kill(signal)
    await ended
  }

  async endAll(signal: NodeJS.Signals): Promise<void> {
    await Promise.all([...this.running].map((each) => this.end(each, signal)))
  }
}

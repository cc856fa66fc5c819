/** The detection topology over Kafka as its users run it: the commands themselves, each measured as a whole. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cost, hasGnuTime, measuredRun } from '../measured-run.ts'
import { freshTopics } from './detection-topics.ts'

const weir = join(import.meta.dirname, '..', '..', '..', 'console', 'weir')
const idleSeconds = 5

/** `wallSeconds` of `cost` is that of the work, without the wait for its end. */
export type Drained = { readonly cost: Cost; readonly flows: number; readonly said: string }

export class Detection {
  readonly #brokers: string
  readonly #scratch = mkdtempSync(join(tmpdir(), 'weir-bench-kafka-'))

  constructor(brokers: string) {
    if (!hasGnuTime())
      throw new Error('Install GNU time (/usr/bin/time) and try again: it measures the commands.')
    this.#brokers = brokers
  }

  /** Puts the records of a file onto the topic of flows, where nothing was before. */
  async ship(file: string): Promise<Cost> {
    await freshTopics([this.#brokers], false)
    return this.#run(['ship', file, '--brokers', this.#brokers]).cost
  }

  /** `weir analyze` in one process, on the same records. */
  analyze(file: string): Cost {
    const out = join(this.#scratch, 'analyzed')
    return this.#run(['analyze', file, '--out', out, '--quiet']).cost
  }

  /** All that waits on the topic of flows, by one process that has never run before. */
  async drain(flows: number, state: 'memory' | 'disk'): Promise<Drained> {
    await freshTopics([this.#brokers], true)
    const folder = join(this.#scratch, 'state')
    rmSync(folder, { recursive: true, force: true })
    const options = ['--brokers', this.#brokers, '--log-level', 'warn', '--until-idle', `${idleSeconds}s`]
    if (state === 'disk') options.push('--state-dir', folder)
    const { cost, stdout } = this.#run(['processors', ...options])
    const said = stdout.trim()
    const read = Number(/^(\d+) flows/.exec(said)?.[1])
    if (!(read >= flows)) throw new Error(`${flows} flows were waiting, and the processors say: ${said}`)
    return { cost: { ...cost, wallSeconds: cost.wallSeconds - idleSeconds }, flows, said }
  }

  close(): void {
    rmSync(this.#scratch, { recursive: true, force: true })
  }

  #run(args: readonly string[]): { readonly cost: Cost; readonly stdout: string } {
    return measuredRun([weir, ...args], true, join(this.#scratch, 'time'), () => {
      throw new Error('there is no GNU time')
    })
  }
}

import { grown } from '../kit/columns.ts'
import type { Timer } from './keyed-timers.ts'
import { timeAfter } from './keyed-timers.ts'

const firstRows = 64
/** Bits of a mask that is no negative number. */
const MAX_ENDINGS = 31
/** In place of a period: several timers wait. */
const SEVERAL = -1

/**
 * What is known of keys in the store without reading them: when they are needed, which of their windows end without anybody seeing it, and
 * whether they wait for news. In columns by the rows of `DueKeys`.
 */
export class RestingKeys {
  readonly #windowMs: number
  #neededMs = new Float64Array(firstRows)
  /** The start of the first window that ends at rest, and as bits which there are: the first is bit 0, one window later bit 1. */
  #firstMs = new Float64Array(firstRows)
  #endings = new Int32Array(firstRows)
  /** Of the timer that waits for news: its time and its period; a period of 0 where none does. */
  #newsMs = new Float64Array(firstRows)
  #everyMs = new Float64Array(firstRows)
  #listening = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Keys that wait for news. */
  get listening(): number {
    return this.#listening
  }

  /** A key goes to rest: without windows that end there, and without timers that wait for news. */
  lay(row: number): void {
    while (row >= this.#neededMs.length) this.#grow()
    this.#neededMs[row] = Number.POSITIVE_INFINITY
    this.#endings[row] = 0
    this.#stopListening(row)
  }

  /** When something is due that the key has to be read for. */
  neededMs(row: number): number {
    return this.#neededMs[row] ?? Number.POSITIVE_INFINITY
  }

  need(row: number, dueMs: number): void {
    if (dueMs < this.neededMs(row)) this.#neededMs[row] = dueMs
  }

  /** The window that begins then ends at rest; the oldest first. `false` where it is too far from that. */
  addEnding(row: number, startMs: number): boolean {
    const endings = this.#endings[row] ?? 0
    if (endings === 0) this.#firstMs[row] = startMs
    const bit = this.#bitOf(row, startMs)
    if (bit >= MAX_ENDINGS) return false
    this.#endings[row] = endings | (1 << bit)
    return true
  }

  /** The start of the oldest window that has still to end at rest. */
  nextEnding(row: number): number | undefined {
    const endings = this.#endings[row] ?? 0
    if (endings === 0) return undefined
    return (this.#firstMs[row] ?? 0) + (31 - Math.clz32(endings & -endings)) * this.#windowMs
  }

  /** The oldest has ended. */
  endNext(row: number): void {
    const endings = this.#endings[row] ?? 0
    this.#endings[row] = endings & (endings - 1)
  }

  /** Whether a window that nobody wants to see at its end, and that begins then, has still to end. */
  isOpen(row: number, startMs: number): boolean {
    const bit = this.#bitOf(row, startMs)
    return bit >= MAX_ENDINGS || ((this.#endings[row] ?? 0) & (1 << bit)) !== 0
  }

  /** This timer waits for news. */
  listen(row: number, { dueMs, everyMs }: Timer): void {
    const isFirst = !this.isListening(row)
    this.#everyMs[row] = isFirst ? everyMs : SEVERAL
    this.#newsMs[row] = dueMs
    if (isFirst) this.#listening += 1
  }

  #stopListening(row: number): void {
    if (this.isListening(row)) this.#listening -= 1
    this.#everyMs[row] = 0
  }

  isListening(row: number): boolean {
    return (this.#everyMs[row] ?? 0) !== 0
  }

  /** There are news, and up to `passedMs` all is over: what waited for them waits no longer, and is due then at the earliest. */
  hear(row: number, passedMs: number): void {
    const everyMs = this.#everyMs[row] ?? 0
    if (everyMs === 0) return
    const timer = { dueMs: this.#newsMs[row] ?? 0, everyMs }
    this.need(row, everyMs === SEVERAL ? passedMs : timeAfter(timer, passedMs))
    this.#stopListening(row)
  }

  /** There is none any more. */
  clear(): void {
    this.#everyMs.fill(0)
    this.#listening = 0
  }

  #bitOf(row: number, startMs: number): number {
    return Math.round((startMs - (this.#firstMs[row] ?? 0)) / this.#windowMs)
  }

  #grow(): void {
    const rows = this.#neededMs.length * 2
    this.#neededMs = grown(this.#neededMs, new Float64Array(rows))
    this.#firstMs = grown(this.#firstMs, new Float64Array(rows))
    this.#endings = grown(this.#endings, new Int32Array(rows))
    this.#newsMs = grown(this.#newsMs, new Float64Array(rows))
    this.#everyMs = grown(this.#everyMs, new Float64Array(rows))
  }
}

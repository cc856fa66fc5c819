import type { Clock } from '@weir/topology/kit'

const MINUTE_MS = 60_000

/** Lets so many through a minute, evenly: a service that counts by any span is never asked more often. */
export class RateLimit {
  readonly #everyMs: number
  readonly #clock: Clock
  #nextMs = Number.NEGATIVE_INFINITY

  constructor(perMinute: number, clock: Clock) {
    this.#everyMs = MINUTE_MS / perMinute
    this.#clock = clock
  }

  /** Resolves when the next question may be asked. Rejects when `interruption` aborts. */
  async turn(interruption: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs()
    const dueMs = Math.max(nowMs, this.#nextMs)
    this.#nextMs = dueMs + this.#everyMs
    if (dueMs > nowMs) await this.#clock.sleep(dueMs - nowMs, interruption)
  }
}

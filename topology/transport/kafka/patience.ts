import type { Clock } from '../../kit/clock.ts'
import type { BrokerError } from './protocol.ts'

/** How long brokers have left the questions of one who goes on asking without an answer. */
export class Patience {
  readonly #clock: Clock
  readonly #giveUpMs: number
  readonly #away: (cause: unknown) => Error
  #sinceMs: number | null = null

  constructor(clock: Clock, giveUpMs: number, away: (cause: unknown) => Error) {
    this.#clock = clock
    this.#giveUpMs = giveUpMs
    this.#away = away
  }

  /** `null` once all that was asked was answered. */
  get unansweredMs(): number | null {
    return this.#sinceMs === null ? null : this.#clock.monotonicMs() - this.#sinceMs
  }

  /** What became of a question. Throws `TOPO_BROKERS_AWAY`, or `TOPO_TOPIC_GONE`, when it has taken too long. */
  heard(failure: BrokerError | null): void {
    if (failure === null) {
      this.#sinceMs = null
      return
    }
    this.#sinceMs ??= this.#clock.monotonicMs()
    if (this.#clock.monotonicMs() - this.#sinceMs > this.#giveUpMs) throw this.#away(failure)
  }
}

import type { Clock } from '../../kit/clock.ts'

/** Brokers that leave a member without an answer, or answer it again. */
export type BrokerNews = {
  /** Whether they do not answer. */
  readonly silent: boolean
  readonly brokers: readonly string[]
  /** How long they have not, or had not. */
  readonly forMs: number
  /** After how long of it the member fails. */
  readonly giveUpMs: number
  /** Of the last question. */
  readonly why: string
}

/** A judgement: longer than a broker that is well takes over a question, shorter than anyone should have to wait to hear of it. */
export const noticeMs = 3_000

type Question = { readonly sinceMs: number; why: string }

/**
 * Since when questions that are asked all the time have had no answer: the heartbeats of a member and its questions for records. One
 * that fails and one that hangs are the same here, as the next of its kind counts from the first.
 */
export class Answers {
  readonly #clock: Clock
  /** By kind, of those that wait. */
  readonly #open = new Map<string, Question>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  asked(kind: string): void {
    if (!this.#open.has(kind)) this.#open.set(kind, { sinceMs: this.#clock.monotonicMs(), why: 'no answer' })
  }

  /** Also when nobody asks any more. */
  answered(kind: string): void {
    this.#open.delete(kind)
  }

  failed(kind: string, why: string): void {
    const question = this.#open.get(kind)
    if (question !== undefined) question.why = why
  }

  /** `null` while there are answers, and for the first seconds without. */
  get silence(): { readonly forMs: number; readonly why: string } | null {
    const [oldest] = [...this.#open.values()].sort((a, b) => a.sinceMs - b.sinceMs)
    if (oldest === undefined) return null
    const forMs = this.#clock.monotonicMs() - oldest.sinceMs
    return forMs < noticeMs ? null : { forMs, why: oldest.why }
  }
}

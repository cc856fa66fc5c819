import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'

/** The only way to wall-clock time. What must replay never asks it. */
export type Clock = {
  /** Epoch milliseconds. */
  nowMs(): number
  /** Never goes back; only differences mean anything. Milliseconds with fraction. */
  monotonicMs(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
}

/** Lets what waits for its turn have it, such as an answer that is due; no time of any clock goes by. */
export const letOthers = (): Promise<void> => turn()

/** A clock that stands until moved. */
export class ManualClock implements Clock {
  #nowMs: number
  #sleepers: { wakeMs: number; wake: () => void }[] = []

  constructor(nowMs = 0) {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { wakeMs: this.#nowMs + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal.reason)
      })
    })
  }

  moveBy(ms: number): void {
    this.#nowMs += ms
    const due = this.#sleepers.filter((sleeper) => sleeper.wakeMs <= this.#nowMs)
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wakeMs > this.#nowMs)
    for (const sleeper of due) sleeper.wake()
  }
}

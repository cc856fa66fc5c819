/** Those who wait for something to change, and are all told together that it may have. */
export class WakeList {
  #waiting = new Set<() => void>()

  /** Resolves with the next `wake`, or when `signal` aborts. */
  wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const done = () => {
        this.#waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}

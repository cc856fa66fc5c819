import type { Cluster } from './cluster.ts'
import type { LocalState } from './local-state.ts'

export type StandbyStore = { readonly store: string; readonly partition: number }

/** How far behind a copy may be for this reason alone. */
const pollMs = 500

/** Keeps copies of stores that other members own near the end of their changelogs, one store after another. */
export class Standbys {
  readonly #cluster: Cluster
  readonly #state: LocalState
  readonly #purpose: string
  readonly #failed: (error: unknown) => void
  #stores: readonly StandbyStore[] = []
  #stopped = new AbortController()
  #following: Promise<void> = Promise.resolve()

  /** `failed` hears why nothing is followed any more. */
  constructor(cluster: Cluster, state: LocalState, purpose: string, failed: (error: unknown) => void) {
    this.#cluster = cluster
    this.#state = state
    this.#purpose = purpose
    this.#failed = failed
  }

  /** From now on these. Resolves when the others are left alone: whoever owns a store must be the only one to write its copy. */
  async follow(stores: readonly StandbyStore[]): Promise<void> {
    this.#stopped.abort()
    await this.#following
    this.#stores = stores
    this.#stopped = new AbortController()
    if (stores.length > 0) this.#following = this.#follow(this.#stopped.signal)
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted && !this.#cluster.isClosed) {
        for (const { store, partition } of this.#stores) {
          if (signal.aborted || this.#cluster.isClosed) return
          await this.#state.follow(this.#purpose, store, partition, signal)
        }
        await this.#cluster.pause(pollMs, signal)
      }
    } catch (error) {
      if (!this.#cluster.isClosed && !signal.aborted) this.#failed(error)
    }
  }
}

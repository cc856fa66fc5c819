import type { SubTopology } from '../plan/plan.ts'
import type { Assignment, Transport } from '../transport/transport.ts'
import { openStores, type RestoreOptions, type RestoreProgress, type TaskStores } from './restore.ts'

/** Each takes a connection and a few megabytes; more of them do not make one process read faster. */
const sideBySide = 4

type Restore = { readonly task: Assignment; readonly stop: AbortController; readonly done: Promise<void> }

/**
 * Tasks of this process whose state is on its way: several stores at a time, in the order of tasks, while others are worked on.
 * What fails here is told to whoever asks next.
 */
export class Restoring {
  readonly #transport: Transport
  readonly #options: RestoreOptions
  readonly #onReady: () => void
  readonly #restores = new Set<Restore>()
  /** By store and partition, of tasks that are not ready yet. */
  readonly #progress = new Map<string, RestoreProgress>()
  readonly #waiting: (() => void)[] = []
  #working = 0
  #failure: { readonly error: unknown } | null = null

  /** `onReady` is called each time the last of those on their way has been taken over. */
  constructor(transport: Transport, options: RestoreOptions, onReady: () => void = () => {}) {
    this.#transport = transport
    this.#options = options
    this.#onReady = onReady
  }

  /** Tasks that are not ready yet. */
  get size(): number {
    return this.#restores.size
  }

  /** Stores of these tasks, once it is known how much there is to be read. */
  get progress(): readonly RestoreProgress[] {
    return [...this.#progress.values()]
  }

  get tasks(): readonly Assignment[] {
    return [...this.#restores].map(({ task }) => task)
  }

  has({ subscription, partition }: Assignment): boolean {
    return [...this.#restores].some(
      ({ task }) => task.subscription === subscription && task.partition === partition,
    )
  }

  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error
  }

  /** `ready` takes the stores over, unless its `signal` has aborted meanwhile: then it closes them. */
  start(
    subTopology: SubTopology,
    partition: number,
    ready: (stores: TaskStores, signal: AbortSignal) => Promise<void>,
  ): void {
    const stop = new AbortController()
    const { signal } = stop
    const work = async () => {
      try {
        const inTurn = (job: () => Promise<void>) => this.#inTurn(job)
        const onProgress = (progress: RestoreProgress) => {
          this.#progress.set(`${progress.store}/${partition}`, progress)
          this.#options.onProgress?.(progress)
        }
        const options = { ...this.#options, onProgress, signal, inTurn }
        const stores = await openStores(this.#transport, { subTopology, partition }, options)
        await ready(stores, signal)
      } catch (error) {
        if (!signal.aborted) this.#failure ??= { error }
      } finally {
        this.#restores.delete(restore)
        for (const { name } of subTopology.stores) this.#progress.delete(`${name}/${partition}`)
        if (this.#restores.size === 0 && this.#failure === null && !signal.aborted) this.#onReady()
      }
    }
    const begun = Promise.withResolvers<void>()
    const restore: Restore = {
      task: { subscription: subTopology.id, partition },
      stop,
      done: begun.promise.then(work),
    }
    this.#restores.add(restore)
    begun.resolve()
  }

  /** Resolves when nothing touches the stores of these tasks any more, of all tasks when none are named. */
  async giveUp(tasks?: readonly Assignment[]): Promise<void> {
    const gone = [...this.#restores].filter(
      ({ task }) =>
        tasks === undefined ||
        tasks.some((each) => each.subscription === task.subscription && each.partition === task.partition),
    )
    for (const { stop } of gone) stop.abort()
    await Promise.all(gone.map(({ done }) => done))
  }

  /** Resolves when all that were started by now are ready. */
  async ready(): Promise<void> {
    await Promise.all([...this.#restores].map(({ done }) => done))
    this.throwFailure()
  }

  async #inTurn(job: () => Promise<void>): Promise<void> {
    if (this.#working >= sideBySide) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#working += 1
    try {
      await job()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#working -= 1
      else next()
    }
  }
}

import { WakeList } from '../../kit/wake-list.ts'
import type { Batch, Follower } from '../transport.ts'
import type { Cluster } from './cluster.ts'
import { Fetcher, PartitionReader } from './fetcher.ts'

type Entry = readonly [string, Uint8Array | null]

/** How long a broker keeps a question that it has no answer to. */
const pollMs = 500
/** Entries heard and not yet taken, beyond which no more are asked for. */
const mostHeard = 100_000

/** Reads one partition from its beginning and then on, in the background, committed records alone. */
export class ChangelogFollower implements Follower {
  readonly #cluster: Cluster
  readonly #fetcher: Fetcher
  readonly #reader: PartitionReader
  #heard: Entry[] = []
  readonly #waiting = new WakeList()
  #closed = false
  /** Of its own, as a question that waits for records is always under way. */
  readonly #asker: Fetcher
  #failure: unknown = null

  private constructor(cluster: Cluster, fetcher: Fetcher, reader: PartitionReader) {
    this.#cluster = cluster
    this.#fetcher = fetcher
    this.#reader = reader
    this.#asker = new Fetcher(cluster, `ask ${reader.topic}`)
    void this.#run()
  }

  static async open(cluster: Cluster, store: string, partition: number): Promise<ChangelogFollower> {
    const fetcher = new Fetcher(cluster, `follow ${store}`)
    const first = await fetcher.offsetOf(store, partition, -2, false)
    const follower = new ChangelogFollower(cluster, fetcher, new PartitionReader(store, partition, first))
    await follower.caughtUp()
    return follower
  }

  /** Throws what has ended the reading. */
  take(): readonly Entry[] {
    if (this.#failure !== null) throw this.#failure
    if (this.#heard.length === 0) return nothing
    const heard = this.#heard
    this.#heard = []
    this.#waiting.wake()
    return heard
  }

  async caughtUp(): Promise<void> {
    const { topic, partition } = this.#reader
    const end = await this.#asker.offsetOf(topic, partition, -1, false)
    while (!this.#hasEnded && this.#reader.position < end && this.#heard.length < mostHeard) {
      await this.#waiting.wait()
    }
    if (this.#failure !== null) throw this.#failure
  }

  async news(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#heard.length === 0 && !this.#hasEnded) {
      await this.#waiting.wait(signal)
    }
  }

  /** The question under way is left to itself. */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting.wake()
  }

  get #hasEnded(): boolean {
    return this.#closed || this.#failure !== null || this.#cluster.isClosed
  }

  async #run(): Promise<void> {
    const patience = this.#cluster.patience()
    try {
      while (!this.#closed && !this.#cluster.isClosed) {
        if (this.#heard.length >= mostHeard) {
          await this.#waiting.wait()
          continue
        }
        const before = this.#reader.position
        const failure = await this.#fetcher.round([this.#reader], this.#reader.isPending ? 5 : pollMs)
        patience.heard(failure)
        if (failure !== null) await this.#cluster.pause(100)
        this.#takeHeld()
        if (this.#reader.position > before) this.#waiting.wake()
      }
    } catch (error) {
      if (!this.#cluster.isClosed) this.#failure = error
    } finally {
      this.#waiting.wake()
    }
  }

  #takeHeld(): void {
    const batches: Batch[] = []
    this.#reader.take(Number.POSITIVE_INFINITY, batches)
    for (const { records } of batches) {
      for (const { key, value } of records) {
        if (value === null || value instanceof Uint8Array) this.#heard.push([key, value])
      }
    }
  }
}

const nothing: readonly Entry[] = []

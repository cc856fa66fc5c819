import type { Clock } from '../../kit/clock.ts'
import { StateDirectory, type StatePosition, type StoreUpdate } from '../level/state-directory.ts'
import type { CommittedValues, CommitUnit } from '../transport.ts'
import { deletionsKeptMs } from './admin.ts'
import { type ChangelogOptions, type ChangelogSpan, changelogSpan, readChangelog } from './changelog.ts'
import type { Cluster } from './cluster.ts'

/**
 * A changelog forgets deletions some time after it was compacted: a copy that has been away for longer may hold what was deleted
 * meanwhile. Half of that leaves room for clocks that differ.
 */
const staleAfterMs = deletionsKeptMs / 2
/** How much longer ago than it was a look may seem: so a copy to which nothing comes is not written at each of them. */
const lookedEveryMs = 10 * 60 * 1000

/** What is to be read of a changelog, where its log ended, and when that was asked. */
type Look = ChangelogSpan & { readonly logEnd: number; readonly sinceMs: number }

/**
 * The stores of a process on its own disk. They follow the changelogs: what a commit has written there is applied here after it,
 * never before, and what is missing after an unclean end is read again from where this copy stands.
 */
export class LocalState {
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #directory: StateDirectory

  private constructor(cluster: Cluster, clock: Clock, directory: StateDirectory) {
    this.#cluster = cluster
    this.#clock = clock
    this.#directory = directory
  }

  static async open(
    cluster: Cluster,
    clock: Clock,
    directory: string,
    application: string,
  ): Promise<LocalState> {
    return new LocalState(cluster, clock, await StateDirectory.open(directory, application))
  }

  checkStores(partitionsOf: (store: string) => number | undefined): void {
    this.#directory.checkStores(partitionsOf)
  }

  /**
   * The store as the changelog has it now, or nearer to it where `options.signal` ends the reading. Reads only what this copy has
   * not got; all of it where the copy is of no use.
   */
  async upToDate(
    purpose: string,
    store: string,
    partition: number,
    options: ChangelogOptions,
  ): Promise<CommittedValues> {
    const sinceMs = this.#clock.nowMs()
    const span = await changelogSpan(this.#cluster, purpose, store, partition, options)
    await this.#catchUp(purpose, store, partition, { ...span, logEnd: span.end, sinceMs }, options)
    return this.#directory.values(store, partition)
  }

  /** Brings a copy nearer to the end of its changelog: up to what is decided now, or until `signal`. */
  async follow(purpose: string, store: string, partition: number, signal: AbortSignal): Promise<void> {
    const sinceMs = this.#clock.nowMs()
    const decided = { isDecidedOnly: true, signal }
    const span = await changelogSpan(this.#cluster, purpose, store, partition, decided)
    // What this process has written itself, as the owner, is ahead of what is decided until its mark is there.
    const isAhead = (this.progressOf(store, partition) ?? 0) > span.end
    const logEnd = isAhead
      ? (await changelogSpan(this.#cluster, purpose, store, partition, { signal })).end
      : span.end
    await this.#catchUp(purpose, store, partition, { ...span, logEnd, sinceMs }, { signal })
  }

  /** How far the copy of a store is, `null` where there is none. */
  progressOf(store: string, partition: number): number | null {
    return this.#directory.position(store, partition)?.offset ?? null
  }

  async #catchUp(
    purpose: string,
    store: string,
    partition: number,
    span: Look,
    options: ChangelogOptions,
  ): Promise<void> {
    const topicId = await this.#topicId(store)
    const position = this.#directory.position(store, partition)
    const isUseful = position !== null && this.#isUseful(position, topicId, span)
    const start = isUseful ? position.offset : span.start
    const at = (offset: number) => ({ topicId, offset, atMs: this.#clock.nowMs() })
    if (!isUseful) {
      await this.#directory.clear(store, partition)
      await this.#directory.apply([{ store, partition, entries: new Map(), position: at(start) }])
    }
    const tail = { start, end: span.end }
    for await (const portion of readChangelog(this.#cluster, purpose, store, partition, tail, options)) {
      const entries = new Map(portion.entries)
      await this.#directory.apply([{ store, partition, entries, position: at(portion.nextOffset) }])
    }
    const reached = this.#directory.position(store, partition)
    if (reached === null || reached.offset < span.end || span.sinceMs - reached.atMs < lookedEveryMs) return
    const looked = { ...reached, atMs: span.sinceMs }
    await this.#directory.apply([{ store, partition, entries: new Map(), position: looked }])
  }

  /**
   * After the commit of the unit. `ends`: the next offset of each changelog that was written, by `topic/partition`; `marks`: how
   * many marks of transactions follow there, perhaps a moment later. Nobody else can write before them: whoever takes over
   * reads up to them first.
   */
  async apply(unit: CommitUnit, ends: ReadonlyMap<string, number>, marks: number): Promise<void> {
    const updates: StoreUpdate[] = []
    for (const changes of unit.changes) {
      // What tasks tell each other goes the same way, and is no store of this process.
      if (this.#directory.position(changes.store, changes.partition) === null) continue
      const offset = ends.get(`${changes.store}/${changes.partition}`)
      const topicId = this.#cluster.topic(changes.store)?.id
      const isKnown = offset !== undefined && topicId !== undefined
      updates.push({
        ...changes,
        position: isKnown ? { topicId, offset: offset + marks, atMs: this.#clock.nowMs() } : null,
      })
    }
    await this.#directory.apply(updates)
  }

  close(): Promise<void> {
    return this.#directory.close()
  }

  #isUseful({ topicId, offset, atMs }: StatePosition, now: string, { start, end, logEnd }: Look): boolean {
    // The mark of the last transaction may not be there yet.
    if (topicId !== now || offset > logEnd + 1 || offset < start) return false
    return offset >= end || this.#clock.nowMs() - atMs < staleAfterMs
  }

  async #topicId(store: string): Promise<string> {
    if (this.#cluster.topic(store) === undefined) {
      await this.#cluster.retrying(() => this.#cluster.refresh([store]))
    }
    return this.#cluster.topic(store)?.id ?? ''
  }
}

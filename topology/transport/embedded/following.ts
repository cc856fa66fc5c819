import { WakeList } from '../../kit/wake-list.ts'
import type { Follower, StoreChanges } from '../transport.ts'
import type { Journal } from './journal.ts'

type Entry = readonly [string, Uint8Array | null]

/** Hands store changes to those who follow a store. Without a journal the last value of each key is kept for who comes later. */
export class Following {
  readonly #journal: Journal | null
  readonly #followers = new Map<string, Set<FollowedStore>>()
  /** Only in memory, where stores of tasks do not write changes. */
  readonly #latest = new Map<string, Map<string, Uint8Array>>()

  constructor(journal: Journal | null) {
    this.#journal = journal
  }

  async follow(store: string, partition: number): Promise<Follower> {
    const name = nameOf(store, partition)
    const follower: FollowedStore = new FollowedStore(() => this.#followers.get(name)?.delete(follower))
    const known = this.#followers.get(name)
    if (known === undefined) this.#followers.set(name, new Set([follower]))
    else known.add(follower)
    if (this.#journal === null) follower.hear([...(this.#latest.get(name) ?? [])])
    else {
      // What is committed meanwhile may come twice, in an order that leaves its last word last.
      const before: Entry[] = []
      for await (const portion of this.#journal.changelog(store, partition)) before.push(...portion)
      follower.hearFirst(before)
    }
    return follower
  }

  heard(changes: readonly StoreChanges[]): void {
    for (const { store, partition, entries } of changes) {
      const name = nameOf(store, partition)
      if (this.#journal === null) this.#keep(name, entries)
      const followers = this.#followers.get(name)
      if (followers !== undefined) for (const each of followers) each.hear([...entries])
    }
  }

  close(): void {
    for (const followers of this.#followers.values()) for (const each of followers) each.wake()
  }

  #keep(name: string, entries: StoreChanges['entries']): void {
    let latest = this.#latest.get(name)
    if (latest === undefined) this.#latest.set(name, (latest = new Map()))
    for (const [key, value] of entries) {
      if (value === null) latest.delete(key)
      else latest.set(key, value)
    }
  }
}

class FollowedStore implements Follower {
  readonly #leave: () => void
  #heard: Entry[] = []
  readonly #waiting = new WakeList()

  constructor(leave: () => void) {
    this.#leave = leave
  }

  hear(entries: readonly Entry[]): void {
    // One by one: a commit may hold more entries than a call takes arguments.
    for (const each of entries) this.#heard.push(each)
    if (entries.length > 0) this.wake()
  }

  hearFirst(entries: readonly Entry[]): void {
    this.#heard = [...entries, ...this.#heard]
  }

  take(): readonly Entry[] {
    if (this.#heard.length === 0) return nothing
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  /** Commits are heard in the turn in which they happen. */
  async caughtUp(): Promise<void> {}

  async news(signal: AbortSignal): Promise<void> {
    if (this.#heard.length === 0) await this.#waiting.wait(signal)
  }

  wake(): void {
    this.#waiting.wake()
  }

  async close(): Promise<void> {
    this.#leave()
    this.wake()
  }
}

const nothing: readonly Entry[] = []

function nameOf(store: string, partition: number): string {
  return `${store}/${partition}`
}

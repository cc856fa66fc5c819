import type { GlobalTable } from '../plan/global-table.ts'
import type { Follower, Transport } from '../transport/transport.ts'

type Followed = { readonly table: GlobalTable; readonly follower: Follower }

/** The global tables of a running application, each following its topic. */
export class GlobalTables {
  readonly #followed: readonly Followed[]

  private constructor(followed: readonly Followed[]) {
    this.#followed = followed
  }

  /** Resolves when every table knows what its topic held at the time of the call. The topics are there already. */
  static async open(tables: readonly GlobalTable[], transport: Transport): Promise<GlobalTables> {
    const followed: Followed[] = []
    const opened = new GlobalTables(followed)
    try {
      for (const table of tables) {
        table.clear()
        followed.push({ table, follower: await transport.follow(table.topic, 0) })
      }
      for (const { table, follower } of followed) await readWhole(table, follower)
    } catch (error) {
      await opened.close()
      throw error
    }
    return opened
  }

  /** Takes in what has been heard since the last call; `null` when that is nothing, as it nearly always is. */
  hear(): Promise<void> | null {
    let work: Promise<void> | null = null
    for (const { table, follower } of this.#followed) {
      const entries = follower.take()
      if (entries.length === 0) continue
      const before = work
      work = (async () => {
        await before
        await table.hear(entries)
      })()
    }
    return work
  }

  async close(): Promise<void> {
    for (const { follower } of this.#followed) await follower.close()
  }
}

/** A follower that is full answers that it has caught up: only one that then has nothing to give has. */
async function readWhole(table: GlobalTable, follower: Follower): Promise<void> {
  for (;;) {
    await follower.caughtUp()
    const entries = follower.take()
    if (entries.length === 0) return
    await table.hear(entries)
  }
}

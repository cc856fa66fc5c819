import { ClassicLevel } from 'classic-level'
import { topologyError } from '../../errors.ts'

export type Level = ClassicLevel<Uint8Array, Uint8Array>

export type LevelOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }

/**
 * Opens the database of a state directory, creating it when need be. It belongs to one process at a time, for as long as that
 * lives: `TOPO_STATE_LOCKED` while it is another's, `TOPO_STATE_BROKEN` when its files are damaged, `TOPO_STATE_CLOSED` when it
 * may not be read or written or there is no room.
 */
export async function openLevel(directory: string): Promise<Level> {
  const db: Level = new ClassicLevel(directory, { keyEncoding: 'view', valueEncoding: 'view' })
  try {
    await db.open()
    return db
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : ''
    if (code === 'LEVEL_LOCKED') throw topologyError.STATE_LOCKED({ directory }, error)
    if (code === 'LEVEL_CORRUPTION') throw topologyError.STATE_BROKEN({ directory, reason }, error)
    throw topologyError.STATE_CLOSED({ directory, reason }, error)
  }
}

/** What went wrong while an open one was written. */
export function writeFailure(directory: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  return topologyError.STATE_NOT_WRITTEN({ directory, reason }, error)
}

import { ClassicLevel } from 'classic-level'
import { topologyError } from '../../errors.ts'
import { stateError } from './state-error.ts'

export type Level = ClassicLevel<Uint8Array, Uint8Array>

export type LevelOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }

/** Of blocks that were read, uncompressed. States are asked for once in a while, each another one, and the system keeps the files' pages too. */
const cacheBytes = 1024 * 1024

/**
 * Opens the database of a state directory, creating it when need be. It belongs to one process at a time, for as long as that
 * lives: rejects with an error of state-error.ts.
 */
export async function openLevel(directory: string): Promise<Level> {
  const db: Level = new ClassicLevel(directory, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: cacheBytes,
  })
  try {
    await db.open()
    return db
  } catch (error) {
    throw stateError(directory, error)
  }
}

/** What went wrong while an open one was written. */
export function writeFailure(directory: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  return topologyError.STATE_NOT_WRITTEN({ directory, reason }, error)
}

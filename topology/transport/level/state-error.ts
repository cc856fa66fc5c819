import { topologyError } from '../../errors.ts'
import type { WeirError } from '../../kit/errors.ts'

/**
 * Why the store could not open `directory`: `TOPO_STATE_LOCKED` while somebody has it open, `TOPO_STATE_DAMAGED` when its
 * files do not hold what they should, `TOPO_STATE_UNUSABLE` for what the system refused.
 */
export function stateError(directory: string, error: unknown): WeirError {
  // The store says only that it is not open; the reason is the cause.
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = reason instanceof Error && 'code' in reason ? reason.code : undefined
  if (code === 'LEVEL_LOCKED') return topologyError.STATE_LOCKED({ directory }, error)
  const message = reason instanceof Error ? reason.message : String(reason)
  const why = storeFailureOf(message)?.why ?? message.slice(0, 200)
  if (code === 'LEVEL_CORRUPTION') return topologyError.STATE_DAMAGED({ directory, why }, error)
  return topologyError.STATE_UNUSABLE({ directory, why }, error)
}

/** Damage shows when the damaged part is read, and that may be long after the opening. Anything else stays what it is. */
export function readFailure(directory: string, error: unknown): unknown {
  const isDamage = error instanceof Error && 'code' in error && error.code === 'LEVEL_CORRUPTION'
  return isDamage ? stateError(directory, error) : error
}

/**
 * What the store says of a failure of its own, without the path that the reader knows: `IO error: /some/where/LOCK: Permission denied`. `null` for
 * any other text.
 */
export function storeFailureOf(message: string): { readonly kind: string; readonly why: string } | null {
  const [, kind, why] = /^(IO error|Corruption|Invalid argument): (?:.*: )?(.+)$/s.exec(message) ?? []
  return kind === undefined || why === undefined ? null : { kind, why: why.slice(0, 200) }
}

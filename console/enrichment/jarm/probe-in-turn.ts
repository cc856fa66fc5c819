import type { Clock } from '@weir/topology/kit'
import { type Probed, type ProbeOptions, probeServer } from './probe-server.ts'

/** Between two servers, so that who watches the way out sees no scan: at most twelve a minute, with ten connections each. */
export const probePauseMs = 5_000

export type Turn<T> = { readonly server: T; readonly probed: Probed | null; readonly atMs: number }

/** Probes one server after another, with a pause between two. Ends early, without the one under way, when it is interrupted. */
export async function* probeInTurn<T extends { readonly host: string; readonly port: number }>(
  servers: readonly T[],
  options: ProbeOptions & { readonly pauseMs: number; readonly clock: Clock },
): AsyncGenerator<Turn<T>> {
  const { pauseMs, clock, interruption } = options
  for (const [i, server] of servers.entries()) {
    if (i > 0) await clock.sleep(pauseMs, interruption).catch(() => {})
    if (interruption.aborted) return
    const atMs = clock.nowMs()
    const probed = await probeServer(server.host, server.port, options)
    if (interruption.aborted) return
    yield { server, probed, atMs }
  }
}

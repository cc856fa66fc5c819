import { noJarm, parseIndicatorValue, probeTag, serverText } from '@weir/processors'
import type { Indicator } from '@weir/schemas'
import { addAnswers } from './add-answers.ts'
import { probeFeed } from './answer-feeds.ts'
import type { IndicatorStore } from './indicator-store.ts'

/**
 * What a probe found, as it is kept: of level info, as it accuses nobody until a feed lists the fingerprint. In words what keeps it
 * from being kept.
 */
export function probeIndicator(
  { ip, port, jarm }: { readonly ip: string; readonly port: number; readonly jarm: string },
  { atMs, lifetimeMs }: { readonly atMs: number; readonly lifetimeMs: number },
): Indicator | string {
  if (jarm === noJarm) return 'it answered no probe'
  const parsed = parseIndicatorValue(serverText(ip, port), 'tls_server')
  if ('reject' in parsed) return 'it has no public address'
  return {
    ...parsed,
    feed: probeFeed,
    level: 'info',
    confidence: 1,
    expiresMs: atMs + lifetimeMs,
    description: '',
    tags: [probeTag({ jarm, atMs })],
  }
}

/** A new probe of a server takes the place of the one before. Gives how many are kept now. Throws `CONSOLE_UNWRITABLE`. */
export function keepProbes(store: IndicatorStore, probes: readonly Indicator[], nowMs: number): number {
  return addAnswers(store, { feed: probeFeed, asked: probeFeed }, probes, nowMs)
}

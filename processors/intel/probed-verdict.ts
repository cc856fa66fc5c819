import { type Indicators, levels, type Verdict } from './indicators.ts'
import { keptProbe, type Probe, serverText } from './kept-probe.ts'

export type ProbedVerdict = {
  /** As `serverText` writes it. */
  readonly server: string
  readonly probe: Probe
  /** Of the fingerprint, which many servers may share: never graver than medium. */
  readonly verdict: Verdict
}

/**
 * Share of a feed's confidence that is left where a fingerprint stands for a server: servers of one make answer alike, and one may have
 * changed since it was probed (specification of threat intelligence, section 3.5).
 */
export const jarmShare = 0.7
/** A judgement: as long as what a probe found is kept unless said otherwise. */
export const jarmDaysBefore = 30

const DAY_MS = 86_400_000
const MOST = levels.indexOf('medium')

/**
 * What feeds say of the fingerprint that a probe found the server to have; `null` where none is kept or none is listed. Joined
 * when it is asked for, so that either may come first. A probe speaks for so many days before it, and after it until what was
 * kept expires. Without any probe kept, or any fingerprint listed, it costs two looks at a size.
 */
export function probedVerdict(
  intel: Indicators,
  ip: string,
  port: number | null,
  tsMs: number,
  daysBefore: number,
): ProbedVerdict | null {
  if (port === null || !intel.lists('tls_server') || !intel.lists('jarm')) return null
  const server = serverText(ip, port)
  const kept = intel.exact('tls_server', server, tsMs)
  if (kept === null) return null
  const probe = keptProbe(kept.tags)
  if (probe === null || tsMs < probe.atMs - daysBefore * DAY_MS) return null
  const verdict = intel.exact('jarm', probe.jarm, tsMs)
  if (verdict === null) return null
  const level = levels[Math.min(MOST, levels.indexOf(verdict.level))] ?? 'info'
  return { server, probe, verdict: { ...verdict, level } }
}

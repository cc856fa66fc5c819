import type { Indicators, Verdict } from './indicators.ts'

/** What feeds say of a URL in canonical form: as it is, else without its query. */
export function urlVerdict(intel: Indicators, url: string, tsMs: number): Verdict | null {
  const query = url.indexOf('?')
  return intel.exact('url', url, tsMs) ?? (query < 0 ? null : intel.exact('url', url.slice(0, query), tsMs))
}

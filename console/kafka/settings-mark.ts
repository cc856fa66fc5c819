import { createHash } from 'node:crypto'
import type { SettingsMark } from '@weir/topology/transport'
import type { AnalyzeSettings } from '../analyze/settings.ts'

/** Enough to tell settings apart, and short enough to be said in every generation of the group. */
const digits = 12

/**
 * What evidence and alerts depend on, by the word that the log names it by. Not in it: what is refused where it differs (the number of
 * partitions), what is read again while the process runs (the contents of the folder of indicators), and what decides when something
 * is said and not what.
 */
export function settingsMark(
  settings: AnalyzeSettings,
  {
    idleMs,
    alertsJson,
    intel,
  }: { readonly idleMs: number; readonly alertsJson: boolean; readonly intel: boolean },
): SettingsMark {
  const { windowMs, graceMs, homeNetworks, direction, site, whitelistText, context } = settings
  const { detectors, disabled, popularDomains, data, threshold } = settings
  const configured = detectors.map(({ detector, config }) => [detector.id, detector.version, config])
  const parts = {
    window: [windowMs, graceMs],
    'home networks': [[...homeNetworks].sort(), direction, site],
    detectors: [configured, [...disabled].sort()],
    'alert weight': [threshold, popularDomains],
    whitelist: whitelistText,
    indicators: intel,
    'data files': [data, context.tables],
    'idle time': Number.isFinite(idleMs) ? idleMs : 'never',
    'alerts as JSON': alertsJson,
  }
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, hash(part)]))
}

function hash(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, digits)
}

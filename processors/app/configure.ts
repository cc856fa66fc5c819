import type { Detector } from '../detectors/detector.ts'
import { processorsError } from '../errors.ts'

/** A detector with every setting decided. */
export type ConfiguredDetector = {
  readonly detector: Detector
  readonly config: Readonly<Record<string, unknown>>
}

/** The detector's defaults with `overrides` in their place. Throws `PROC_BAD_SETTING` naming every wrong one. */
export function configure(
  detector: Detector,
  overrides: Readonly<Record<string, unknown>> = {},
): ConfiguredDetector {
  const wrong: string[] = []
  const config: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(detector.settings)) config[name] = setting.default
  for (const [name, value] of Object.entries(overrides)) {
    const setting = Object.hasOwn(detector.settings, name) ? detector.settings[name] : undefined
    if (setting === undefined) {
      wrong.push(
        `${detector.id} has no setting '${name}' (it has: ${Object.keys(detector.settings).join(', ') || 'none'})`,
      )
      continue
    }
    const parsed = setting.parse(value)
    if ('wrong' in parsed) wrong.push(`${detector.id}.${name} ${parsed.wrong}`)
    else config[name] = parsed.value
  }
  if (wrong.length > 0) throw processorsError.BAD_SETTING({ wrong: wrong.join('; ') })
  return { detector, config }
}

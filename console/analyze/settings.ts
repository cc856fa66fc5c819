/** What an analysis is set to: the command line over the settings file over the defaults, checked before anything starts. */
import { readFileSync } from 'node:fs'
import {
  alertThreshold,
  type ConfiguredDetector,
  configure,
  detectionDefaults,
  detectors,
  emptyWhitelist,
  evidenceTypeNamed,
  isLevel,
  parseCidr,
  readWhitelist,
  type Whitelist,
} from '@weir/processors'
import type { Level } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { parse as parseYaml } from 'yaml'
import { consoleError } from '../errors.ts'

/** As given on the command line; text is not yet checked. */
export type AnalyzeOptions = {
  readonly out: string
  readonly window?: string
  readonly homeNet?: readonly string[]
  readonly direction?: string
  readonly site?: string
  readonly inputKind?: string
  readonly inputTimezone?: string
  readonly whitelist?: string
  readonly config?: string
  readonly minLevel?: string
  readonly store?: string
  readonly stateDir?: string
  readonly partitions?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

export const inputKinds = ['zeek', 'argus', 'suricata', 'nfdump-csv', 'nfdump-text'] as const

export type AnalyzeSettings = {
  readonly out: string
  readonly windowMs: number
  readonly graceMs: number
  readonly homeNetworks: readonly string[]
  readonly direction: 'out' | 'all'
  readonly site: string
  readonly inputKind: (typeof inputKinds)[number] | null
  readonly timezoneMinutes: number
  readonly whitelist: Whitelist
  /** The whitelist as it was read, to tell one analysis from another. */
  readonly whitelistText: string
  readonly minLevel: Level
  readonly store: 'memory' | 'disk'
  readonly stateDir: string
  readonly partitions: number
  readonly json: boolean
  readonly quiet: boolean
  readonly detectors: readonly ConfiguredDetector[]
  readonly disabled: ReadonlySet<string>
  /** An alert opens at this weight. */
  readonly threshold: number
}

/** The settings file: YAML or JSON; every key optional. */
type ConfigFile = {
  readonly site?: unknown
  readonly window?: unknown
  readonly grace?: unknown
  readonly homeNetworks?: unknown
  readonly direction?: unknown
  readonly alertWeight?: unknown
  readonly disabled?: unknown
  readonly detectors?: unknown
}

const configKeys = [
  'site',
  'window',
  'grace',
  'homeNetworks',
  'direction',
  'alertWeight',
  'disabled',
  'detectors',
]

/** Throws a `WeirError` that names the option and what it takes. */
export function readSettings(options: AnalyzeOptions): AnalyzeSettings {
  const file = options.config === undefined ? {} : readConfig(options.config)
  const windowMs = duration(
    '--window',
    options.window ?? text(file.window, 'window'),
    detectionDefaults.windowMs,
  )
  const alertWeight = file.alertWeight ?? detectionDefaults.alertWeight
  if (typeof alertWeight !== 'number' || !(alertWeight > 0)) {
    throw badOption('alertWeight', String(alertWeight), 'must be a number above 0')
  }
  const whitelistText = options.whitelist === undefined ? '' : readText(options.whitelist)
  const store = oneOf('--store', options.store ?? 'memory', ['memory', 'disk'])
  if (options.stateDir !== undefined && store !== 'disk') throw consoleError.STATE_WITHOUT_DISK()
  return {
    out: options.out,
    windowMs,
    graceMs: duration('grace', text(file.grace, 'grace'), detectionDefaults.graceMs),
    homeNetworks: networks(options.homeNet ?? list(file.homeNetworks, 'homeNetworks')),
    direction: oneOf('--direction', options.direction ?? text(file.direction, 'direction') ?? 'out', [
      'out',
      'all',
    ]),
    site: siteName(options.site ?? text(file.site, 'site') ?? 'default'),
    inputKind: options.inputKind === undefined ? null : oneOf('--input-kind', options.inputKind, inputKinds),
    timezoneMinutes: timezone(options.inputTimezone ?? 'UTC'),
    whitelist:
      options.whitelist === undefined ? emptyWhitelist : readWhitelist(options.whitelist, whitelistText),
    whitelistText,
    minLevel: level(options.minLevel ?? 'low'),
    store,
    stateDir: options.stateDir ?? `${options.out}.state`,
    partitions: wholeNumber('--partitions', options.partitions ?? '1', 1, 1024),
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    detectors: configured(file.detectors),
    disabled: disabledTypes(list(file.disabled, 'disabled')),
    threshold: alertThreshold(windowMs, alertWeight),
  }
}

function readConfig(path: string): ConfigFile {
  let file: unknown
  try {
    file = parseYaml(readText(path))
  } catch (error) {
    if (error instanceof WeirError) throw error
    throw consoleError.BAD_CONFIG({
      path,
      wrong: error instanceof Error ? firstLine(error.message) : 'unreadable',
    })
  }
  if (!isObject(file)) throw consoleError.BAD_CONFIG({ path, wrong: 'it must be a mapping of settings' })
  const unknown = Object.keys(file).filter((key) => !configKeys.includes(key))
  if (unknown.length > 0) {
    throw consoleError.BAD_CONFIG({
      path,
      wrong: `it has no setting ${unknown.join(', ')} (settings: ${configKeys.join(', ')})`,
    })
  }
  return file
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw consoleError.UNREADABLE(
      { path, why: error instanceof Error ? error.message : String(error) },
      error,
    )
  }
}

function configured(overrides: unknown): readonly ConfiguredDetector[] {
  if (overrides !== undefined && !isObject(overrides))
    throw badOption('detectors', String(overrides), 'must map detectors to settings')
  const known = new Set(detectors.map(({ id }) => id))
  for (const id of Object.keys(overrides ?? {})) {
    if (!known.has(id)) throw badOption('detectors', id, 'is not a detector')
  }
  const chosen: ConfiguredDetector[] = []
  for (const detector of detectors) {
    const own: unknown = overrides?.[detector.id]
    if (own === false) continue
    if (own !== undefined && !isObject(own))
      throw badOption('detectors', detector.id, 'must map settings to values, or be false')
    chosen.push(configure(detector, own ?? {}))
  }
  return chosen
}

function disabledTypes(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.map((name) => {
      const type = evidenceTypeNamed(name)
      if (type === null) throw badOption('disabled', name, 'is not an evidence type')
      return type
    }),
  )
}

/** `90s`, `30m`, `1h`, `1d`. */
function duration(option: string, given: string | undefined, standard: number): number {
  if (given === undefined) return standard
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(given)
  const [, amount, unit] = match ?? []
  const unitMs = unit === 's' ? 1_000 : unit === 'm' ? 60_000 : unit === 'h' ? 3_600_000 : 86_400_000
  const ms = Number(amount ?? 0) * unitMs
  if (match === null || ms < 1_000 || ms > 31 * 86_400_000) {
    throw badOption(option, given, 'must be a time such as 90s, 30m, 1h or 1d, at most 31d')
  }
  return ms
}

function timezone(given: string): number {
  if (given === 'UTC' || given === 'Z') return 0
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(given)
  const [, sign, hours, minutes] = match ?? []
  const total = Number(hours) * 60 + Number(minutes)
  if (match === null || total > 14 * 60)
    throw badOption('--input-timezone', given, 'must be UTC or an offset such as +02:00')
  return sign === '-' ? -total : total
}

function networks(given: readonly string[]): readonly string[] {
  for (const cidr of given) {
    if (parseCidr(cidr) === null)
      throw badOption('--home-net', cidr, 'must be an address range such as 10.0.0.0/8 or fd00::/8')
  }
  return [...given].sort()
}

function siteName(given: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(given)) {
    throw badOption('--site', given, 'must be at most 64 letters, digits, dots, hyphens and underscores')
  }
  return given
}

function level(given: string): Level {
  if (!isLevel(given))
    throw badOption('--min-level', given, 'must be one of info, low, medium, high, critical')
  return given
}

function oneOf<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === given)
  if (found === undefined) throw badOption(option, given, `must be one of ${allowed.join(', ')}`)
  return found
}

function wholeNumber(option: string, given: string, least: number, most: number): number {
  const value = Number(given)
  if (!/^\d+$/.test(given) || value < least || value > most) {
    throw badOption(option, given, `must be a whole number from ${least} to ${most}`)
  }
  return value
}

function text(value: unknown, key: string): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw badOption(key, String(value), 'must be text')
  return value
}

function list(value: unknown, key: string): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw badOption(key, String(value), 'must be a list of texts')
  }
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badOption(option: string, value: string, wrong: string): WeirError {
  return consoleError.BAD_OPTION({ option, value, wrong, command: 'analyze' })
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message

/** What an analysis is set to: the command line over the settings file over the defaults, checked before anything starts. */
import { dirname, resolve } from 'node:path'
import { parsers } from '@weir/edge-agent'
import {
  alertThreshold,
  type ConfiguredDetector,
  detectionDefaults,
  emptyWhitelist,
  type Indicators,
  noIndicators,
  popularDomains,
  readWhitelist,
  useDataLists,
  type Whitelist,
} from '@weir/processors'
import type { Level } from '@weir/schemas'
import { type ContextFiles, openContextFiles } from '../enrichment/context-files.ts'
import type { EnrichmentSection } from '../enrichment/enrichment-section.ts'
import { isOnlineId, type OnlineId, onlineIds } from '../enrichment/online-ids.ts'
import { consoleError } from '../errors.ts'
import { IndicatorStore, type Loaded } from '../intel/indicator-store.ts'
import { type DataFiles, type DataSection, readDataFiles, withDataLists } from './data-files.ts'
import {
  type Check,
  detectorSettings,
  duration,
  filePath,
  folder,
  level,
  namesOf,
  networks,
  oneOf,
  siteName,
  timezone,
  wholeNumber,
} from './setting-checks.ts'
import { directions, readSettingsFile, readText } from './settings-file.ts'

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
  readonly intel?: string
  readonly geo?: string
  readonly asn?: string
  readonly enrichOnline?: string
  readonly enrichMet?: boolean
  readonly enrichCache?: string
  readonly config?: string
  readonly minLevel?: string
  readonly store?: string
  readonly stateDir?: string
  readonly partitions?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

type InputKind = (typeof parsers)[number]['id']

export const inputKinds: readonly InputKind[] = parsers.map(({ id }) => id)

export type AnalyzeSettings = {
  readonly out: string
  readonly windowMs: number
  readonly graceMs: number
  readonly homeNetworks: readonly string[]
  readonly direction: 'out' | 'all'
  readonly site: string
  readonly inputKind: InputKind | null
  readonly timezoneMinutes: number
  readonly whitelist: Whitelist
  /** The whitelist as it was read, to tell one analysis from another. */
  readonly whitelistText: string
  /** What feeds list. */
  readonly intel: Indicators
  /** Tells one set of indicators from another; `''` without any. */
  readonly intelDigest: string
  /** What is known of addresses and devices beyond the traffic. */
  readonly context: ContextFiles
  /** Online look-ups to be done once the results are in place. */
  readonly online: OnlinePlan
  readonly minLevel: Level
  readonly store: 'memory' | 'disk'
  readonly stateDir: string
  readonly partitions: number
  readonly json: boolean
  readonly quiet: boolean
  readonly detectors: readonly ConfiguredDetector[]
  readonly disabled: ReadonlySet<string>
  /** Evidence against what is known by these names alone has half its confidence. */
  readonly popularDomains: readonly string[]
  /** Which files took the place of lists that come with Weir, by the beginnings of their hashes. */
  readonly data: DataFiles['digests']
  /** An alert opens at this weight. */
  readonly threshold: number
}

/** How online look-ups are to be done, and which. Paths are those of the user's folder. */
export type OnlinePlan = {
  readonly ids: readonly OnlineId[]
  /** Whether what was met without being suspected is to be asked about as well. */
  readonly met: boolean
  readonly cache: string
  readonly section: EnrichmentSection
}

/**
 * Throws a `WeirError` that names every wrong option of the command and what it takes, `alsoWrong` of those that are not among these
 * first; for the files it names, likewise. Makes the data files of the settings the lists in use in this process.
 */
export function readSettings(
  options: AnalyzeOptions,
  typedAs = { command: 'analyze', enrichOnline: '--enrich-online' },
  alsoWrong: readonly string[] = [],
): AnalyzeSettings {
  const wrong = [...alsoWrong]
  const option = <T>(name: string, given: unknown, check: Check<T>): T | undefined => {
    if (given === undefined) return undefined
    const checked = check(given, name)
    if ('value' in checked) return checked.value
    wrong.push(...checked.wrong)
    return undefined
  }
  const typed = {
    out: option('--out', options.out, folder),
    windowMs: option('--window', options.window, duration),
    homeNetworks: option('--home-net', options.homeNet, networks),
    direction: option('--direction', options.direction, oneOf(directions)),
    site: option('--site', options.site, siteName),
    inputKind: option('--input-kind', options.inputKind, oneOf(inputKinds)),
    timezoneMinutes: option('--input-timezone', options.inputTimezone, timezone),
    minLevel: option('--min-level', options.minLevel, level),
    store: option('--store', options.store, oneOf(['memory', 'disk'])),
    intel: option('--intel', options.intel, folder),
    geo: option('--geo', options.geo, filePath),
    asn: option('--asn', options.asn, filePath),
    enrichOnline: option(typedAs.enrichOnline, options.enrichOnline, namesOf(onlineIds(), isOnlineId)),
    enrichCache: option('--enrich-cache', options.enrichCache, folder),
    stateDir: option('--state-dir', options.stateDir, folder),
    partitions: option('--partitions', options.partitions, wholeNumber(1, 1024)),
  }
  if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: typedAs.command })
  const store = typed.store ?? 'memory'
  if (typed.stateDir !== undefined && store !== 'disk') throw consoleError.STATE_WITHOUT_DISK()

  const file = options.config === undefined ? {} : readSettingsFile(options.config)
  const data = readDataFiles(dataFrom(options.config, file.data ?? {}), readText)
  useDataLists(data.lists)
  const whitelistText = options.whitelist === undefined ? '' : readText(options.whitelist)
  const windowMs = typed.windowMs ?? file.window ?? detectionDefaults.windowMs
  const out = typed.out ?? 'out'
  const section = fromFolderOf(options.config, file.enrichment ?? {})
  const intel = typed.intel === undefined ? null : indicatorsIn(typed.intel)
  return {
    out,
    windowMs,
    graceMs: file.grace ?? detectionDefaults.graceMs,
    homeNetworks: typed.homeNetworks ?? file.homeNetworks ?? [],
    direction: typed.direction ?? file.direction ?? 'out',
    site: typed.site ?? file.site ?? 'default',
    inputKind: typed.inputKind ?? null,
    timezoneMinutes: typed.timezoneMinutes ?? 0,
    whitelist:
      options.whitelist === undefined ? emptyWhitelist : readWhitelist(options.whitelist, whitelistText),
    whitelistText,
    intel: intel?.table ?? noIndicators,
    intelDigest: intel?.digest ?? '',
    context: openContextFiles({
      geo: typed.geo ?? section.geo ?? null,
      asn: typed.asn ?? section.asn ?? null,
      macVendors: section.macVendors ?? null,
    }),
    online: {
      ids: typed.enrichOnline ?? [],
      met: options.enrichMet ?? false,
      cache: typed.enrichCache ?? section.cache ?? 'enrichment-cache',
      section,
    },
    minLevel: typed.minLevel ?? 'low',
    store,
    stateDir: typed.stateDir ?? `${resolve(out)}.state`,
    partitions: typed.partitions ?? 1,
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    detectors: withDataLists(file.detectors ?? everyDetector(), data.lists),
    disabled: file.disabled ?? new Set(),
    popularDomains:
      file.popularSites === 'lower'
        ? (file.popularDomains ?? data.lists['popular-domains'] ?? popularDomains)
        : [],
    data: data.digests,
    threshold: alertThreshold(windowMs, file.alertWeight ?? detectionDefaults.alertWeight),
  }
}

function dataFrom(config: string | undefined, section: DataSection): DataSection {
  if (config === undefined) return section
  const moved = Object.entries(section).map(([name, path]) => [name, resolve(dirname(config), path)])
  return Object.fromEntries(moved)
}

/** Paths in the settings file begin at its folder. */
export function fromFolderOf(config: string | undefined, section: EnrichmentSection): EnrichmentSection {
  if (config === undefined) return section
  const from = (path: string): string => resolve(dirname(config), path)
  const { geo, asn, macVendors, cache, online } = section
  const moved = Object.entries(online ?? {}).map(([id, own]) => [
    id,
    own.keyFile === undefined ? own : { ...own, keyFile: from(own.keyFile) },
  ])
  return {
    ...section,
    ...(geo === undefined ? {} : { geo: from(geo) }),
    ...(asn === undefined ? {} : { asn: from(asn) }),
    ...(macVendors === undefined ? {} : { macVendors: from(macVendors) }),
    ...(cache === undefined ? {} : { cache: from(cache) }),
    ...(online === undefined ? {} : { online: Object.fromEntries(moved) }),
  }
}

function indicatorsIn(folder: string): Loaded {
  const store = new IndicatorStore(folder)
  if (!store.exists()) throw consoleError.NO_INDICATORS({ folder })
  return store.load()
}

function everyDetector(): readonly ConfiguredDetector[] {
  const checked = detectorSettings({}, 'detectors')
  if ('value' in checked) return checked.value
  throw new Error(`the detectors refuse their own defaults: ${checked.wrong.join('; ')}`)
}

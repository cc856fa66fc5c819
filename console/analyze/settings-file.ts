/** The settings file: YAML or JSON, every setting optional, all that is wrong with it said at once. */
import { readFileSync } from 'node:fs'
import { type ConfiguredDetector, detectionDefaults } from '@weir/processors'
import { parseDocument } from 'yaml'
import { enrichmentSection } from '../enrichment/enrichment-section.ts'
import { consoleError } from '../errors.ts'
import { kafkaSection } from '../kafka/connection-settings.ts'
import { didYouMean } from '../nearest-name.ts'
import { printable } from '../report/printable.ts'
import { reasonOf } from '../system-error.ts'
import { dataSection } from './data-files.ts'
import {
  type Check,
  detectorSettings,
  domains,
  duration,
  evidenceTypesNamed,
  formatDuration,
  isObject,
  networks,
  oneOf,
  positive,
  siteName,
} from './setting-checks.ts'

/** A setting as the file, its schema and the documentation know it. */
type FileSetting<T> = {
  readonly says: string
  /** As it would stand in a file. */
  readonly default: unknown
  readonly check: Check<T>
}

export const directions = ['out', 'all'] as const
export const popularChoices = ['off', 'lower'] as const

/** What the file may hold. The command line goes before it, where it has an option of the same meaning. */
export const fileSettings = {
  site: setting('Name of the network, part of every record, profile and finding.', 'default', siteName),
  window: setting(
    'Width of the windows in which findings against a host are weighed, such as 5m, 1h, 1d.',
    formatDuration(detectionDefaults.windowMs),
    duration,
  ),
  grace: setting(
    'How late a record may come after its window and still count in it.',
    formatDuration(detectionDefaults.graceMs),
    duration,
  ),
  homeNetworks: setting('Address ranges that are ours; the private ranges when none is given.', [], networks),
  direction: setting(
    'out: judge home hosts only, where home networks are given; all: judge both ends.',
    'out',
    oneOf(directions),
  ),
  alertWeight: setting(
    'Weight at which an alert opens in a window of one hour; it grows with the square root of the width, and shrinks with it to 0.4 at the least, unless less is set here.',
    detectionDefaults.alertWeight,
    positive,
  ),
  popularSites: setting(
    'lower: evidence against a destination that is known by names of popular domains alone has half its confidence, but for what feeds say; off: it has all of it.',
    'off',
    oneOf(popularChoices),
  ),
  popularDomains: setting(
    'Popular domains, each with all below it, in the place of those that come with Weir.',
    [],
    domains,
  ),
  data: setting(
    'Files that take the place of lists which come with Weir, by list: an entry a line, # begins a comment, the line «include built-in» stands for what comes with Weir.',
    {},
    dataSection,
  ),
  disabled: setting('Evidence types that are never said.', [], evidenceTypesNamed),
  detectors: setting(
    'Settings of detectors, by id; false switches a detector off.',
    {},
    detectorSettings satisfies Check<readonly ConfiguredDetector[]>,
  ),
  enrichment: setting(
    'What is known of addresses and devices beyond the traffic: tables, and how online look-ups are done.',
    {},
    enrichmentSection,
  ),
  kafka: setting(
    'Brokers and schema registry, and how they let us in; command line and environment go before it.',
    {},
    kafkaSection,
  ),
} as const

function setting<T>(says: string, standard: unknown, check: Check<T>): FileSetting<T> {
  return { says, default: standard, check }
}

export type FileSettings = {
  readonly [K in keyof typeof fileSettings]?: (typeof fileSettings)[K] extends FileSetting<infer T>
    ? T
    : never
}

/** Beside the settings: lets editors find the schema. */
const SCHEMA_KEY = '$schema'
/** So many problems of one file are said; the rest is counted. */
const MOST_PROBLEMS = 20

/** Throws `CONSOLE_UNREADABLE` or `CONSOLE_BAD_CONFIG`. */
export function readSettingsFile(path: string): FileSettings {
  return parseSettings(path, readText(path))
}

/** `path` is only for the error. */
export function parseSettings(path: string, text: string): FileSettings {
  const file = parseFile(path, text)
  const problems: string[] = []
  const names = Object.keys(fileSettings)
  for (const key of Object.keys(file)) {
    if (key === SCHEMA_KEY || names.includes(key)) continue
    problems.push(
      `it has no setting '${printable(key)}'${didYouMean(key, names) || ` (it has: ${names.join(', ')})`}`,
    )
  }
  const settings: FileSettings = {
    ...checked('site', file, problems),
    ...checked('window', file, problems),
    ...checked('grace', file, problems),
    ...checked('homeNetworks', file, problems),
    ...checked('direction', file, problems),
    ...checked('alertWeight', file, problems),
    ...checked('popularSites', file, problems),
    ...checked('popularDomains', file, problems),
    ...checked('data', file, problems),
    ...checked('disabled', file, problems),
    ...checked('detectors', file, problems),
    ...checked('enrichment', file, problems),
    ...checked('kafka', file, problems),
  }
  if (problems.length > 0) throw badConfig(path, problems)
  return settings
}

/** The setting of that name alone, or nothing when the file leaves it out. */
function checked(name: keyof FileSettings, file: Record<string, unknown>, problems: string[]): FileSettings {
  if (!Object.hasOwn(file, name)) return {}
  const result = fileSettings[name].check(file[name], name)
  if ('value' in result) return { [name]: result.value }
  problems.push(...result.wrong)
  return {}
}

/** Throws `CONSOLE_UNREADABLE`. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
}

function parseFile(path: string, text: string): Record<string, unknown> {
  const document = parseDocument(text, { prettyErrors: true, logLevel: 'error' })
  const faults = [...document.errors, ...document.warnings].map((fault) =>
    fault.code === 'MULTIPLE_DOCS' ? 'it holds more than one document' : firstLine(fault.message),
  )
  if (faults.length > 0) throw badConfig(path, faults)
  let file: unknown
  try {
    file = document.toJS()
  } catch (error) {
    throw badConfig(path, [firstLine(error instanceof Error ? error.message : String(error))])
  }
  if (file === null || file === undefined) return {}
  if (!isObject(file)) throw badConfig(path, ['it must map settings to values, such as window: 1h'])
  return file
}

function badConfig(path: string, problems: readonly string[]) {
  const more = problems.length - MOST_PROBLEMS
  const said = problems.slice(0, MOST_PROBLEMS).join('; ')
  return consoleError.BAD_CONFIG({ path, wrong: more > 0 ? `${said}; and ${more} more` : said })
}

/** YAML errors go on with a picture of the place. */
function firstLine(message: string): string {
  return printable((message.split('\n', 1)[0] ?? message).replace(/:$/, ''))
}

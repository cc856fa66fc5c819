/** The `data` section of the settings file: files that take the place of lists which come with Weir. */
import { createHash } from 'node:crypto'
import {
  type ConfiguredDetector,
  type DataList,
  type DataListName,
  dataListNames,
  dataLists,
  isDataListName,
  readDataList,
} from '@weir/processors'
import { didYouMean } from '../nearest-name.ts'
import { type Check, isObject } from './setting-checks.ts'

/** Paths by list. */
export type DataSection = Readonly<Partial<Record<DataListName, string>>>

export const dataSection: Check<DataSection> = (given, name) => {
  if (!isObject(given))
    return { wrong: [`${name} must map lists to files, such as known-ports: my-ports.txt`] }
  const problems: string[] = []
  const section: Partial<Record<DataListName, string>> = {}
  for (const [key, path] of Object.entries(given)) {
    if (!isDataListName(key))
      problems.push(
        `${name} has no list '${key}'${didYouMean(key, dataListNames) || ` (it has: ${dataListNames.join(', ')})`}`,
      )
    else if (typeof path !== 'string' || path === '')
      problems.push(`${name}.${key} must be the path of a file`)
    else section[key] = path
  }
  return problems.length > 0 ? { wrong: problems } : { value: section }
}

export function dataSectionSchema(): Readonly<Record<string, unknown>> {
  const properties = dataListNames.map((name) => {
    const { says, form }: DataList = dataLists[name]
    return [name, { description: `${says} A line each: ${form}.`, type: 'string', minLength: 1 }]
  })
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) }
}

export type DataFiles = {
  readonly lists: Readonly<Partial<Record<DataListName, readonly string[]>>>
  /** The beginning of each file's SHA-256, by list: tells one analysis from another. */
  readonly digests: Readonly<Partial<Record<DataListName, string>>>
}

/** Throws `CONSOLE_UNREADABLE` for a file that is missing, `PROC_BAD_DATA` for one that is wrong. */
export function readDataFiles(section: DataSection, readText: (path: string) => string): DataFiles {
  const lists: Partial<Record<DataListName, readonly string[]>> = {}
  const digests: Partial<Record<DataListName, string>> = {}
  for (const name of dataListNames) {
    const path = section[name]
    if (path === undefined) continue
    const text = readText(path)
    lists[name] = readDataList(name, path, text)
    digests[name] = createHash('sha256').update(text).digest('hex').slice(0, 16)
  }
  return { lists, digests }
}

/** Detectors with the lists in the place of defaults; what the user set for a detector itself goes before them. */
export function withDataLists(
  detectors: readonly ConfiguredDetector[],
  lists: DataFiles['lists'],
): readonly ConfiguredDetector[] {
  const changes = dataListNames.flatMap((name) => {
    const list: DataList = dataLists[name]
    const entries = lists[name]
    const lines = entries === undefined ? undefined : (list.settingOf?.(entries) ?? entries)
    return list.settings.map(([id, setting]) => ({ id, setting, lines }))
  })
  return detectors.map((configured) => {
    const { detector, config } = configured
    const own = changes.filter(
      ({ id, setting, lines }) =>
        id === detector.id && lines !== undefined && config[setting] === detector.settings[setting]?.default,
    )
    if (own.length === 0) return configured
    return {
      detector,
      config: { ...config, ...Object.fromEntries(own.map(({ setting, lines }) => [setting, lines])) },
    }
  })
}

/** Lists kept by hand in one folder, under the names that are known for them (specification of threat intelligence, section 2.4). */
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { consoleError } from '../errors.ts'
import { reasonOf } from '../system-error.ts'
import { isUrl } from './fetch-source.ts'
import { knownGoodNames } from './import-options.ts'
import { manifestSource } from './misp-events.ts'

/** What is known to be good goes first: no list that follows lists it. */
const names: readonly string[] = [
  ...knownGoodNames,
  'own_malicious_iocs.csv',
  'own_malicious_ja3.csv',
  'own_malicious_jarm.csv',
]

export type NamedSource = {
  readonly named: string
  /** By its name alone: what was said of the folder is not about what this file holds. */
  readonly isFound: boolean
}

/** Each of those files, for a folder that holds some and is no MISP feed; else what was given. Throws `CONSOLE_UNREADABLE`. */
export function sourcesIn(given: string): readonly NamedSource[] {
  const itself = [{ named: given, isFound: false }]
  if (isUrl(given) || statSync(given, { throwIfNoEntry: false })?.isDirectory() !== true) return itself
  const files = filesOf(given)
  if (files.includes(basename(manifestSource(given, true)))) return itself
  const rankOf = (file: string) => names.indexOf(file.toLowerCase())
  const own = files.filter((file) => rankOf(file) >= 0).sort((a, b) => rankOf(a) - rankOf(b))
  return own.length === 0 ? itself : own.map((file) => ({ named: join(given, file), isFound: true }))
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw consoleError.UNREADABLE({ path: folder, why: reasonOf(error) }, error)
  }
}

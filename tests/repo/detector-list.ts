import type { Detector } from '@weir/processors'
import { isTestFile, type SourceFile } from './source-file.ts'

export type DetectorFile = { readonly id: string; readonly path: string; readonly exported: string }

const FOLDER = 'processors/detectors/'

/** The files that define a detector, by what they export; the id is the one written in the file. */
export function detectorFiles(files: readonly SourceFile[]): readonly DetectorFile[] {
  return files.flatMap(({ path, text, code }) => {
    if (!path.startsWith(FOLDER) || isTestFile(path)) return []
    return [...code.matchAll(/\bexport const (\w+)\s*(?::\s*Detector\s*)?=\s*defineDetector\b/g)].map(
      (match) => {
        const id = /\bid:\s*'([^']*)'/.exec(text.slice(match.index))?.[1] ?? ''
        return { id, path, exported: match[1] ?? '' }
      },
    )
  })
}

/** The file names that a registry imports detectors from, in the order of its list. */
export function ids(registry: string): readonly string[] {
  const list = /\breadonly Detector\[\] = \[([^\]]*)\]/.exec(registry)?.[1] ?? ''
  return list
    .split(',')
    .map((name) => name.trim().replaceAll(/[A-Z]|(?<=[a-z])\d+/g, (part) => `-${part.toLowerCase()}`))
    .filter((name) => name !== '')
}

export type Known = {
  readonly techniques: ReadonlyMap<string, unknown>
  readonly evidenceTypes: readonly string[]
}

/** What is missing or wrong in how a detector describes itself. */
export function detectorFaults(detector: Detector, known: Known): readonly string[] {
  const faults: string[] = []
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(detector.id)) faults.push(`id '${detector.id}' is not in kebab case`)
  if (!isSentence(detector.claim)) faults.push('claim is not a sentence')
  if (!isSentence(detector.misfires)) faults.push('misfires is not a sentence')
  if (!/^[A-Z]+-\d+[a-z]?$/.test(detector.spec))
    faults.push(`spec '${detector.spec}' is not the id of a behaviour`)
  if (!Number.isSafeInteger(detector.version) || detector.version < 1)
    faults.push('version does not count from 1')
  if (Object.keys(detector.on).length === 0) faults.push('it reads no kind of record')
  for (const technique of detector.techniques) {
    if (!known.techniques.has(technique)) faults.push(`technique ${technique} is not in schemas/attack.ts`)
  }
  for (const type of detector.types) {
    if (!known.evidenceTypes.includes(type)) faults.push(`type ${type} is not in evidence-types.ts`)
  }
  if (new Set(detector.types).size !== detector.types.length) faults.push('a type is named twice')
  for (const [name, setting] of Object.entries(detector.settings)) {
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) faults.push(`setting ${name} is not in camel case`)
    if (!isSentence(setting.says)) faults.push(`setting ${name} has no sentence`)
    const parsed = setting.parse(setting.default)
    if ('wrong' in parsed) faults.push(`setting ${name}: its own default ${parsed.wrong}`)
  }
  const { state } = detector
  if (state !== undefined && !(state.maxBytes > 0 && Number.isSafeInteger(state.maxBytes)))
    faults.push('maxBytes bounds nothing')
  if (state === undefined && detector.onWindowClose !== undefined)
    faults.push('onWindowClose is never called without state')
  if (state?.scope !== 'window' && detector.onWindowClose !== undefined)
    faults.push('onWindowClose is only for scope window')
  if (state?.scope !== 'host' && detector.onTimer !== undefined) faults.push('onTimer is only for scope host')
  return faults
}

function isSentence(text: string): boolean {
  return /^[A-Z0-9`].*\s.*[.)]$/s.test(text)
}

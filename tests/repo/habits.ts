/** The habits of CONTRIBUTING.md that a program can check, beyond what the linter does. */
import { type Fault, fault, isTestFile, type SourceFile } from './source-file.ts'

const BAD_NAMES = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'types',
  'type',
  'impl',
  'manager',
  'base',
])
/** A word of the name, as in `string-utils.ts` and `base-parser.ts`; `types` may end a name that says whose. */
const BAD_WORDS = new Set(['utils', 'util', 'helpers', 'helper', 'misc', 'impl', 'manager'])

/** Paths of files and folders that say nothing of what they hold, or say it in another case. */
export function nameFaults(paths: Iterable<string>): readonly Fault[] {
  const faults = new Set<Fault>()
  for (const path of paths) {
    for (const part of path.split('/')) {
      const name = part.replace(
        /\.(?:test|contract|fuzz|captures|schema)?\.?(?:ts|md|json|avsc|yaml|yml|bin|jsonl)$/,
        '',
      )
      if (BAD_NAMES.has(name) || name.split('-').some((word) => BAD_WORDS.has(word))) {
        faults.add(`${path}: '${name}' does not say what it holds`)
      }
    }
    if (
      path.endsWith('.ts') &&
      !/^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.ts$/.test(path)
    ) {
      faults.add(`${path}: names are in kebab case`)
    }
  }
  return [...faults]
}

const FORBIDDEN: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
    what: 'no default exports: a thing has one name everywhere',
  },
  { pattern: /(?<![\w.$])any(?![\w$(:?])/g, what: 'no `any`: say what it is, or `unknown` and look' },
  { pattern: /\bas\s+never\b/g, what: 'no `as never`: it silences the checker' },
  { pattern: /(?<![\w.$])(?:enum|namespace)\s+\w+\s*\{/g, what: 'only syntax that can be erased' },
  {
    pattern: /\b(?:test|describe|it)\s*\.\s*(?:only|todo)\b/g,
    what: 'no test may keep others from running, or be a promise',
  },
]

/** Looked for in comments as well. */
const FORBIDDEN_TEXT: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /@ts-(?:ignore|expect-error|nocheck)\b/g, what: 'the type checker is not silenced' },
  { pattern: /\b(?:TODO|FIXME|XXX)\b(?!\()/g, what: 'do it, or write it into the tracker' },
]

/** What the code of one file may not contain. */
export function codeFaults(files: readonly SourceFile[]): readonly Fault[] {
  return files.flatMap((file) => {
    const faults: Fault[] = []
    for (const { pattern, what } of FORBIDDEN) {
      for (const { index } of file.code.matchAll(pattern)) faults.push(fault(file, index, what))
    }
    if (file.path.startsWith('tests/repo/')) return faults
    for (const { pattern, what } of FORBIDDEN_TEXT) {
      for (const { index } of file.text.matchAll(pattern)) faults.push(fault(file, index, what))
    }
    return faults
  })
}

/** Folders of one machine. Put together here so that this file is not a finding of its own. */
const MACHINE_PATHS = ['work', 'root', 'home', 'Users', 'mnt/c'].map((name) => `/${name}/`)

/** Absolute paths that exist on somebody's machine only, in code and prose alike. */
export function machinePathFaults(texts: ReadonlyMap<string, string>): readonly Fault[] {
  const faults: Fault[] = []
  for (const [path, text] of texts) {
    for (const [index, line] of text.split('\n').entries()) {
      const found = MACHINE_PATHS.find((folder) => new RegExp(`(?<![\\w.:/}…*-])${folder}`).test(line))
      if (found !== undefined) faults.push(`${path}:${index + 1}: ${found} is a folder of one machine`)
    }
  }
  return faults
}

/** Calls that make a test able to fail. */
const ASSERTS =
  /\bassert\b\s*[.(]|\bt\s*\.\s*assert\b|\b(?:testDetector|expect\w*|check\w*)\s*\(|Contract\s*\(/

/** Tests that assert nothing cannot be false. */
export function testFaults(files: readonly SourceFile[]): readonly Fault[] {
  return files
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap((file) => [
      ...(ASSERTS.test(file.code) ? [] : [`${file.path}: a test without an assertion`]),
      ...[...file.code.matchAll(/\b(?:test|it)\s*\(\s*(['"`])/g)].flatMap((match) => vagueName(file, match)),
    ])
}

function vagueName(file: SourceFile, match: RegExpExecArray): readonly Fault[] {
  const start = match.index + match[0].length
  const name = file.text.slice(start, file.code.indexOf(match[1] ?? "'", start))
  if (/\s/.test(name.trim()) && !/^(?:tests?|should|works?)\b/i.test(name)) return []
  return [fault(file, match.index, `'${name}' is no sentence that can be false`)]
}

export type Untested = Readonly<Record<string, string>>

/** Files of `folder` with more than `lines` lines and no test of their own; `except` says by path what tests them instead. */
export function untestedFaults(
  files: readonly SourceFile[],
  folder: string,
  lines: number,
  except: Untested,
): readonly Fault[] {
  const paths = new Set(files.map(({ path }) => path))
  const faults: Fault[] = []
  for (const { path, text } of files) {
    if (!path.startsWith(folder) || isTestFile(path) || text.split('\n').length <= lines) continue
    const test = path.replace(/\.ts$/, '.test.ts')
    if (paths.has(test) || path in except) continue
    faults.push(`${path}: has no ${test.slice(test.lastIndexOf('/') + 1)} beside it`)
  }
  for (const path of Object.keys(except)) {
    if (!paths.has(path)) faults.push(`${path}: is excepted from having a test, but is not there`)
  }
  return faults
}

/** What would make a replay differ or a test impossible, and the only files outside tests that may use it. */
import { type Fault, fault, isIn, isTestFile, type SourceFile } from './source-file.ts'

export type OnlyInRow = {
  readonly what: string
  /** Looked for in code alone, not in comments and texts. */
  readonly pattern: RegExp
  readonly only: readonly string[]
  /** Also of test files; those of `only` excepted. */
  readonly alsoTests: boolean
}

const commandLines = ['console/main.ts', 'schemas/generate.ts', 'schemas/release.ts']

export const onlyInRows: readonly OnlyInRow[] = [
  row(
    'the clock on the wall',
    /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())|(?<![\w.])Date\s*\(\s*\)/g,
    ['topology/kit/clock.ts'],
  ),
  row(
    'a stopwatch',
    /\bperformance\s*\.|\bprocess\s*\.\s*(?:hrtime|uptime|cpuUsage|resourceUsage|memoryUsage)\b/g,
    ['topology/kit/clock.ts', 'console/analyze/analyze.ts'],
  ),
  row('a timer', /\bset(?:Timeout|Interval|Immediate)\b/g, ['topology/kit/clock.ts']),
  {
    what: 'chance',
    pattern: /\bMath\s*\.\s*random\b|\brandom(?:UUID|Bytes|Int|FillSync)\b|\bgetRandomValues\b/g,
    // Where keys lie in a table of hashes is seen by nobody.
    only: ['tests/fuzz/', 'topology/kit/key-rows.ts'],
    alsoTests: true,
  },
  row('the environment', /\bprocess\s*\.\s*env\b|\bprocess\s*\[/g, [
    'console/main.ts',
    'edge-agent/convert/convert.ts',
  ]),
  row('the command line', /\bprocess\s*\.\s*argv\b/g, commandLines),
  row('the exit status', /\bprocess\s*\.\s*(?:exit|exitCode|abort)\b/g, commandLines),
  row('other processes', /\bprocess\s*\.\s*kill\b/g, ['console/results/result-files.ts']),
  row('the terminal', /\bprocess\s*\.\s*(?:stdout|stderr)\b/g, commandLines),
  row('standard input', /\bprocess\s*\.\s*stdin\b/g, ['console/main.ts', 'edge-agent/read/input-set.ts']),
  row('signals', /\bprocess\s*\.\s*(?:on|once)\b/g, ['console/main.ts']),
  row('the folder it was started in', /\bprocess\s*\.\s*(?:cwd|chdir)\b/g, ['console/']),
  row('console', /(?<![\w.])console\s*\.\s*\w/g, ['topology/kit/log.ts']),
  row('code made at run time', /\beval\s*\(|\bnew\s+Function\b/g, []),
]

function row(what: string, pattern: RegExp, only: readonly string[]): OnlyInRow {
  return { what, pattern, only, alsoTests: false }
}

/** From a record to the next topic everything is one synchronous turn: a crash falls between records, never inside one. */
export const synchronousPlaces: readonly string[] = [
  'topology/dsl/',
  'topology/plan/',
  'topology/operators/',
  'processors/stats/',
  'processors/data/',
  'processors/profile/',
  'processors/intel/',
  'processors/enrichment/',
  'processors/detectors/',
  'processors/evidence/',
  'processors/app/',
]

export function onlyInFaults(
  files: readonly SourceFile[],
  rows: readonly OnlyInRow[] = onlyInRows,
): readonly Fault[] {
  return files.flatMap((file) => {
    const faults: Fault[] = []
    for (const { what, pattern, only, alsoTests } of rows) {
      if (only.some((place) => isIn(file.path, place)) || (isTestFile(file.path) && !alsoTests)) continue
      for (const match of file.code.matchAll(pattern)) {
        faults.push(
          fault(file, match.index, `${match[0].trim()}: ${what} is for ${only.join(', ') || 'nobody'} alone`),
        )
      }
    }
    if (synchronousPlaces.some((place) => isIn(file.path, place)) && !isTestFile(file.path)) {
      for (const { index } of file.code.matchAll(/(?<![\w.])(?:await|async)\b/g)) {
        faults.push(
          fault(file, index, 'nothing here may wait: a crash must fall between records, never inside one'),
        )
      }
    }
    return faults
  })
}

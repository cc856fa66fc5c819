import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onlyInFaults } from './only-in.ts'
import { sourceFile } from './source-file.ts'

const faultsIn = (path: string, text: string) => onlyInFaults([sourceFile(path, text)])

describe('only in these files', () => {
  const refused: readonly (readonly [path: string, text: string])[] = [
    ['topology/tasks/x.ts', 'const now = Date.now()'],
    ['topology/tasks/x.ts', 'const now = new Date()'],
    ['topology/tasks/x.ts', 'const now = new Date'],
    ['console/report/x.ts', 'const now = performance.now()'],
    ['topology/tasks/x.ts', 'setTimeout(f, 1)'],
    ['processors/stats/x.ts', 'const r = Math.random()'],
    ['processors/stats/x.test.ts', 'const r = Math.random()'],
    ['processors/evidence/x.ts', 'const id = randomUUID()'],
    ['edge-agent/read/x.ts', 'const home = process.env.HOME'],
    ['edge-agent/read/x.ts', "const home = process['env'].HOME"],
    ['console/analyze/x.ts', 'process.exit(1)'],
    ['console/analyze/x.ts', 'process.exitCode = 1'],
    ['topology/tasks/x.ts', "console.log('a')"],
    ['processors/app/x.ts', 'await f()'],
    ['processors/detectors/x.ts', 'const f = async () => 1'],
    ['schemas/x.ts', "eval('1')"],
  ]
  for (const [path, text] of refused) {
    test(`not in ${path}: ${text}`, () => assert.equal(faultsIn(path, text).length, 1))
  }

  const allowed: readonly (readonly [path: string, text: string])[] = [
    ['topology/kit/clock.ts', 'const now = Date.now()'],
    ['console/analyze/analyze.ts', 'const now = performance.now()'],
    ['console/main.ts', 'process.exit(process.env.X)'],
    ['topology/tasks/x.test.ts', 'const now = Date.now()'],
    ['tests/fuzz/fuzz.ts', 'const seed = Math.random()'],
    ['topology/tasks/x.ts', '// Date.now() is not for here'],
    ['topology/tasks/x.ts', "const says = 'Math.random()'"],
    ['topology/tasks/x.ts', 'const day = new Date(ms)'],
    ['topology/tasks/x.ts', 'report.console.log'],
    ['edge-agent/read/x.ts', 'await f()'],
  ]
  for (const [path, text] of allowed) {
    test(`in ${path}: ${text}`, () => assert.deepEqual(faultsIn(path, text), []))
  }

  test('a fault says the line', () => {
    assert.match(
      faultsIn('topology/x.ts', 'a\nb\n  Date.now()')[0] ?? '',
      /^topology\/x\.ts:3: Date\.now: the clock on the wall is for /,
    )
  })
})

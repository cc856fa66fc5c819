import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { circles, importFaults, importRows, packageRows, rowOf } from './import-rules.ts'
import { type SourceFile, sourceFile } from './source-file.ts'

const exports = new Map([
  ['@weir/schemas', 'schemas/index.ts'],
  ['@weir/topology', 'topology/index.ts'],
  ['@weir/topology/kit', 'topology/kit/index.ts'],
  ['@weir/topology/transport', 'topology/transport/index.ts'],
  ['@weir/processors', 'processors/index.ts'],
  ['@weir/processors/testing', 'processors/testing/index.ts'],
  ['@weir/edge-agent', 'edge-agent/index.ts'],
])

const there: readonly SourceFile[] = [
  ...exports.values(),
  'topology/stores/store.ts',
  'topology/stores/disk-key-value-store.ts',
  'topology/tasks/task.ts',
  'processors/keys.ts',
  'processors/evidence/accumulate.ts',
  'processors/evidence/evidence-types.ts',
  'processors/detectors/detector.ts',
  'processors/stats/entropy.ts',
  'processors/data/known-ports.ts',
  'edge-agent/parsers/zeek.ts',
].map((path) => sourceFile(path, ''))

/** What is wrong with one file at `path`, without its place. */
function wrongs(path: string, text: string): readonly string[] {
  const others = there.filter((file) => file.path !== path)
  return importFaults([...others, sourceFile(path, text)], exports).map((line) => line.replace(/^[^ ]+ /, ''))
}

describe('who may import whom', () => {
  const allowed: readonly (readonly [path: string, text: string])[] = [
    ['processors/detectors/x.ts', "import { bySource } from '../keys.ts'"],
    ['processors/detectors/x.ts', "import type { Conn } from '@weir/schemas'"],
    ['processors/detectors/x.ts', "import { minutes } from '@weir/topology'"],
    ['processors/detectors/x.ts', "import { entropy } from '../stats/entropy.ts'"],
    ['processors/detectors/x.ts', "import { ports } from '../data/known-ports.ts'"],
    ['processors/detectors/x.test.ts', "import { testDetector } from '../testing/index.ts'"],
    ['processors/app/x.ts', "import { Runner } from '@weir/topology'"],
    ['topology/tasks/x.ts', "import { Disk } from '../stores/disk-key-value-store.ts'"],
    ['edge-agent/x.ts', "import type { Producer } from '@weir/topology/transport'"],
    ['edge-agent/x.test.ts', "import { Runner } from '@weir/topology'"],
    ['console/x.ts', "import { detectors } from '@weir/processors'"],
    ['tests/scenarios/x.ts', "import { task } from '../../topology/tasks/task.ts'"],
  ]
  for (const [path, text] of allowed) {
    test(`${path} may: ${text}`, () => assert.deepEqual(wrongs(path, text), []))
  }

  const refused: readonly (readonly [path: string, text: string, why: RegExp])[] = [
    ['schemas/x.ts', "import { minutes } from '@weir/topology'", /schemas\/ may not import topology/],
    [
      'topology/dsl/x.ts',
      "import type { Conn } from '@weir/schemas'",
      /topology\/dsl\/ may not import schemas/,
    ],
    ['topology/operators/x.ts', "import { Task } from '../tasks/task.ts'", /may not import topology\/tasks/],
    ['topology/operators/x.ts', "import { D } from '../stores/disk-key-value-store.ts'", /may not import/],
    ['topology/kit/x.ts', "import { S } from '../stores/store.ts'", /topology\/kit\/ may not import/],
    ['processors/detectors/x.ts', "import { techniques } from '@weir/schemas'", /types of .*and no values/],
    ['processors/detectors/x.ts', "import { Runner } from '@weir/topology'", /and not Runner/],
    [
      'processors/detectors/x.ts',
      "import { a } from '../evidence/accumulate.ts'",
      /may not import processors\/evidence/,
    ],
    ['processors/detectors/x.ts', "import { zeek } from '@weir/edge-agent'", /may not import edge-agent/],
    ['processors/detectors/x.ts', "import { flow } from '../testing/index.ts'", /only for tests/],
    ['processors/stats/x.ts', "import { bySource } from '../keys.ts'", /processors\/stats\/ may not import/],
    ['processors/app/x.ts', "import { zeek } from '@weir/edge-agent'", /may not import edge-agent/],
    ['edge-agent/x.ts', "import { Runner } from '@weir/topology'", /may not import topology\/index/],
    ['edge-agent/x.ts', "import { detectors } from '@weir/processors'", /may not import processors/],
    ['edge-agent/x.test.ts', "import { detectors } from '@weir/processors'", /may not import processors/],
    ['edge-agent/x.ts', "import { a } from '../schemas/index.ts'", /leaves its package/],
    ['topology/tasks/x.ts', "import { a } from '@weir/topology/kit'", /its own package/],
    ['console/x.ts', "import { a } from '@weir/topology/tasks'", /no package exports/],
    ['console/x.ts', "import { a } from './y.ts'", /does not exist/],
    ['elsewhere/x.ts', "import { a } from '@weir/schemas'", /does not know/],
  ]
  for (const [path, text, why] of refused) {
    test(`${path} may not: ${text}`, () => {
      const found = wrongs(path, text)
      assert.equal(found.length, 1)
      assert.match(found[0] ?? '', why)
    })
  }
})

describe('packages', () => {
  const cases: readonly (readonly [path: string, name: string, isAllowed: boolean])[] = [
    ['schemas/codec.ts', 'avsc', true],
    ['schemas/topics.ts', 'avsc', false],
    ['topology/stores/shaped-values.ts', 'msgpackr', true],
    ['topology/stores/x.ts', 'msgpackr', false],
    ['topology/transport/level/x.ts', 'classic-level', true],
    ['topology/tasks/x.ts', 'classic-level', false],
    ['console/x.ts', 'commander', true],
    ['edge-agent/x.ts', 'commander', false],
    ['edge-agent/convert/program.ts', 'node:child_process', true],
    ['edge-agent/read/x.ts', 'node:child_process', false],
    ['processors/detectors/x.ts', 'tldts', true],
    ['edge-agent/parsers/x.ts', 'tldts', false],
    ['processors/detectors/x.ts', 'node:fs', false],
    ['processors/detectors/x.ts', 'node:timers/promises', false],
    ['processors/detectors/x.test.ts', 'node:test', true],
    ['processors/detectors/x.ts', 'node:test', false],
    ['console/x.ts', 'left-pad', false],
  ]
  for (const [path, name, isAllowed] of cases) {
    test(`${path} may ${isAllowed ? '' : 'not '}use ${name}`, () => {
      assert.equal(wrongs(path, `import { a } from '${name}'`).length, isAllowed ? 0 : 1)
    })
  }

  test('no package stands in the table twice', () => {
    const names = packageRows.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
  })
})

describe('rows', () => {
  test('the row that names a file most closely is its own', () => {
    assert.equal(
      rowOf('processors/detectors/detector.ts', importRows)?.place,
      'processors/detectors/detector.ts',
    )
    assert.equal(rowOf('processors/detectors/x.ts', importRows)?.place, 'processors/detectors/')
    assert.equal(rowOf('console/results/x.ts', importRows)?.place, 'console/')
    assert.equal(rowOf('helm/x.ts', importRows), null)
  })

  test('a circle of imports is found, and named with every step', () => {
    const rows = ['a/', 'b/', 'c/'].map((place) => ({ place, may: [] }))
    const circle = [
      sourceFile('a/x.ts', "import { y } from '../b/y.ts'"),
      sourceFile('b/y.ts', "import type { z } from '../c/z.ts'"),
      sourceFile('c/z.ts', "import { x } from '../a/x.ts'"),
    ]
    assert.deepEqual(circles(circle, exports, rows), ['a/ → b/ → c/ → a/'])
    assert.deepEqual(circles(circle.slice(0, 2), exports, rows), [])
  })

  test('a test may look back without making a circle', () => {
    const rows = ['a/', 'b/'].map((place) => ({ place, may: [] }))
    const files = [
      sourceFile('a/x.ts', "import { y } from '../b/y.ts'"),
      sourceFile('b/y.test.ts', "import { x } from '../a/x.ts'"),
    ]
    assert.deepEqual(circles(files, exports, rows), [])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeFaults, machinePathFaults, nameFaults, testFaults, untestedFaults } from './habits.ts'
import { sourceFile } from './source-file.ts'

describe('names', () => {
  const bad = [
    'a/utils.ts',
    'a/helpers/b.ts',
    'a/string-utils.ts',
    'a/types.ts',
    'a/common.md',
    'a/base.test.ts',
    'a/portScan.ts',
    'a/Port.ts',
    'a/port_scan.ts',
    'a/task-manager.ts',
  ]
  for (const path of bad) test(`${path} is refused`, () => assert.equal(nameFaults([path]).length, 1))

  const good = [
    'a/port-scan.ts',
    'a/port-scan.test.ts',
    'a/evidence-types.ts',
    'a/zeek.captures.test.ts',
    'a/README.md',
    'schemas/json/alert.schema.json',
  ]
  for (const path of good) test(`${path} is fine`, () => assert.deepEqual(nameFaults([path]), []))
})

describe('code', () => {
  const bad = [
    'export default 1',
    'const a = b as any',
    'function f(a: any) {}',
    'const a: Map<string, any> = b',
    'const a: any[] = []',
    'export { a as default }',
    'enum A { B }',
    'test.only(a)',
    `// @ts-${'ignore'}`,
    `// TO${'DO'} later`,
  ]
  for (const text of bad) {
    test(`${text} is refused`, () => assert.equal(codeFaults([sourceFile('a/b.ts', text)]).length, 1))
  }

  const good = [
    '// any of these',
    "const a = 'any'",
    'Promise.any(a)',
    'const company = 1',
    'f({ any: 1 })',
    'const a = b as const',
    "import a from 'b'",
  ]
  for (const text of good) {
    test(`${text} is fine`, () => assert.deepEqual(codeFaults([sourceFile('a/b.ts', text)]), []))
  }
})

test('a folder of one machine is found in code and prose', () => {
  const folder = ['', 'home', 'x'].join('/')
  assert.equal(machinePathFaults(new Map([['a.md', `line\nsee ${folder}/y`]])).length, 1)
  assert.match(machinePathFaults(new Map([['a.md', `line\nsee ${folder}/y`]]))[0] ?? '', /^a\.md:2: /)
  assert.deepEqual(machinePathFaults(new Map([['a.md', 'https://example.com/home/x and ./work/x']])), [])
})

describe('tests', () => {
  const faultsIn = (text: string) => testFaults([sourceFile('a/b.test.ts', text)])

  test('one without an assertion is refused', () => {
    assert.equal(faultsIn("test('a b is c', () => f())").length, 1)
    assert.equal(faultsIn("// assert.ok(a)\ntest('a b is c', () => f())").length, 1)
    assert.deepEqual(faultsIn("test('a b is c', () => assert.ok(f()))"), [])
    assert.deepEqual(faultsIn('testDetector(a, { quiet: {}, loud: {} })'), [])
  })

  test('a name that cannot be false is refused', () => {
    assert.equal(faultsIn("test('range', () => assert.ok(f()))").length, 1)
    assert.equal(faultsIn("test('test range 1', () => assert.ok(f()))").length, 1)
    assert.deepEqual(faultsIn("test('a range is half-open', () => assert.ok(f()))"), [])
  })
})

test('a file without a test of its own is found from its length on, unless something else tests it', () => {
  const long = 'a\n'.repeat(40)
  const files = [
    sourceFile('d/a.ts', long),
    sourceFile('d/a.test.ts', ''),
    sourceFile('d/b.ts', long),
    sourceFile('d/c.ts', 'short'),
    sourceFile('d/d.ts', long),
  ]
  const except = { 'd/d.ts': 'a.test.ts', 'd/gone.ts': 'nothing' }
  assert.deepEqual(untestedFaults(files, 'd/', 30, except), [
    'd/b.ts: has no b.test.ts beside it',
    'd/gone.ts: is excepted from having a test, but is not there',
  ])
})

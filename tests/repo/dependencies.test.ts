import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dependencyFaults } from './dependencies.ts'
import { sourceFile } from './source-file.ts'

const exports = new Map([['@weir/b/c', 'b/c.ts']])

function faults(text: string, dependencies: Readonly<Record<string, string>>, path = 'a/x.ts') {
  return dependencyFaults(
    [sourceFile(path, text)],
    new Map([['a', { name: '@weir/a', dependencies }]]),
    exports,
  )
}

test('what a folder needs is among its dependencies', () => {
  assert.deepEqual(
    faults("import d from 'd'\nimport { c } from '@weir/b/c'", { d: '1.0.0', '@weir/b': '*' }),
    [],
  )
  assert.match(faults("import d from 'd'", {})[0] ?? '', /a\/x\.ts needs d/)
  assert.match(faults("import { c } from '@weir/b/c'", {})[0] ?? '', /needs @weir\/b/)
})

test('what only a test needs is not', () => {
  assert.deepEqual(faults("import d from 'd'", {}, 'a/x.test.ts'), [])
})

test('a dependency that nothing needs is a fault', () => {
  assert.deepEqual(faults('', { d: '1.0.0' }), ['a/package.json: nothing needs d'])
})

test('a dependency that may change by itself is a fault', () => {
  assert.deepEqual(faults("import d from 'd'", { d: '^1.0.0' }), ['a/package.json: d is not pinned: ^1.0.0'])
})

test('what a package exports is there', () => {
  const manifest = { name: '@weir/a', exports: { '.': './index.ts', './x': './x.ts' } }
  assert.deepEqual(dependencyFaults([sourceFile('a/x.ts', '')], new Map([['a', manifest]]), exports), [
    'a/package.json: exports ./index.ts, which does not exist',
  ])
})

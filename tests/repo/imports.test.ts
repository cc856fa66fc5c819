import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, targetOf } from './imports.ts'
import { sourceFile } from './source-file.ts'

function asked(text: string): readonly (readonly [string, readonly string[]])[] {
  return importsOf(sourceFile('a/b/c.ts', text)).map(({ specifier, names }) => [specifier, names])
}

test('every way to import is found with the values it asks for', () => {
  assert.deepEqual(asked("import a, { b, type C, d as e } from './f.ts'"), [
    ['./f.ts', ['b', 'd', 'default']],
  ])
  assert.deepEqual(asked("import * as a from 'b'"), [['b', ['*']]])
  assert.deepEqual(asked("import 'a'"), [['a', ['*']]])
  assert.deepEqual(asked("export { a } from './b.ts'\nexport * from './c.ts'"), [
    ['./b.ts', ['a']],
    ['./c.ts', ['*']],
  ])
  assert.deepEqual(asked("import {\n  a,\n  b,\n} from '../c.ts'"), [['../c.ts', ['a', 'b']]])
  assert.deepEqual(asked("const a = await import('b')"), [['b', ['*']]])
})

test('an import of types alone asks for no value', () => {
  assert.deepEqual(asked("import type { A } from './b.ts'"), [['./b.ts', []]])
  assert.deepEqual(asked("import { type A, type B } from './b.ts'"), [['./b.ts', []]])
  assert.deepEqual(asked("export type { A } from './b.ts'"), [['./b.ts', []]])
  assert.deepEqual(asked("type A = typeof import('b')"), [['b', []]])
  assert.ok(importsOf(sourceFile('a.ts', "import type A from 'b'")).every(({ isTypeOnly }) => isTypeOnly))
})

test('what stands in comments and texts is no import', () => {
  assert.deepEqual(asked("// import a from 'b'\nconst c = \"import d from 'e'\""), [])
})

test('an import leads to a file of Weir, a package or Node itself', () => {
  const file = sourceFile('a/b/c.ts', '')
  const exports = new Map([['@weir/topology/kit', 'topology/kit/index.ts']])
  const to = (specifier: string) => targetOf(file, specifier, exports)
  assert.deepEqual(to('../d.ts'), { kind: 'weir', path: 'a/d.ts', byName: false })
  assert.deepEqual(to('@weir/topology/kit'), { kind: 'weir', path: 'topology/kit/index.ts', byName: true })
  assert.equal(to('@weir/topology/tasks').kind, 'nowhere')
  assert.deepEqual(to('node:fs'), { kind: 'node', name: 'node:fs' })
  assert.deepEqual(to('ajv/dist/2020.js'), { kind: 'package', name: 'ajv' })
  assert.deepEqual(to('@a/b/c'), { kind: 'package', name: '@a/b' })
})

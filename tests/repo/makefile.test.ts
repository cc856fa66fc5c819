import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { matchesGlob } from 'node:path'
import { test } from 'node:test'
import { readTexts, root } from './checkout.ts'
import { targetsNamedIn, targetsOf, testPatterns } from './makefile.ts'

const texts = readTexts()

test('targets are read off a Makefile', () => {
  assert.deepEqual(targetsOf('a: b ## Does a.\n$(STAMP): x\nV := 1\nw:=1\nc-d:\n\tnode x: y\n'), ['a', 'c-d'])
})

test('targets are read off a text, where they are code', () => {
  assert.deepEqual(targetsNamedIn('We make bread. `make check test`\n```\n$ x\nmake fuzz SECONDS=5\n```\n'), [
    'check',
    'test',
    'fuzz',
  ])
})

test('a pattern that the shell would open is told from one that Node opens', () => {
  assert.deepEqual(testPatterns("npm ci\nnode --test --x 'a/**/*.test.ts' 'b'/**/*.test.ts\n"), {
    quoted: ['a/**/*.test.ts'],
    unquoted: ["'b'/**/*.test.ts"],
  })
})

test('every make target that a README names is there', () => {
  const targets = new Set(targetsOf(texts.get('Makefile') ?? ''))
  assert.ok(targets.has('test'))
  for (const [path, text] of texts) {
    if (!path.endsWith('.md')) continue
    for (const named of targetsNamedIn(text))
      assert.ok(targets.has(named), `${path}: there is no make ${named}`)
  }
})

test('make test runs every test file', (context) => {
  const { stdout, error } = spawnSync('make', ['-n', 'test-unit', 'test-scenarios', 'test-kafka'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (error !== undefined) return context.skip('make is not installed')
  const { quoted, unquoted } = testPatterns(stdout)
  assert.deepEqual(unquoted, [], 'these are opened by the shell, for which ** is a single folder')
  const left = [...texts.keys()].filter(
    (path) => path.endsWith('.test.ts') && !quoted.some((pattern) => matchesGlob(path, pattern)),
  )
  assert.deepEqual(left, [])
})

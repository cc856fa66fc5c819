import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { discover } from './discover.ts'
import { folderOf } from './test-parser.ts'

const code = (wanted: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === wanted

describe('paths', () => {
  test('stand for every file below, hidden ones left out, by name and then by path', async (t) => {
    const folder = folderOf(t, { 'b.log': '', 'a.log': '', '.hidden': '' })
    mkdirSync(join(folder, 'deep/er'), { recursive: true })
    mkdirSync(join(folder, '.git'))
    writeFileSync(join(folder, 'deep/er/a.log'), '')
    writeFileSync(join(folder, '.git/c.log'), '')
    const { found, folders } = await discover([folder])
    const below = found.map(({ path }) => path.slice(folder.length + 1))
    assert.deepEqual(below, ['a.log', 'deep/er/a.log', 'b.log'])
    assert.equal(folders.get(folder)?.length, 3)
  })

  test('give each file once, whatever the order and the links', async (t) => {
    const folder = folderOf(t, { 'a.log': 'x' })
    symlinkSync('a.log', join(folder, 'current.log'))
    symlinkSync('.', join(folder, 'round'))
    const one = await discover([folder, join(folder, 'current.log'), join(folder, 'a.log')])
    const other = await discover([join(folder, 'a.log'), join(folder, 'current.log'), folder])
    assert.deepEqual(one.found, other.found)
    assert.equal(one.found.length, 1)
    assert.deepEqual([one.found[0]?.given, one.found[0]?.name], [true, 'a.log'])
  })

  test('left out are left out of folders, and read when they are named', async (t) => {
    const folder = folderOf(t, { 'a.log': 'x', 'evidence.jsonl': 'y' })
    mkdirSync(join(folder, 'state'))
    writeFileSync(join(folder, 'state/000.log'), '')
    const leaveOut = [join(folder, 'evidence.jsonl'), join(folder, 'state'), join(folder, 'not-there')]
    const names = async (paths: readonly string[]) =>
      (await discover(paths, leaveOut)).found.map(({ name }) => name)
    assert.deepEqual(await names([folder]), ['a.log'])
    assert.deepEqual(await names([folder, join(folder, 'evidence.jsonl')]), ['a.log', 'evidence.jsonl'])
  })

  test('in a folder, broken links and pipes are listed with the reason', async (t) => {
    const folder = folderOf(t, { 'a.log': 'x' })
    symlinkSync('nowhere', join(folder, 'broken.log'))
    execFileSync('mkfifo', [join(folder, 'pipe.log')])
    const { found } = await discover([folder])
    assert.deepEqual(
      found.map((one) => [one.name, one.passedOver]),
      [
        ['a.log', null],
        ['broken.log', 'broken-link'],
        ['pipe.log', 'not-a-file'],
      ],
    )
  })

  test('that cannot be read are errors which name them', async (t) => {
    const folder = folderOf(t, { 'a.log': 'x' })
    symlinkSync('nowhere', join(folder, 'broken.log'))
    await assert.rejects(discover([]), code('EDGE_INPUT_NONE'))
    await assert.rejects(discover([join(folder, 'missing.log')]), /missing\.log' does not exist/)
    await assert.rejects(discover([join(folder, 'a.log/b.log')]), code('EDGE_INPUT_MISSING'))
    await assert.rejects(discover([join(folder, 'broken.log')]), code('EDGE_INPUT_BROKEN_LINK'))
    await assert.rejects(discover(['/dev/null']), /'\/dev\/null' is a device/)
  })

  test('of folders that go away while they are read are errors too', async (t) => {
    const folder = folderOf(t, {})
    rmSync(folder, { recursive: true })
    await assert.rejects(discover([folder]), code('EDGE_INPUT_MISSING'))
  })
})

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLevel } from './open-level.ts'
import { StateDirectory } from './state-directory.ts'

const bytes = (...values: readonly number[]) => new Uint8Array(values)

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-state-'))
  try {
    await work(join(folder, 'state'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function keysOf(state: StateDirectory, store: string, partition: number): Promise<string[]> {
  const keys: string[] = []
  for await (const portion of state.values(store, partition).keys()) keys.push(...portion)
  return keys
}

test('entries and position are there again when it is opened again, each store and partition its own', () =>
  inFolder(async (folder) => {
    const first = await StateDirectory.open(folder, 'app')
    const position = { topicId: 't', offset: 12, atMs: 5 }
    await first.apply([
      { store: 's', partition: 255, entries: new Map([['a', bytes(1)]]), position },
      { store: 's', partition: 256, entries: new Map([['b', bytes(2)]]), position: null },
    ])
    await first.apply([
      {
        store: 's',
        partition: 255,
        entries: new Map([
          ['a', null],
          ['c', bytes(3)],
        ]),
        position: null,
      },
    ])
    await first.close()
    const second = await StateDirectory.open(folder, 'app')
    assert.deepEqual(second.position('s', 255), position)
    assert.equal(second.position('s', 256), null)
    assert.deepEqual(await keysOf(second, 's', 255), ['c'])
    assert.deepEqual(await keysOf(second, 's', 256), ['b'])
    await second.clear('s', 255)
    assert.equal(second.position('s', 255), null)
    assert.deepEqual(await keysOf(second, 's', 255), [])
    assert.deepEqual(await keysOf(second, 's', 256), ['b'])
    await second.close()
  }))

test('it is refused to another application, and to a topology that lacks one of its stores', () =>
  inFolder(async (folder) => {
    const state = await StateDirectory.open(folder, 'app')
    const position = { topicId: 't', offset: 1, atMs: 5 }
    await state.apply([{ store: 'app-s-changelog', partition: 3, entries: new Map(), position }])
    assert.doesNotThrow(() => state.checkStores(() => 4))
    assert.throws(() => state.checkStores(() => 3), { code: 'TOPO_STATE_FOREIGN' })
    assert.throws(() => state.checkStores(() => undefined), { code: 'TOPO_STATE_FOREIGN' })
    await state.close()
    await assert.rejects(StateDirectory.open(folder, 'other'), { code: 'TOPO_STATE_FOREIGN' })
    const again = await StateDirectory.open(folder, 'app')
    await again.close()
  }))

test('a directory with a database of another kind is left alone', () =>
  inFolder(async (folder) => {
    const db = await openLevel(folder)
    await db.put(bytes(120, 1), bytes(1))
    await db.close()
    await assert.rejects(StateDirectory.open(folder, 'app'), { code: 'TOPO_STATE_FOREIGN' })
  }))

test('in use, damaged and not to be opened are told apart', () =>
  inFolder(async (folder) => {
    const state = await StateDirectory.open(folder, 'app')
    await assert.rejects(StateDirectory.open(folder, 'app'), { code: 'TOPO_STATE_LOCKED' })
    await state.close()
    await writeFile(join(folder, 'CURRENT'), 'garbage')
    await assert.rejects(StateDirectory.open(folder, 'app'), { code: 'TOPO_STATE_DAMAGED' })
    const file = `${folder}-file`
    await writeFile(file, '')
    await assert.rejects(StateDirectory.open(file, 'app'), { code: 'TOPO_STATE_UNUSABLE' })
  }))

test('damage that only shows when the damaged part is read is told as damage', () =>
  inFolder(async (folder) => {
    const state = await StateDirectory.open(folder, 'app')
    const entries = new Map(
      Array.from({ length: 2_000 }, (_, at) => [`k${at}`, new Uint8Array(500).fill(at)]),
    )
    const position = { topicId: 't', offset: 1, atMs: 5 }
    await state.apply([{ store: 'app-s-changelog', partition: 0, entries, position }])
    await state.close()
    // Opened again, what lay in the log is put into a table.
    await (await StateDirectory.open(folder, 'app')).close()
    const tables = (await readdir(folder)).filter((name) => name.endsWith('.ldb'))
    assert.ok(tables.length > 0)
    for (const name of tables) {
      const path = join(folder, name)
      const whole = await readFile(path)
      await writeFile(path, whole.fill(7, 2_000, Math.floor(whole.length / 2)))
    }
    const read = async () => {
      const damaged = await StateDirectory.open(folder, 'app')
      try {
        const values = damaged.values('app-s-changelog', 0)
        for await (const portion of values.keys()) for (const key of portion) values.get(key)
      } finally {
        await damaged.close()
      }
    }
    await assert.rejects(read(), { code: 'TOPO_STATE_DAMAGED' })
  }))

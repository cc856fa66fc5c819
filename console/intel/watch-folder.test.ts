import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { listed } from '@weir/processors/testing'
import type { Clock, Log } from '@weir/topology/kit'
import { folderWith } from '../testing/weir-run.ts'
import { IndicatorStore } from './indicator-store.ts'
import { plainOptions, type SourceHeader } from './source-file.ts'
import { watchFolder } from './watch-folder.ts'

const header = (feed: string, source: string): SourceHeader => ({
  source,
  options: { feed, ...plainOptions },
  etag: '',
  lastModified: '',
  hash: '',
  checkedMs: 0,
  accepted: 1,
  rejected: {},
})

test('a file that is damaged and one that is none of ours are named once, and the others are looked for', async (t) => {
  const folder = join(folderWith(t), 'intel')
  const store = new IndicatorStore(folder)
  store.put(header('one', 'a'), [listed('ip', '44.4.4.4', { feed: 'one' })])
  const said: string[] = []
  const say = (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
    assert.ok(!('error' in fields), 'no stack traces')
    said.push([event, fields.file ?? fields.indicators].join(' '))
  }
  const log: Log = { debug: say, info: say, warn: say, error: say, with: () => log }
  const uses: string[] = []
  const ending = new AbortController()
  const steps = [
    () => {
      store.put(header('one', 'a'), [
        listed('ip', '44.4.4.4', { feed: 'one' }),
        listed('ip', '44.4.4.5', { feed: 'one' }),
      ])
      mkdirSync(join(folder, 'two'))
      writeFileSync(join(folder, 'two', 'bad.jsonl'), '{"half')
      writeFileSync(join(folder, 'mine.csv'), '44.4.4.6\n')
    },
    () => {},
    () => store.put(header('three', 'c'), [listed('ip', '44.4.4.7', { feed: 'three' })]),
    () => {},
    () => ending.abort(),
  ]
  const clock: Clock = {
    nowMs: () => 0,
    sleep: async () => steps.shift()?.(),
    monotonicMs: () => 0,
  }
  await watchFolder(
    folder,
    (table, unreadable) => {
      const has = ['44.4.4.4', '44.4.4.5', '44.4.4.7'].filter((ip) => table.address(ip, 0) !== null)
      uses.push(`${has.join(' ')}; ${unreadable}`)
    },
    { log, signal: ending.signal, clock },
  )
  assert.deepEqual(uses, ['44.4.4.4 44.4.4.5; 1', '44.4.4.4 44.4.4.5 44.4.4.7; 1'])
  assert.deepEqual(said, [
    'indicator-file-not-read mine.csv',
    `indicator-file-unreadable ${join(folder, 'two', 'bad.jsonl')}`,
    'indicators-reloaded 2',
    'indicators-reloaded 3',
  ])
})

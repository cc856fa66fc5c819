import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from '../analyze/settings.ts'
import { folderWith } from '../testing/weir-run.ts'
import { settingsMark } from './settings-mark.ts'

const run = { idleMs: 60_000, alertsJson: true, intel: false }
type Options = Parameters<typeof readSettings>[0]

const markOf = (options: Partial<Options> = {}, of: Partial<typeof run> = {}) =>
  settingsMark(readSettings({ out: 'out', ...options }), { ...run, ...of })

const differing = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
  Object.keys(a).filter((name) => a[name] !== b[name])

test('processes that are set alike have one mark, wherever they keep their things', (t) => {
  const [here, there] = ['a', 'b'].map(() => folderWith(t, { 'rules.csv': 'ip,10.0.0.5,both,alerts\n' }))
  const alike = (folder = '') =>
    markOf({ out: folder, whitelist: `${folder}/rules.csv`, homeNet: ['10.0.0.0/8', '192.168.0.0/16'] })
  assert.deepEqual(alike(here), alike(there))
})

test('each setting that results depend on changes what is named after it, and nothing else', (t) => {
  const folder = folderWith(t, {
    'rules.csv': 'ip,10.0.0.5,both,alerts\n',
    'detector.yaml': 'detectors:\n  port-zero:\n    enabled: false\n',
    'weight.yaml': 'alertWeight: 2\n',
  })
  const plain = markOf()
  const changed = (...of: Parameters<typeof markOf>) => differing(plain, markOf(...of))
  assert.deepEqual(changed({ homeNet: ['10.0.0.0/8'] }), ['home networks'])
  assert.deepEqual(changed({ whitelist: `${folder}/rules.csv` }), ['whitelist'])
  assert.deepEqual(changed({ config: `${folder}/weight.yaml` }), ['alert weight'])
  assert.deepEqual(changed({}, { idleMs: Number.POSITIVE_INFINITY }), ['idle time'])
  assert.deepEqual(changed({}, { alertsJson: false }), ['alerts as JSON'])
  assert.deepEqual(changed({}, { intel: true }), ['indicators'])
  assert.ok(changed({ window: '5m' }).includes('window'))
  assert.deepEqual(changed({ partitions: '4' }), [])
})

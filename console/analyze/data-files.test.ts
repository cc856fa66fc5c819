import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { useDataLists } from '@weir/processors'
import { readSettings } from './settings.ts'

describe('data files of the settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-data-'))
  after(() => {
    rmSync(folder, { recursive: true })
    useDataLists({})
  })
  const config = join(folder, 'weir.yaml')
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const settings = (text: string) => {
    writeFileSync(config, text)
    return readSettings({ out: join(folder, 'out'), config })
  }
  const serversOf = (text: string) =>
    settings(text).detectors.find(({ detector }) => detector.id === 'dns-over-https')?.config.servers

  test('are found beside the settings file, and their hash tells one analysis from another', () => {
    write('ports.txt', 'tcp 4444')
    const first = settings('data: { known-ports: ports.txt }').data
    assert.match(first['known-ports'] ?? '', /^[0-9a-f]{16}$/)
    write('ports.txt', 'tcp 4445')
    assert.notDeepEqual(settings('data: { known-ports: ports.txt }').data, first)
    assert.deepEqual(settings('').data, {})
  })

  test('are the defaults of settings, and what is set for a detector itself goes before them', () => {
    write('doh.txt', 'doh.ours.example')
    assert.deepEqual(serversOf('data: { doh-servers: doh.txt }'), ['doh.ours.example'])
    assert.deepEqual(
      serversOf(
        '{ data: { doh-servers: doh.txt }, detectors: { dns-over-https: { servers: [b.example] } } }',
      ),
      ['b.example'],
    )
    write('popular.txt', 'Ours.example')
    assert.deepEqual(
      settings('{ popularSites: lower, data: { popular-domains: popular.txt } }').popularDomains,
      ['ours.example'],
    )
  })

  test('that are missing, wrong or of no list are errors that say where', () => {
    assert.throws(() => settings('data: { known-ports: none.txt }'), /none\.txt cannot be read/)
    write('bad.txt', 'tcp 80\nhttp')
    assert.throws(
      () => settings('data: { known-ports: bad.txt }'),
      /bad\.txt of known-ports has wrong lines: line 2/,
    )
    assert.throws(() => settings('data: { known-port: bad.txt }'), /no list 'known-port'.*known-ports/)
    assert.throws(() => settings('data: [bad.txt]'), /must map lists to files/)
  })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { detectors } from '@weir/processors'
import { WeirError } from '@weir/topology/kit'
import { exitStatus } from '../exit-status.ts'
import { type AnalyzeOptions, readSettings } from './settings.ts'

/** The message of the error that these options give, which must be one of wrong usage. */
function complaint(options: Partial<AnalyzeOptions>): string {
  try {
    readSettings({ out: 'out', ...options })
  } catch (error) {
    assert.ok(error instanceof WeirError)
    assert.equal(exitStatus(error), 2)
    assert.notEqual(error.fix, '')
    return error.message
  }
  throw new assert.AssertionError({ message: `${JSON.stringify(options)} is not refused` })
}

function fileOf(t: { after(work: () => void): void }, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-settings-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'file'), text)
  return join(folder, 'file')
}

describe('settings of an analysis', () => {
  test('have defaults', () => {
    const settings = readSettings({ out: 'out' })
    assert.equal(settings.windowMs, 3_600_000)
    assert.equal(settings.direction, 'out')
    assert.equal(settings.site, 'default')
    assert.equal(settings.minLevel, 'low')
    assert.equal(settings.store, 'memory')
    assert.equal(settings.partitions, 1)
    assert.equal(settings.inputKind, null)
    assert.deepEqual(settings.homeNetworks, [])
    assert.equal(settings.detectors.length, detectors.length)
  })

  for (const [options, said] of [
    [{ window: '5' }, /^--window '5' must be a time such as 90s, 30m, 1h or 1d/],
    [{ window: '0s' }, /^--window '0s' must be a time/],
    [{ window: '32d' }, /at most 31d$/],
    [{ window: '-1h' }, /^--window/],
    [{ homeNet: ['10.0.0.0/8', '10.0.0'] }, /^--home-net '10\.0\.0' must be an address range/],
    [{ homeNet: ['10.0.0.0/33'] }, /^--home-net/],
    [{ direction: 'in' }, /^--direction 'in' must be one of out, all/],
    [{ site: 'a|b' }, /^--site 'a\|b' must be/],
    [{ site: '' }, /^--site/],
    [{ inputKind: 'zek' }, /^--input-kind 'zek' must be one of .*zeek.* \(did you mean zeek\?\)/],
    [{ inputTimezone: '+2' }, /^--input-timezone '\+2' must be UTC or an offset such as \+02:00/],
    [{ inputTimezone: '+02:75' }, /^--input-timezone/],
    [{ minLevel: 'hgih' }, /^--min-level 'hgih' must be one of info, low, medium, high, critical/],
    [{ store: 'ssd' }, /^--store 'ssd' must be one of memory, disk/],
    [{ partitions: '0' }, /^--partitions '0' must be a whole number from 1 to 1024/],
    [{ partitions: '1e2' }, /^--partitions/],
    [{ partitions: '' }, /^--partitions/],
    [{ out: '' }, /^--out '' must name a folder/],
    [{ store: 'disk', stateDir: '' }, /^--state-dir '' must name a folder/],
    [{ stateDir: 'x' }, /^--state-dir is only used with --store disk/],
    [{ config: '/no/such/file' }, /^\/no\/such\/file cannot be read: it does not exist$/],
    [{ config: tmpdir() }, /cannot be read: it is a folder$/],
    [{ whitelist: '/no/such/file' }, /^\/no\/such\/file cannot be read: it does not exist$/],
    [{ site: '\u001b[31m' }, /^--site '\\x1b\[31m'/],
  ] as const) {
    test(`refuse ${JSON.stringify(options)} in a sentence`, () => {
      const message = complaint(options)
      assert.match(message, said)
      assert.ok(!message.includes('\n'))
    })
  }

  test('every wrong option is named at once', () => {
    const message = complaint({ window: 'x', site: 'a b', minLevel: 'x', partitions: 'x', direction: 'x' })
    for (const option of ['--window', '--site', '--min-level', '--partitions', '--direction'])
      assert.ok(message.includes(`${option} '`), option)
  })

  test('wrong lines of a whitelist are refused', (t) => {
    assert.match(complaint({ whitelist: fileOf(t, 'frob\n') }), /the whitelist .* has wrong lines: line 1/)
  })

  test('the weight of an alert is what is set, and narrow windows do not raise it', (t) => {
    const thresholdOf = (alertWeight: string, window: string) =>
      readSettings({ out: 'out', window, config: fileOf(t, `alertWeight: ${alertWeight}\n`) }).threshold
    assert.equal(thresholdOf('0.1', '1h'), 0.1)
    assert.equal(thresholdOf('0.1', '5m'), 0.1)
    assert.equal(thresholdOf('0.2', '4h'), 0.4)
    assert.equal(thresholdOf('0.8', '5m'), 0.4)
    assert.equal(thresholdOf('0.8', '1h'), 0.8)
  })

  test('are those of the file where the command line says nothing', (t) => {
    const config = fileOf(
      t,
      'site: plant-3\nwindow: 5m\ngrace: 2h\nhomeNetworks: [10.0.0.0/8]\ndirection: all\nalertWeight: 2\n',
    )
    const settings = readSettings({ out: 'out', config })
    assert.equal(settings.site, 'plant-3')
    assert.equal(settings.windowMs, 300_000)
    assert.equal(settings.graceMs, 7_200_000)
    assert.deepEqual(settings.homeNetworks, ['10.0.0.0/8'])
    assert.equal(settings.direction, 'all')
    assert.ok(settings.threshold > readSettings({ out: 'out', window: '5m' }).threshold)
    const typed = readSettings({
      out: 'out',
      config,
      site: 'b',
      window: '1d',
      homeNet: ['fd00::/8'],
      direction: 'out',
    })
    assert.deepEqual(
      [typed.site, typed.windowMs, typed.homeNetworks, typed.direction],
      ['b', 86_400_000, ['fd00::/8'], 'out'],
    )
  })

  test('the order of home networks and their repetition make no difference', () => {
    const one = readSettings({ out: 'out', homeNet: ['fd00::/8', '10.0.0.0/8', 'fd00::/8'] })
    assert.deepEqual(one.homeNetworks, ['10.0.0.0/8', 'fd00::/8'])
  })

  test('state lies beside the results, however their folder is written', () => {
    for (const out of ['out', 'out/', './out//'])
      assert.equal(readSettings({ out, store: 'disk' }).stateDir, resolve('out.state'))
    assert.equal(readSettings({ out: 'out', store: 'disk', stateDir: 's' }).stateDir, 's')
  })

  test('zones are minutes east of UTC', () => {
    for (const [inputTimezone, minutes] of [
      ['UTC', 0],
      ['Z', 0],
      ['+02:00', 120],
      ['-0930', -570],
      ['-00:00', 0],
    ] as const)
      assert.equal(readSettings({ out: 'out', inputTimezone }).timezoneMinutes, minutes)
  })
})

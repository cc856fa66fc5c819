import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Network } from '@weir/processors'
import { type Evidence, evidenceLine, type Level } from '@weir/schemas'
import { evidence } from '../../testing/findings.ts'
import { folderWith } from '../../testing/weir-run.ts'
import { homeNetworksOf, suspectedServers } from './suspected-servers.ts'

function line(
  ip: string,
  level: Level,
  { port = 443, ...given }: { port?: number | null } & Partial<Evidence> = {},
): string {
  const dst = { ip, port, names: [], mac: '' }
  const own = { type: 'BEACON', proto: 'tcp', tsMs: 5_000, ...given }
  return `${evidenceLine(evidence({ id: 'a'.repeat(32), level, dst, ...own }))}\n`
}

describe('servers that evidence names', () => {
  const named = async (
    t: { after(work: () => void): void },
    lines: readonly string[],
    home: string[] = [],
  ) => {
    const folder = folderWith(t, { 'evidence.jsonl': lines.join('') })
    const { servers, calledByOthers } = await suspectedServers(folder, new Network(home))
    const others = calledByOthers === 0 ? [] : [`${calledByOthers} called by others`]
    return [...servers.map(({ ip, port, level }) => `${ip} ${port} ${level}`), ...others]
  }

  test('nothing of the house, of weight none, of datagrams or without a port', async (t) => {
    const lines = [
      line('10.0.0.77', 'high'),
      line('127.0.0.1', 'high'),
      line('224.0.0.5', 'high'),
      line('fd00::7', 'high'),
      line('44.4.4.4', 'info'),
      line('44.4.4.4', 'high', { proto: 'udp' }),
      line('44.4.4.4', 'high', { port: null }),
      line('44.4.4.4', 'high', { port: 0 }),
    ]
    assert.deepEqual(await named(t, lines), [])
    assert.deepEqual(await named(t, [line('44.4.4.4', 'high')], ['44.4.0.0/16', '10.0.0.0/8']), [])
  })

  test('no victim of a scan, of guessing or of a bot, whoever of them tells', async (t) => {
    const lines = [
      line('44.4.4.4', 'high', { type: 'HORIZONTAL_PORT_SCAN', port: 445 }),
      line('44.4.4.4', 'high', { type: 'VERTICAL_PORT_SCAN' }),
      line('44.4.4.4', 'high', { type: 'PASSWORD_GUESSING', port: 22 }),
      line('44.4.4.4', 'high', { type: 'MULTIPLE_RECONNECTION_ATTEMPTS' }),
      line('44.4.4.4', 'high', { type: 'UNKNOWN_PORT', facts: { established: false } }),
    ]
    assert.deepEqual(await named(t, lines), [])
    assert.deepEqual(await named(t, [...lines, line('44.4.4.4', 'low')]), ['44.4.4.4 443 low'])
  })

  test('none that strangers call: they are counted, as are no victims of strangers', async (t) => {
    const profile = '45.9.9.9'
    const lines = [
      line('44.4.4.1', 'high', { profile }),
      line('44.4.4.1', 'high', { profile }),
      line('44.4.4.2', 'high', { profile }),
      line('44.4.4.3', 'high', { profile, type: 'VERTICAL_PORT_SCAN' }),
      line('44.4.4.2', 'low'),
    ]
    assert.deepEqual(await named(t, lines), ['44.4.4.2 443 low', '1 called by others'])
    assert.deepEqual(await named(t, lines, ['45.9.9.0/24']), ['44.4.4.1 443 high', '44.4.4.2 443 high'])
  })

  test('the gravest first, then the earliest, each server once', async (t) => {
    const lines = [
      line('44.4.4.1', 'low', { tsMs: 1_000 }),
      line('44.4.4.2', 'medium', { tsMs: 9_000 }),
      line('44.4.4.3', 'medium', { tsMs: 8_000 }),
      line('44.4.4.1', 'high', { tsMs: 20_000 }),
      line('44.4.4.2', 'info', { tsMs: 500 }),
      line('44.4.4.3', 'low', { port: 8443 }),
      line('2a00:1450::7', 'low', { tsMs: 6_000 }),
    ]
    assert.deepEqual(await named(t, lines), [
      '44.4.4.1 443 high',
      '44.4.4.3 443 medium',
      '44.4.4.2 443 medium',
      '44.4.4.3 8443 low',
      '2a00:1450::7 443 low',
    ])
  })

  test('a folder without results is an error, as are results that are none', async (t) => {
    await assert.rejects(suspectedServers(folderWith(t), new Network([])), { code: 'CONSOLE_UNREADABLE' })
    await assert.rejects(named(t, ['{"id":1}\n']), { code: 'CONSOLE_UNREADABLE' })
  })
})

test('what the analysis took for home is home, where its summary says so', (t) => {
  const of = (text: string) => homeNetworksOf(folderWith(t, { 'summary.json': text }))
  assert.deepEqual(of('{"settings":{"homeNetworks":["44.4.0.0/16","x",7]}}'), ['44.4.0.0/16'])
  for (const text of ['', '[]', '{}', '{"settings":null}', '{"settings":{"homeNetworks":"44.4.0.0/16"}}'])
    assert.deepEqual(of(text), [], text)
  assert.deepEqual(homeNetworksOf(folderWith(t)), [])
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { type Command, CommanderError } from 'commander'
import type { Terminal } from '../terminal.ts'
import { folderWith, run } from '../testing/weir-run.ts'
import { analyzeCommand } from './analyze.ts'
import { configSchemaCommand } from './config-schema.ts'
import { detectorsCommand } from './detectors.ts'
import { intelCommand } from './intel.ts'
import { processorsCommand } from './processors.ts'
import { shipCommand } from './ship.ts'
import { tailCommand } from './tail.ts'
import { topicsCommand } from './topics.ts'

function terminalFor(written: string[]): Terminal {
  const screen = { write: (text: string) => written.push(text) }
  return {
    out: screen,
    err: screen,
    stdin: (async function* () {})(),
    env: {},
    version: '0.0.0',
    interruption: new AbortController().signal,
    endsGently: () => {},
  }
}

async function printed(
  make: (terminal: Terminal) => Command,
  parameters: readonly string[],
): Promise<string> {
  const written: string[] = []
  const command = make(terminalFor(written))
    .exitOverride()
    .configureOutput({ writeOut: (text) => written.push(text) })
  await command.parseAsync(parameters, { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error
  })
  return written.join('')
}

/** What a command that cannot begin says, and where it says to look. */
async function complaint(
  make: (terminal: Terminal) => Command,
  parameters: readonly string[],
): Promise<string> {
  try {
    await printed(make, parameters)
  } catch (error) {
    assert.ok(error instanceof WeirError, String(error))
    return `${error.message}. ${error.fix}`
  }
  throw new assert.AssertionError({ message: `${parameters.join(' ')} is not refused` })
}

describe('a command on a cluster', () => {
  test('names all that is wrong with its options at once, and itself', async () => {
    const wrong = ['--until-idle', 'abc', '--commit-ms', '10001', '--standbys', '-1', '--partitions', '0']
    const said = await complaint(processorsCommand, [...wrong, '--http', 'x', '--guarantee', 'none'])
    for (const part of [
      "--until-idle 'abc' must be a time",
      "--commit-ms '10001' must be a whole number from 1 to 10000",
      "--standbys '-1' must be a whole number",
      "--partitions '0' must be a whole number",
      "not 'x'",
      "--guarantee 'none' must be one of exactly-once, at-least-once",
      '--brokers, WEIR_BROKERS or kafka.brokers',
    ]) {
      assert.ok(said.includes(part), said)
    }
    assert.ok(said.endsWith("See 'weir processors --help'."), said)
  })

  test('refuses options that would be ignored', async () => {
    const said = await complaint(shipCommand, ['x', '--source', 'n', '--partitions', '0', '--brokers', 'a:1'])
    assert.match(said, /--source is only used with --final.*--partitions '0'.*'weir ship --help'/)
    const standbys = ['--standbys', '1', '--brokers', 'a:1']
    assert.match(await complaint(processorsCommand, standbys), /--standbys needs --state-dir/)
  })

  test('of several words is named whole', async () => {
    const said = await complaint(topicsCommand, ['create', '--partitions', '0', '--replication-factor', '0'])
    assert.match(said, /--replication-factor '0'.*--brokers.*--partitions '0'.*'weir topics create --help'/)
  })

  test('does not wait for a folder that the system does not let be made', async () => {
    const said = await complaint(processorsCommand, ['--brokers', 'a:1', '--state-dir', '/proc/x/y'])
    assert.match(said, /^the state directory \/proc\/x\/y cannot be used: it does not exist\. Choose another/)
  })
})

describe('each subcommand', () => {
  for (const [name, make] of [
    ['analyze', analyzeCommand],
    ['detectors', detectorsCommand],
    ['config-schema', configSchemaCommand],
    ['intel', intelCommand],
    ['processors', processorsCommand],
    ['ship', shipCommand],
    ['tail', tailCommand],
    ['topics', topicsCommand],
  ] as const) {
    test(`${name} has help with examples`, async () => {
      const help = await printed(make, ['--help'])
      assert.ok(help.startsWith(`Usage: ${name} `), help)
      assert.ok(help.includes(`\nExamples:\n  weir ${name}`), help)
    })
  }

  test('analyze tells of every option, the files it writes and the exit status', async () => {
    const help = await printed(analyzeCommand, ['--help'])
    for (const part of [
      ...['--out', '--window', '--home-net', '--direction', '--site', '--input-kind', '--input-timezone'],
      ...[
        '--whitelist',
        '--intel',
        '--config',
        '--min-level',
        '--store',
        '--state-dir',
        '--partitions',
        '--json',
        '--quiet',
      ],
      ...[
        'evidence.jsonl',
        'alerts.jsonl',
        'suppressed.jsonl',
        'rejects.jsonl',
        'summary.json',
        'Exit status: 0',
      ],
    ])
      assert.ok(help.includes(part), part)
  })
})

describe('commands whose topics are of all applications', () => {
  test('refuse to be told of one, with the reason', (t) => {
    const folder = folderWith(t)
    for (const words of [
      ['allowlist', 'list'],
      ['allowlist', 'add', 'ip', '192.0.2.1'],
      ['intel', 'list'],
      ['ship', 'logs'],
    ]) {
      const { status, out, err } = run(folder, [...words, '--application-id', 'canary'])
      assert.deepEqual([status, out], [2, ''])
      assert.match(err, /--application-id.*allowlist are of all applications on these brokers: leave it out/)
    }
  })
})

describe('weir config-schema', () => {
  test('prints what it then finds current, and nothing else so', async (t) => {
    const folder = folderWith(t, { 'stale.json': '{}' })
    const fresh = join(folder, 'fresh.json')
    writeFileSync(fresh, await printed(configSchemaCommand, []))
    assert.equal(await printed(configSchemaCommand, ['--check', fresh]), '')
    for (const [path, code] of [
      ['stale.json', 'CONSOLE_STALE_SCHEMA'],
      ['missing.json', 'CONSOLE_UNREADABLE'],
    ] as const) {
      await assert.rejects(
        printed(configSchemaCommand, ['--check', join(folder, path)]),
        (error) => error instanceof WeirError && error.code === code,
      )
    }
  })
})

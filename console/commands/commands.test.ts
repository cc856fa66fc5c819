import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { type Command, CommanderError } from 'commander'
import type { Terminal } from '../terminal.ts'
import { folderWith } from '../testing/weir-run.ts'
import { analyzeCommand } from './analyze.ts'
import { configSchemaCommand } from './config-schema.ts'
import { detectorsCommand } from './detectors.ts'
import { intelCommand } from './intel.ts'

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

describe('each subcommand', () => {
  for (const [name, make] of [
    ['analyze', analyzeCommand],
    ['detectors', detectorsCommand],
    ['config-schema', configSchemaCommand],
    ['intel', intelCommand],
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

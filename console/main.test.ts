import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { widthOf } from './report/text-width.ts'
import { folderWith, linesOf, run, scanLog, start, weir } from './testing/weir-run.ts'

const results = ['alerts.jsonl', 'evidence.jsonl', 'rejects.jsonl', 'summary.json', 'suppressed.jsonl']

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)

function assertValid(name: string, text: string): void {
  const path = join(import.meta.dirname, `../schemas/json/${name}.schema.json`)
  const schema = JSON.parse(readFileSync(path, 'utf8'))
  const validate = ajv.getSchema(schema.$id) ?? ajv.compile(schema)
  assert.ok(validate(JSON.parse(text)), `${JSON.stringify(validate.errors)} in ${text}`)
}

describe('weir analyze', () => {
  test('writes four files of their schemas, prints exactly the summary with --json, and reads no file twice', (t) => {
    const bad = `${scanLog(1).trimEnd().replace('"C0"', '7').slice(0, 40)}${'x'.repeat(5000)}\n`
    const folder = folderWith(t, { 'logs/conn.log': `${scanLog(120)}${bad}` })
    const log = join(folder, 'logs/conn.log')
    const ran = run(folder, [
      'analyze',
      'logs',
      'logs',
      log,
      '--out',
      'found/',
      '--json',
      '--min-level',
      'info',
    ])
    assert.deepEqual([ran.status, ran.err], [0, ''])
    const found = join(folder, 'found')
    assert.deepEqual(readdirSync(found), results)
    assert.equal(ran.out, readFileSync(join(found, 'summary.json'), 'utf8'))

    assertValid('summary', ran.out)
    const summary = JSON.parse(ran.out)
    assert.equal(summary.inputs.length, 1)
    const [input] = summary.inputs
    assert.deepEqual([input.lines, input.accepted, summary.records], [121, { conn: 120 }, 120])
    assert.equal(
      Object.values<number>(input.rejected).reduce((sum, n) => sum + n, 0),
      1,
    )

    const rejects = linesOf(join(found, 'rejects.jsonl'))
    assert.equal(rejects.length, 1)
    assertValid('reject', rejects[0] ?? '')
    const reject = JSON.parse(rejects[0] ?? '')
    assert.deepEqual([reject.line, Buffer.byteLength(reject.text)], [121, 1024])

    const evidence = linesOf(join(found, 'evidence.jsonl'))
    const alerts = linesOf(join(found, 'alerts.jsonl'))
    for (const line of evidence) assertValid('evidence', line)
    for (const line of alerts) assertValid('alert', line)
    assert.deepEqual([evidence.length, alerts.length], [summary.evidence.total, summary.alerts.total])
    assert.ok(summary.evidence.byType.VERTICAL_PORT_SCAN > 0)
    assert.equal(summary.alerts.byHost[0]?.profile, '10.0.0.5')
  })

  test('says nothing that a rule of the whitelist keeps quiet, and leaves it with its rule in suppressed.jsonl', (t) => {
    const rule = 'ip,10.0.0.5,src,alerts'
    const folder = folderWith(t, {
      'conn.log': scanLog(120),
      'quiet.csv': `${rule},2030-12-31,the scanner of the house\nip,10.0.0.9,dst,alerts,2001-01-01,long over\n`,
    })
    const plain = run(folder, ['analyze', 'conn.log', '--out', 'plain', '--quiet'])
    const ran = run(folder, ['analyze', 'conn.log', '--whitelist', 'quiet.csv', '--json'])
    assert.deepEqual([plain.status, plain.err, ran.status, ran.err], [0, '', 0, ''])
    const held = linesOf(join(folder, 'out', 'suppressed.jsonl'))
    for (const line of linesOf(join(folder, 'plain', 'evidence.jsonl'))) assertValid('evidence', line)
    for (const line of held) assertValid('suppressed', line)
    assert.deepEqual(linesOf(join(folder, 'out', 'evidence.jsonl')), [])
    assert.deepEqual(
      held,
      linesOf(join(folder, 'plain', 'evidence.jsonl')).map((line) => `{"rule":"${rule}","evidence":${line}}`),
    )
    assert.ok(held.length > 0)
    assert.deepEqual(JSON.parse(ran.out).suppressed, { [rule]: held.length })
  })

  test('reads standard input, and off a terminal prints a plain report and no progress', (t) => {
    const folder = folderWith(t)
    const ran = run(folder, ['analyze', '-'], scanLog(120))
    assert.deepEqual([ran.status, ran.err], [0, ''])
    assert.equal(ran.out, stripVTControlCharacters(ran.out))
    assert.match(
      ran.out,
      /^120 records from 1 input, 2024-05-13 08:00 to 08:02 UTC \(2 min\)\n\n1 alert against 1 host\n/,
    )
    assert.match(ran.out, /\n10\.0\.0\.5 {3}1 alert, weight /)
    assert.match(
      ran.out,
      /\nResults: out\/evidence\.jsonl out\/alerts\.jsonl out\/suppressed\.jsonl out\/rejects\.jsonl out\/summary\.json\n$/,
    )
  })

  test('prints nothing with --quiet, and replaces what an earlier analysis found', (t) => {
    const folder = folderWith(t, {
      'conn.log': scanLog(3),
      'out/alerts.jsonl': 'old\n',
      'out/mine.txt': 'mine',
    })
    const ran = run(folder, ['analyze', 'conn.log', '--quiet', '--json'])
    assert.deepEqual(ran, { status: 0, out: '', err: '' })
    assert.equal(readFileSync(join(folder, 'out/alerts.jsonl'), 'utf8'), '')
    assert.deepEqual(readdirSync(join(folder, 'out')).sort(), [...results, 'mine.txt'].sort())
  })

  test('takes settings from a file, and finds the same with its own results among its inputs', (t) => {
    const config = 'detectors:\n  vertical-port-scan: false\nsite: plant-3\n'
    const folder = folderWith(t, { 'conn.log': scanLog(120), 'weir.yaml': config })
    const first = run(folder, ['analyze', '.', '--config', 'weir.yaml', '--json'])
    const again = run(folder, ['analyze', '.', '--config', 'weir.yaml', '--json'])
    assert.deepEqual([first.status, again.status, again.err], [0, 0, ''])
    const [one, two] = [JSON.parse(first.out), JSON.parse(again.out)]
    assert.equal(one.evidence.byType.VERTICAL_PORT_SCAN, undefined)
    assert.equal(one.settings.site, 'plant-3')
    assert.deepEqual([two.evidence, two.records], [one.evidence, one.records])
    assert.ok(one.inputs.every(({ path }: { path: string }) => !path.includes('.tmp')))
  })

  const captures = join(
    process.env.WEIR_DATA ?? join(import.meta.dirname, '../../shared/data'),
    'slips-samples',
  )
  test('writes lines of their schemas for real captures too', {
    skip: !existsSync(captures) && 'needs the captures that WEIR_DATA names',
  }, (t) => {
    const folder = folderWith(t)
    const names = ['test9-mixed-zeek-dir', 'test4-malicious.binetflow', 'test6-malicious.suricata.json']
    const ran = run(folder, ['analyze', ...names.map((name) => join(captures, name)), '--json'])
    assert.deepEqual([ran.status, ran.err], [0, ''])
    assertValid('summary', ran.out)
    for (const [file, name] of [
      ['evidence.jsonl', 'evidence'],
      ['alerts.jsonl', 'alert'],
    ] as const) {
      const lines = linesOf(join(folder, 'out', file))
      assert.ok(lines.length > 0, file)
      for (const line of lines) assertValid(name, line)
    }
  })

  for (const [what, parameters, status, said] of [
    ['input that is not there', ['no-such.log'], 2, /^weir: input 'no-such\.log' does not exist\. .+\n$/],
    ['empty standard input', ['-'], 2, /^weir: input '-' is empty\. .+\n$/],
    [
      'wrong options',
      ['conn.log', '--window', 'x'],
      2,
      /^weir: --window 'x' must .+ See 'weir analyze --help'\.\n$/,
    ],
    ['no input', [], 2, /^weir: missing required argument 'paths'\. See 'weir analyze --help'\.\n$/],
    [
      'results where a file is',
      ['conn.log', '-o', 'conn.log'],
      2,
      /^weir: --out wants a folder, and conn\.log is something else\. Name another folder: .+\n$/,
    ],
    [
      'results below a file',
      ['conn.log', '-o', 'conn.log/out'],
      2,
      /^weir: --out wants a folder, and .+\/conn\.log is something else\. .+\n$/,
    ],
    [
      'state where a file is',
      ['conn.log', '--store', 'disk', '--state-dir', 'conn.log'],
      2,
      /^weir: --state-dir wants a folder, and conn\.log is something else\. .+\n$/,
    ],
  ] as const) {
    test(`with ${what} ends with ${status} and a sentence, and leaves results and folders as they were`, (t) => {
      const old = { 'out/summary.json': 'old' }
      const folder = folderWith(t, { 'conn.log': scanLog(3), ...old })
      const ran = run(folder, ['analyze', ...parameters])
      assert.match(ran.err, said)
      assert.deepEqual([ran.status, ran.out], [status, ''])
      assert.deepEqual(readdirSync(folder).sort(), ['conn.log', 'out'])
      assert.deepEqual(readdirSync(join(folder, 'out')), ['summary.json'])
      assert.equal(readFileSync(join(folder, 'out/summary.json'), 'utf8'), 'old')
    })
  }

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`ended by ${signal} leaves what was there, and ends with ${status}`, async (t) => {
      const folder = folderWith(t, { 'out/summary.json': 'old' })
      const out = join(folder, 'out')
      const child = start(folder, ['analyze', '-', '--out', 'out'])
      const exited = once(child, 'exit')
      child.stdin?.write(scanLog(200))
      while (!readdirSync(out).some((name) => name.startsWith('rejects.jsonl.'))) await delay(20)
      child.kill(signal)
      assert.deepEqual(await exited, [status, null])
      assert.deepEqual(readdirSync(out), ['summary.json'])
      assert.equal(readFileSync(join(out, 'summary.json'), 'utf8'), 'old')
    })
  }

  const script = spawnSync('script', ['-qec', 'true', '/dev/null'], { encoding: 'utf8' })
  test('on a terminal shows progress, colour where it is wanted, and nothing wider than it', {
    skip: script.status !== 0 && 'needs the program script',
  }, (t) => {
    // The longer one takes long enough for progress to be told of.
    const folder = folderWith(t, { 'conn.log': scanLog(120), 'long.log': scanLog(25_000) })
    const onTerminal = (command: string) =>
      run(folder, ['-qec', `stty cols 50 && ${command}`, '/dev/null'], '', 'script')
    const both = onTerminal(`'${weir}' analyze long.log`)
    assert.equal(both.status, 0)
    assert.ok(both.out.includes('\u001b[?25h'), 'the cursor is given back')
    assert.match(both.out, /%.*records\/s/)
    assert.ok(both.out.includes('\u001b[1m25,000 records'))

    const plain = onTerminal(`NO_COLOR=1 '${weir}' analyze conn.log 2>/dev/null`)
    assert.equal(plain.out, stripVTControlCharacters(plain.out))
    const lines = plain.out.split(/\r?\n/)
    assert.ok(lines.includes(`    jq -c 'select(.profile == "10.0.0.5")' out/evidence.jsonl`), plain.out)
    for (const line of lines) if (!line.startsWith('    jq ')) assert.ok(widthOf(line) <= 50, line)

    const quiet = onTerminal(`'${weir}' analyze conn.log --quiet`)
    assert.deepEqual([quiet.status, quiet.out], [0, ''])
  })
})

describe('weir', () => {
  test('runs from any folder and through symbolic links, one of which leads to another', (t) => {
    const folder = folderWith(t)
    mkdirSync(join(folder, 'bin'))
    symlinkSync(weir, join(folder, 'absolute'))
    symlinkSync('../absolute', join(folder, 'bin/weir'))
    symlinkSync(relative(join(folder, 'bin'), weir), join(folder, 'bin/relative'))
    for (const path of ['bin/weir', 'bin/relative']) {
      const ran = run(folder, ['--version'], '', join(folder, path))
      assert.match(ran.out, /^\d+\.\d+\.\d+\n$/)
      assert.deepEqual([ran.status, ran.err], [0, ''])
    }
  })

  test('without a subcommand tells of all of them; an unknown one is told apart', (t) => {
    const folder = folderWith(t)
    const bare = run(folder, [])
    assert.deepEqual([bare.status, bare.out], [2, ''])
    for (const name of ['analyze', 'detectors', 'config-schema', 'Examples:'])
      assert.ok(bare.err.includes(name), name)
    const unknown = run(folder, ['analyz'])
    assert.deepEqual(unknown, {
      status: 2,
      out: '',
      err: "weir: unknown command 'analyz' (Did you mean analyze?). See 'weir --help'.\n",
    })
  })

  test('says that its report was lost on a full disk, and leaves the results', {
    skip: !existsSync('/dev/full') && 'needs /dev/full',
  }, (t) => {
    const folder = folderWith(t, { 'conn.log': scanLog(3) })
    const inShell = (command: string) => run(folder, ['-c', command], '', 'sh')
    const lost = inShell(`'${weir}' analyze conn.log >/dev/full`)
    assert.equal(lost.status, 1)
    assert.match(lost.err, /^weir: what was to be printed cannot be written: the disk is full\. /)
    assert.deepEqual(readdirSync(join(folder, 'out')), results)
    assert.equal(inShell(`'${weir}' analyze conn.log --out closed >&-`).status, 0)
    assert.deepEqual(readdirSync(join(folder, 'closed')), results)
    assert.equal(inShell(`'${weir}' analyze missing.log 2>/dev/full`).status, 2)
  })

  test('a reader that stops listening is no error', async (t) => {
    const child = start(folderWith(t), ['detectors', '--json'])
    let said = ''
    child.stderr?.on('data', (text) => {
      said += String(text)
    })
    child.stdout?.destroy()
    const [status] = await once(child, 'close')
    assert.deepEqual([status, said], [0, ''])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { Evidence } from '@weir/schemas'
import { alert, evidence, hourMs, startMs, summary } from '../testing/findings.ts'
import type { EvidenceGroup } from './evidence-groups.ts'
import { report } from './report.ts'
import type { ReportData, ReportHost } from './report-data.ts'
import { styleFor } from './style.ts'
import { widthOf } from './text-width.ts'

const plain = styleFor(false, {})
const colour = styleFor(true, {})

function group(item: Evidence, times = 1): EvidenceGroup {
  return { evidence: item, times, firstMs: item.tsMs - (times - 1) * 1000 }
}

function host(fields: Partial<ReportHost> = {}): ReportHost {
  return {
    site: 'default',
    profile: '10.0.0.5',
    names: ['ws-5'],
    alerts: 1,
    alertWeight: 1.5,
    weight: 1.7,
    types: new Map([['VERTICAL_PORT_SCAN', 3]]),
    ...fields,
  }
}

function data(fields: Partial<ReportData> = {}): ReportData {
  return {
    summary: summary(),
    coverage: { fromMs: startMs, toMs: startMs + hourMs },
    alerts: [
      {
        alert: alert({ id: 'a1', evidence: ['e1', 'e2', 'e3', 'e4'] }),
        evidence: [group(evidence({ id: 'e1', tsMs: startMs + 61_000 }), 3)],
      },
    ],
    hosts: [
      host(),
      host({
        profile: '185.60.124.90',
        names: [],
        alerts: 0,
        alertWeight: 0,
        weight: 0.25,
        types: new Map([['DATA_UPLOAD', 2]]),
      }),
    ],
    minLevel: 'low',
    out: 'out',
    ...fields,
  }
}

const hostile = '\u001b]0;owned\u0007\u001b[2J\r\n\u009b31m\u202eevil'

function hostileData(): ReportData {
  return data({
    summary: summary({
      inputs: [
        {
          path: `logs/${hostile}.log`,
          kind: 'zeek',
          passedOver: null,
          lines: 1,
          accepted: {},
          skipped: {},
          rejected: { [hostile]: 1 },
        },
      ],
      suppressed: { [hostile]: 2 },
    }),
    alerts: [
      {
        alert: alert({ id: 'a1', techniques: [hostile] }),
        evidence: [group(evidence({ id: 'e1', description: hostile.repeat(5) }))],
      },
    ],
    hosts: [host({ names: [hostile] })],
    out: `out${hostile}`,
  })
}

describe('the report', () => {
  test('tells what was read, the alerts with what is behind them, the rest, the ledger and what to do next', () => {
    const text = report(data(), { width: 100, style: plain })
    assert.equal(
      text,
      `1,000 records from 1 input, 2024-05-13 08:00 to 09:00 UTC (1 h)

1 alert against 1 host

10.0.0.5 (ws-5)   1 alert, weight 1.5
  HIGH      08:00 to 09:00   weight 1.5 (alert at 0.8), confidence 0.75
    T1046 Network Service Discovery
    08:01:01  medium    10.0.0.5 tried 6 tcp ports of 10.0.0.9 (3 findings since 08:00:59)
    and 1 more of less weight

1 host without an alert, with evidence of level low or above (weights of all windows together)
  185.60.124.90  DATA_UPLOAD 2  weight 0.25

3 pieces of evidence: 1 high, 2 medium
  VERTICAL_PORT_SCAN 3

1 input, 1,010 lines
  path           kind             lines   accepted    skipped   rejected
  logs/conn.log  zeek             1,010      1,000          9          1
  rejected: bad-time 1
  1,000 records in 0.5 s (2,000/s), 0.4 s of CPU, 120 MB of memory

All evidence on 10.0.0.5: jq -c 'select(.profile == "10.0.0.5")' out/evidence.jsonl
The rejected lines, with their reasons: out/rejects.jsonl
Results: out/evidence.jsonl out/alerts.jsonl out/suppressed.jsonl out/rejects.jsonl out/summary.json
`,
    )
  })

  test('says that there is nothing, where there is nothing', () => {
    const nothing = summary({
      inputs: [],
      records: 0,
      evidence: { total: 0, byDetector: {}, byLevel: {}, byType: {} },
      alerts: { total: 0, byHost: [] },
    })
    const text = report(data({ summary: nothing, coverage: null, alerts: [], hosts: [] }), {
      width: 80,
      style: plain,
    })
    assert.match(
      text,
      /^0 records from 0 inputs\n\nNo alerts\.\n\n0 pieces of evidence\n\n0 inputs, 0 lines\n/,
    )
    assert.match(text, /Nothing was analysed/)
  })

  test('gives days only where the input covers more than one', () => {
    const oneDay = report(data(), { width: 100, style: plain })
    assert.match(oneDay, /HIGH {6}08:00 to 09:00/)
    const toMs = startMs + 24 * hourMs
    const twoDays = report(data({ coverage: { fromMs: startMs, toMs } }), { width: 100, style: plain })
    assert.match(twoDays, /HIGH {6}2024-05-13 08:00 to 09:00/)
    assert.match(twoDays, /2024-05-13 08:00 to 2024-05-14 08:00 UTC \(1 d\)/)
  })

  test('no line but what is to be copied is wider than the terminal, from 40 to 300 columns, whatever the network says', () => {
    for (const what of [data(), hostileData()]) {
      for (let width = 40; width <= 300; width += 13) {
        for (const line of report(what, { width, style: colour }).split('\n')) {
          const columns = widthOf(stripVTControlCharacters(line))
          if (/^ {4}(?:jq -c |'?out\S*\.jsonl?'?$)/.test(stripVTControlCharacters(line))) continue
          assert.ok(columns <= width, `${columns} columns in ${width}: ${line}`)
        }
      }
    }
  })

  test('is the same text with colour and without, but for the colour', () => {
    const styled = report(data(), { width: 90, style: colour })
    assert.notEqual(styled, stripVTControlCharacters(styled))
    assert.equal(stripVTControlCharacters(styled), report(data(), { width: 90, style: plain }))
  })

  test('lets no control character of the network through', () => {
    for (const width of [40, 100]) {
      const text = report(hostileData(), { width, style: plain })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      assert.match(text.replace(/\s/g, ''), /\\x1b\[2J/)
    }
  })

  test('stays short however much was found, and says how much is left out', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      host({ profile: `10.0.${i >> 8}.${i & 255}`, alerts: 9 }),
    )
    const others = Array.from({ length: 500 }, (_, i) => host({ profile: `fd00::${i}`, alerts: 0 }))
    const inputs = Array.from({ length: 500 }, (_, i) => ({
      path: `logs/conn.${i}.log`,
      kind: 'zeek',
      passedOver: null,
      lines: i,
      accepted: { conn: i },
      skipped: {},
      rejected: i === 3 ? { 'bad-time': 1 } : {},
    }))
    const byHost = many.map(({ profile }) => ({ site: 'default', profile, alerts: 9, weight: 1 }))
    const alerts = many.slice(0, 20).flatMap(({ profile }) =>
      Array.from({ length: 9 }, (_, i) => ({
        alert: alert({ id: `${profile}-${i}`, profile, evidence: Array.from({ length: 1000 }, String) }),
        evidence: [group(evidence({ id: 'e', profile }))],
      })),
    )
    const text = report(
      data({
        summary: summary({ inputs, alerts: { total: 4500, byHost } }),
        alerts,
        hosts: [...many, ...others],
      }),
      { width: 100, style: plain },
    )
    assert.ok(text.split('\n').length < 300, text)
    for (const said of [
      '4,500 alerts against 500 hosts',
      'and 490 more hosts with alerts',
      'and 4 more alerts of less weight',
      'and 999 more of less weight',
      '500 hosts without an alert',
      'and 492 more',
      'and 488 more inputs',
    ])
      assert.ok(text.includes(said), said)
    assert.match(text, /logs\/conn\.3\.log/)
    assert.match(text, /logs\/conn\.499\.log/)
  })

  test('gives a hint for what was not shown, not judged or too late, and none without a reason', () => {
    const quiet = report(data(), { width: 120, style: plain })
    for (const hint of ['--min-level', '--direction', 'grace', 'twice'])
      assert.ok(!quiet.includes(hint), hint)
    const loud = report(
      data({
        summary: summary({
          late: { 'port-zero': 4 },
          outsiders: 1200,
          lateEvidence: 2,
          repeated: 1_234,
          flooded: { 'unknown-port': 7 },
          whitelisted: { 'ip,10.0.0.5,both,flows': 3 },
          detectorErrors: { 'gre-tunnel': 1 },
          evidence: { total: 8, byDetector: {}, byLevel: { info: 7, low: 1 }, byType: {} },
        }),
      }),
      { width: 120, style: plain },
    )
    for (const said of [
      '7 pieces of evidence below level low are not shown: add --min-level info',
      '1,200 records of hosts outside the home networks were not judged: --direction all',
      'a longer grace',
      'too late for their window: port-zero 4',
      'told of twice: 1,234 connections. A log may be among the inputs more than once',
      'too late for an alert: 2 pieces of evidence',
      'evidence beyond what one host may cause in a window: unknown-port 7',
      'records that the whitelist kept from detection: ip,10.0.0.5,both,flows 3',
      'records that a detector failed on: gre-tunnel 1',
    ])
      assert.ok(loud.includes(said), said)
  })

  test('breaks no command and no path, however narrow the terminal', () => {
    const out = `/srv/${'a long folder name/'.repeat(6)}out`
    for (const width of [40, 80]) {
      const lines = report(data({ out }), { width, style: plain }).split('\n')
      assert.ok(
        lines.includes(`    jq -c 'select(.profile == "10.0.0.5")' '${out}/evidence.jsonl'`),
        lines.join('\n'),
      )
      for (const name of ['evidence.jsonl', 'alerts.jsonl', 'rejects.jsonl', 'summary.json'])
        assert.ok(lines.includes(`    '${out}/${name}'`), name)
    }
  })

  test('quotes for the shell what a shell would not take as it is', () => {
    const text = report(data({ out: "my 'out'/" }), { width: 300, style: plain })
    assert.ok(text.includes(`'my '\\''out'\\''/evidence.jsonl'`), text)
  })
})

describe('style', () => {
  test('is plain off a terminal, where NO_COLOR is set, and on a dumb terminal', () => {
    for (const style of [
      styleFor(false, {}),
      styleFor(true, { NO_COLOR: '1' }),
      styleFor(true, { TERM: 'dumb' }),
    ]) {
      assert.equal(style.bold('x') + style.dim('y') + style.level('critical', 'z'), 'xyz')
    }
    for (const style of [styleFor(true, {}), styleFor(true, { NO_COLOR: '' })])
      assert.notEqual(style.level('critical', 'z'), 'z')
  })
})

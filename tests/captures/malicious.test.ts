import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareLevels, type EvidenceType } from '@weir/processors'
import type { CanonicalEvidence } from '@weir/schemas'
import { analyzed, type Found, ifPresent } from './capture.ts'
import { type MaliciousSource, maliciousSources } from './malicious-sources.ts'

/** Who comes from the internet tries ports, and tries the one it wants again and again. */
const attacks: readonly EvidenceType[] = [
  'VERTICAL_PORT_SCAN',
  'HORIZONTAL_PORT_SCAN',
  'MULTIPLE_RECONNECTION_ATTEMPTS',
  'PASSWORD_GUESSING',
]

/**
 * Captures whose flows are labelled one by one; each holds at least one host that is malicious as a source. By what the labels say that a host did, the
 * evidence that is a reason to hold it against the host: any other, however true, does not count as having found it.
 */
const captures: Readonly<Record<string, Readonly<Record<string, readonly EvidenceType[]>>>> = {
  // Orders asked for again and again, at a port of no service in wide use.
  'labelled/001-zeek-scenario-malicious/labeled-conn.log': { CC: ['BEACON', 'UNKNOWN_PORT', 'LONG_CONTACT'] },
  'labelled/008-zeek-mixed/data': { 'External-Attack-to-Device': attacks },
  // One of these does nothing but to try one closed port every 36 seconds.
  'labelled/010-zeek-mixed/data': { 'External-Attack-to-Device': [...attacks, 'BEACON'] },
  'labelled/011-zeek-mixed/data': { 'External-Attack-to-Device': attacks },
  // Thousands of questions over DNS, all made alike, and a flood of one web server; the labels have no details.
  'labelled/argus-test5': { '': ['DNS_RUSH', 'STROBE'] },
  // An IRC channel of orders, a flow each few seconds; then floods with made-up ports, and scans.
  'labelled/iot23-34-1': {
    'C&C': ['BEACON'],
    DDoS: ['STROBE', 'PORT_0_CONNECTION'],
    PartOfAHorizontalPortScan: ['HORIZONTAL_PORT_SCAN'],
  },
}

/** A host with fewer flows that are labelled malicious may have done next to nothing. */
const MIN_FLOWS = 50
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const MAX_DELAY_MS = 30 * MINUTE_MS

for (const [path, reasons] of Object.entries(captures)) {
  test(
    `${path}: every host of more than ${MIN_FLOWS} malicious flows is found while it acts, for what it did, within half an hour`,
    ifPresent(path),
    async (t) => {
      const sources = await maliciousSources(path)
      const judged = [...sources.values()]
        .filter(({ flows }) => flows > MIN_FLOWS)
        .sort((a, b) => b.flows - a.flows)
      assert.ok(judged.length > 0, 'no host to judge: the labels were not read')
      const found = await analyzed(path)
      const unnamed = judged.flatMap(({ details }) =>
        [...details].filter((detail) => reasons[detail] === undefined),
      )
      assert.deepEqual(unnamed, [], 'labels of which no reason is known')
      const rows = judged.map((source) => ({ source, first: firstFinding(source, found, reasons) }))
      t.diagnostic('host | malicious flows | as labelled | first finding | minutes after the first flow')
      for (const row of rows) t.diagnostic(lineOf(row))
      const missed = rows.filter(
        ({ source, first }) => first === undefined || first.tsMs - source.firstMs > MAX_DELAY_MS,
      )
      assert.deepEqual(missed.map(lineOf), [])
    },
  )
}

type Finding = { readonly tsMs: number; readonly what: string }

/** The first that was held against the host while it acted and has to do with what it did: evidence of level medium or above. */
function firstFinding(
  { ip, firstMs, lastMs, details }: MaliciousSource,
  { evidence }: Found,
  reasons: Readonly<Record<string, readonly string[]>>,
): Finding | undefined {
  const endMs = (Math.floor(lastMs / HOUR_MS) + 1) * HOUR_MS
  const types = new Set([...details].flatMap((detail) => reasons[detail] ?? []))
  return evidence
    .filter((one) => one.profile === ip && isHeld(one) && types.has(one.type))
    .map(({ tsMs, type, detector, level }) => ({ tsMs, what: `${level} ${type} (${detector})` }))
    .filter(({ tsMs }) => tsMs >= firstMs && tsMs < endMs)
    .sort((a, b) => a.tsMs - b.tsMs)
    .at(0)
}

function isHeld({ level, attacker }: CanonicalEvidence): boolean {
  return attacker.direction === 'src' && compareLevels(level, 'medium') >= 0
}

function lineOf({
  source,
  first,
}: {
  readonly source: MaliciousSource
  readonly first: Finding | undefined
}): string {
  const details = [...source.details].sort().join(', ')
  const delay = first === undefined ? '' : ((first.tsMs - source.firstMs) / MINUTE_MS).toFixed(1)
  return [source.ip, source.flows, details, first?.what ?? 'nothing', delay].join(' | ')
}

/** One workstation each on a public address, to which all the internet comes. */
for (const path of Object.keys(captures).filter((one) => one.includes('-mixed/'))) {
  test(
    `${path}: who scans from the internet is one finding a window, a few where it goes on`,
    ifPresent(path),
    async (t) => {
      const sources = await maliciousSources(path)
      const { evidence } = await analyzed(path)
      const windows = new Map<string, number>()
      for (const { profile, window, attacker } of evidence) {
        if (attacker.direction !== 'src' || !sources.has(profile)) continue
        const name = `${profile} ${window.startMs}`
        windows.set(name, (windows.get(name) ?? 0) + 1)
      }
      const counts = [...windows.values()]
      const single = counts.filter((count) => count === 1).length
      const flows = [...sources.values()].reduce((sum, source) => sum + source.flows, 0)
      t.diagnostic(
        `${flows} malicious flows, ${counts.length} sources and windows with findings, ${single} of them with one, ${Math.max(...counts)} at most`,
      )
      assert.ok(counts.length > 0, 'no scanner is found')
      assert.ok(single >= counts.length * 0.8, 'most should be one finding')
      assert.ok(Math.max(...counts) <= 8, [...windows].filter(([, count]) => count > 8).join(' '))
    },
  )
}

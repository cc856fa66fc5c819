import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Alert, alertCodec, type Evidence, evidenceCodec, topics } from '@weir/schemas'
import { memoryTransport } from '@weir/topology/transport'
import { LineFile } from '../results/line-file.ts'
import { alert, evidence, hourMs, startMs } from '../testing/findings.ts'
import { Findings } from './findings.ts'

type Outcome = Evidence | Alert

const isAlert = (outcome: Outcome): outcome is Alert => 'revision' in outcome

/** What becomes of outcomes that arrive in batches of `size`. */
async function settle(outcomes: readonly Outcome[], size: number, keptHosts?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-findings-'))
  const transport = memoryTransport()
  const partitions = 1
  await transport.ensureTopics([
    { name: topics.evidence.name, partitions, encode: null, keep: 'consumed' },
    { name: topics.alerts.name, partitions, encode: null, keep: 'consumed' },
    { name: topics.suppressed.name, partitions, encode: null, keep: 'consumed' },
  ])
  const findings = new Findings(folder, keptHosts)
  const outputs = await findings.follow(transport, partitions)
  const producer = transport.producer()
  for (let from = 0; from < outcomes.length; from += size) {
    for (const outcome of outcomes.slice(from, from + size)) {
      const topic = isAlert(outcome) ? topics.alerts.name : topics.evidence.name
      const value = isAlert(outcome) ? alertCodec.encode(outcome) : evidenceCodec.encode(outcome)
      const key = `${outcome.site}|${outcome.profile}`
      await producer.send(topic, [
        { key, value, timestampMs: outcome.tsMs, streamTimeMs: outcome.observedMs },
      ])
    }
    await outputs.take()
  }
  await outputs.leave()
  await transport.close()
  const [alerts, written] = [LineFile.create(join(folder, 'a')), LineFile.create(join(folder, 'e'))]
  const found = findings.write(alerts, written, 'low')
  alerts.close()
  written.close()
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'e'])
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
  const result = { alerts: lines('a'), evidence: lines('e'), found }
  rmSync(folder, { recursive: true })
  return result
}

const e = (id: string, minutes: number, fields: Partial<Evidence> = {}) =>
  evidence({ id, tsMs: startMs + minutes * 60_000, ...fields })

const outcomes: readonly Outcome[] = [
  e('e3', 3, { level: 'high', src: { ip: '10.0.0.5', port: 1, names: ['ws-5'], mac: '' } }),
  e('e1', 1, { confidence: 0.3 }),
  e('e2', 2, { confidence: 0.1, src: { ip: '10.0.0.5', port: 1, names: ['old-5'], mac: '' } }),
  e('f1', 9, { profile: '10.0.0.7', type: 'UNKNOWN_PORT', detector: 'unknown-port', level: 'info' }),
  alert({ id: 'a1', revision: 2, status: 'open', weight: 0.9, evidence: ['e1', 'e2'] }),
  alert({
    id: 'a1',
    revision: 3,
    status: 'open',
    weight: 1.1,
    evidence: ['e1', 'e2', 'e3'],
    tsMs: startMs + 1,
  }),
  alert({ id: 'a1', revision: 4, status: 'closed', weight: 1.1, evidence: ['e1', 'e2', 'e3'] }),
  alert({
    id: 'a0',
    revision: 2,
    profile: '10.0.0.8',
    weight: 0.8,
    evidence: ['gone'],
    tsMs: startMs + hourMs,
    window: { startMs: startMs + hourMs, endMs: startMs + 2 * hourMs },
  }),
  alert({ id: 'a2', revision: 7, status: 'open', profile: '10.0.0.8', weight: 0.85, evidence: [] }),
]

describe('findings', () => {
  test('of a host that was forgotten and came again weigh nothing rather than less, when repeats are taken back', async () => {
    const light = e('x', 1, { profile: '10.0.0.1', level: 'low' })
    const heavy = ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.6'].map((profile) =>
      e(profile, 2, { profile, level: 'high' }),
    )
    const { found, evidence: lines } = await settle([light, light, ...heavy, light], 1, 2)
    assert.equal(lines.length, 5)
    assert.equal(found.evidence.total, 5)
    for (const { weight, types } of found.hosts) {
      assert.ok(weight >= 0, `weight ${weight}`)
      for (const n of types.values()) assert.ok(n > 0)
    }
  })

  test('are the same files, totals and report whatever the order and the batches they come in', async () => {
    const expected = await settle(outcomes, 100)
    assert.deepEqual(
      expected.alerts.map((line) => [JSON.parse(line).id, JSON.parse(line).revision]),
      [
        ['a1', 4],
        ['a2', 7],
        ['a0', 2],
      ],
    )
    assert.deepEqual(
      expected.evidence.map((line) => JSON.parse(line).id),
      ['e1', 'e2', 'e3', 'f1'],
    )
    const orders = [
      outcomes.toReversed(),
      outcomes.toSorted((a, b) => (a.id < b.id ? 1 : -1)),
      [...outcomes.slice(6), ...outcomes.slice(0, 6)],
    ]
    for (const order of orders) {
      for (const size of [1, 3, 100]) assert.deepEqual(await settle(order, size), expected)
    }
  })

  test('that come twice count once', async () => {
    const once = await settle(outcomes, 100)
    assert.deepEqual(await settle([...outcomes, ...outcomes], 4), once)
  })

  test('are counted by detector, type, level and host, hosts in order of the weight of their alerts', async () => {
    const { found } = await settle(outcomes, 2)
    assert.deepEqual(found.evidence, {
      total: 4,
      byDetector: { 'vertical-port-scan': 3, 'unknown-port': 1 },
      byLevel: { high: 1, medium: 2, info: 1 },
      byType: { VERTICAL_PORT_SCAN: 3, UNKNOWN_PORT: 1 },
    })
    assert.deepEqual(found.alerts, {
      total: 3,
      byHost: [
        { site: 'default', profile: '10.0.0.8', alerts: 2, weight: 1.65 },
        { site: 'default', profile: '10.0.0.5', alerts: 1, weight: 1.1 },
      ],
    })
    assert.deepEqual(
      found.hosts.map(({ profile, names, weight, types }) => [profile, names, weight, types.size]),
      [
        ['10.0.0.8', [], 0, 0],
        ['10.0.0.5', ['old-5'], 1, 1],
        ['10.0.0.7', [], 0, 0],
      ],
    )
  })

  test('show the evidence behind an alert as far as it was found', async () => {
    const { found } = await settle(outcomes, 2)
    assert.deepEqual(
      found.reportAlerts.map(({ alert: { id }, evidence: groups }) => [
        id,
        groups.map(({ evidence: { id: own }, times }) => `${own} ${times}`),
      ]),
      [
        ['a1', ['e3 3']],
        ['a2', []],
        ['a0', []],
      ],
    )
  })
})

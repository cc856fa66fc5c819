import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { alertThreshold, compareLevels, detectionDefaults } from '@weir/processors'
import { analyzed, ifPresent, pathOf, worstWindows } from './capture.ts'

const threshold = alertThreshold(detectionDefaults.windowMs, detectionDefaults.alertWeight)

/** Days of ordinary work: every flow is labelled benign. */
for (const day of ['labelled/benign-2023-02-20', 'labelled/benign-ubuntu-2023-02-25']) {
  test(
    `${day} opens no alert and gives at most one finding of weight for 1,000 connections`,
    ifPresent(day),
    async (t) => {
      const { evidence, alerts, connections } = await analyzed(day)
      const weighty = evidence.filter(({ level }) => compareLevels(level, 'medium') >= 0)
      const worst = Math.max(0, ...worstWindows(evidence).values())
      t.diagnostic(
        `${connections} connections, ${evidence.length} findings, ${weighty.length} of level medium or above, worst window ${worst.toFixed(2)} of ${threshold}`,
      )
      assert.deepEqual(alerts, [])
      assert.ok(connections > 1_000, 'too few connections to say anything')
      assert.ok(weighty.length * 1_000 <= connections, `${weighty.length} findings of level medium or above`)
      assert.ok(
        evidence.length * 20 <= connections,
        `${evidence.length} findings, more than 50 per 1,000 connections`,
      )
      assert.ok(worst <= threshold / 4, `the worst window weighs ${worst}`)
    },
  )
}

/** Days of one workstation each on a public address, under attack from all the internet. */
for (const day of ['labelled/008-zeek-mixed', 'labelled/010-zeek-mixed', 'labelled/011-zeek-mixed']) {
  test(`on ${day} only those alert who attack`, ifPresent(day), async (t) => {
    const { evidence, alerts } = await analyzed(`${day}/data`)
    const labels = labelsBySource(pathOf(`${day}/data/conn.log.labeled`))
    const benign = [...labels].filter(([, said]) => said.has('Benign')).map(([ip]) => ip)
    assert.ok(benign.length > 0)
    const worst = worstWindows(evidence)
    for (const ip of benign) {
      const weight = worst.get(ip) ?? 0
      t.diagnostic(`${ip}, benign: worst window ${weight.toFixed(2)} of ${threshold}`)
      assert.ok(weight <= threshold / 2, `${ip} weighs ${weight}`)
    }
    const alerted = new Set(alerts.map(({ profile }) => profile))
    assert.ok(alerted.size > 0, 'nobody alerts')
    for (const ip of alerted) assert.deepEqual([...(labels.get(ip) ?? [])], ['Malicious'], ip)
  })
}

/** By source address, the labels of its connections. */
function labelsBySource(path: string): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>()
  let source = -1
  let label = -1
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const cells = line.split('\t')
    if (cells[0] === '#fields') {
      source = cells.indexOf('id.orig_h') - 1
      label = cells.indexOf('label') - 1
    }
    if (line === '' || line.startsWith('#')) continue
    const ip = cells[source] ?? ''
    const said = labels.get(ip) ?? new Set()
    labels.set(ip, said.add(cells[label] ?? ''))
  }
  return labels
}

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleAlert, sampleEvidence, sampleRecords } from './sample-records.ts'
import { topics } from './topics.ts'

describe('topics', () => {
  test('names are weir.<plural>.v<n>, each once', () => {
    const names = Object.values(topics).map((topic) => topic.name)
    for (const name of names) assert.match(name, /^weir\.[a-z-]+s?\.v\d+$/)
    assert.equal(new Set(names).size, names.length)
  })

  test('flows are keyed by the site and address that opened them', () => {
    for (const record of sampleRecords) {
      assert.equal(topics.flows.keyOf(record), `plant-3|${record.srcIp}`)
    }
  })

  test('evidence and alerts of one host have the same key, so they meet in one partition', () => {
    assert.equal(topics.evidence.keyOf(sampleEvidence), topics.alerts.keyOf(sampleAlert))
    assert.equal(topics.evidence.partitions, topics.alerts.partitions)
    assert.equal(topics.evidence.partitions, topics.flows.partitions)
  })

  test('tables are one partition, so that there is one order of what is said in them', () => {
    for (const { name, cleanupPolicy, partitions } of Object.values(topics)) {
      if (cleanupPolicy === 'compact') assert.equal(partitions, 1, name)
    }
  })

  test("the same address at another site is another host's key", () => {
    const elsewhere = { ...sampleEvidence, site: 'plant-4' }
    assert.notEqual(topics.evidence.keyOf(elsewhere), topics.evidence.keyOf(sampleEvidence))
  })

  test('a topic that is compacted keeps every record for a while first, unless it is a table', () => {
    for (const { name, cleanupPolicy, minCompactionLagMs, retentionMs } of Object.values(topics)) {
      assert.equal(minCompactionLagMs > 0, cleanupPolicy === 'compact,delete', name)
      assert.equal(Number.isFinite(retentionMs), cleanupPolicy !== 'compact', name)
      assert.ok(minCompactionLagMs < retentionMs, name)
    }
  })
})

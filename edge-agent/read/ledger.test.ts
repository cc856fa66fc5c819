import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LedgerEntry } from './ledger.ts'

describe('ledger', () => {
  test('every line has one fate, and several records of one line are one line', () => {
    const entry = new LedgerEntry('conn.log', 'zeek')
    entry.lines = 5
    entry.accept('dns', 3)
    entry.accept('conn', 1)
    entry.accept('dns', 1)
    entry.skip('header')
    assert.deepEqual(entry.reject(5, 'bad-time', 'text'), {
      path: 'conn.log',
      line: 5,
      reason: 'bad-time',
      text: 'text',
    })
    assert.deepEqual(entry.close(), {
      path: 'conn.log',
      passedOver: null,
      kind: 'zeek',
      lines: 5,
      records: 5,
      accepted: { conn: 1, dns: 2 },
      skipped: { header: 1 },
      rejected: { 'bad-time': 1 },
    })
  })

  test('a line without a fate, or with two, is refused', () => {
    const entry = new LedgerEntry('conn.log', 'zeek')
    entry.lines = 1
    assert.throws(() => entry.close(), /1 lines were read and 0 accounted for/)
    entry.skip('header')
    entry.skip('header')
    assert.throws(() => entry.close(), /1 lines were read and 2 accounted for/)
  })

  test('reasons without end are counted together', () => {
    const entry = new LedgerEntry('conn.log', 'zeek')
    entry.lines = 1000
    for (let i = 0; i < 999; i++) entry.reject(i, `reason ${i}`, '')
    assert.equal(entry.reject(1000, 'reason 999', '').reason, 'other')
    const { rejected } = entry.close()
    assert.equal(Object.keys(rejected).length, 65)
    assert.equal(rejected.other, 1000 - 64)
  })

  test('of a long line no more is reported than fits 1 KiB, whole characters', () => {
    const entry = new LedgerEntry('conn.log', 'zeek')
    entry.lines = 2
    assert.equal(entry.reject(1, 'bad-time', 'x'.repeat(2000)).text, 'x'.repeat(1024))
    assert.equal(entry.reject(2, 'bad-time', `x${'😀'.repeat(1000)}`).text, `x${'😀'.repeat(255)}`)
  })
})

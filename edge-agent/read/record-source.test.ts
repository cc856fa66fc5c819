import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IterableBytes } from './byte-source.ts'
import { LedgerEntry, type RejectedLine } from './ledger.ts'
import { RecordSource } from './record-source.ts'
import { testParser } from './test-parser.ts'

const hour = 3600

/** Uid and key in seconds of every record, `?` where the key is unsure. */
async function keysOf(lines: readonly string[], chunkBytes = 1e6): Promise<string[]> {
  const bytes = Buffer.from(lines.join('\n'))
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const parser = testParser.open({ site: '', timezoneMinutes: 0, fileName: '' })
  const source = new RecordSource(
    0,
    false,
    new IterableBytes(chunks()),
    parser,
    new LedgerEntry('', 'zeek'),
    () => {},
  )
  const keys: string[] = []
  for (;;) {
    while (!source.step()) await source.more()
    if (source.record === null) break
    keys.push(`${source.record.uid} ${source.keyMs / 1000}${source.sure ? '' : '?'}`)
  }
  await source.close()
  return keys
}

describe("an input's clock", () => {
  test('is the running maximum of the ends of connections', async () => {
    assert.deepEqual(await keysOf(['100 0 a', '50 60 b', '90 10 c', '120 0 d']), [
      'a 100',
      'b 110',
      'c 110',
      'd 120',
    ])
  })

  test('is not moved by one insane time, in the middle or at the beginning', async () => {
    const insane = 4e9
    assert.deepEqual(await keysOf(['100 0 a', `${insane} 0 x`, '101 0 b', '102 0 c']), [
      'a 100',
      'x 100',
      'b 101',
      'c 102',
    ])
    assert.deepEqual(await keysOf([`${insane} 0 x`, '101 0 b', '102 0 c']), ['x 101', 'b 101', 'c 102'])
    assert.deepEqual(await keysOf(['100 0 a', `100 ${insane} x`, '101 0 b']), ['a 100', 'x 100', 'b 101'])
  })

  test('jumps over a quiet time when the next record confirms it', async () => {
    assert.deepEqual(
      await keysOf([
        '0 0 a',
        `${9 * hour} 0 b`,
        `${9 * hour + 1} 0 c`,
        `${20 * hour} 0 d`,
        `${40 * hour} 0 e`,
        `${40 * hour} 0 f`,
      ]),
      ['a 0', 'b 32400', 'c 32401', 'd 72000', 'e 144000', 'f 144000'],
    )
  })

  test('does not take the insane for a confirmation of the quiet time before it', async () => {
    assert.deepEqual(await keysOf(['0 0 a', `${9 * hour} 0 b`, '4000000000 0 x', `${9 * hour + 5} 0 c`]), [
      'a 0',
      'b 32400',
      'x 32400',
      'c 32405',
    ])
    assert.deepEqual(await keysOf(['0 0 a', '4000000000 0 x', `${9 * hour} 0 b`, `${9 * hour + 5} 0 c`]), [
      'a 0',
      'x 0',
      'b 32400',
      'c 32405',
    ])
  })

  test('moves up to an hour without being confirmed', async () => {
    assert.deepEqual(await keysOf(['0 0 a', `${hour} 0 b`, '1 0 c']), ['a 0', 'b 3600', 'c 3600'])
    assert.deepEqual(await keysOf(['0 0 a', `${hour + 1} 0 b`, '1 0 c']), ['a 0', 'b 0', 'c 1'])
  })

  test('is not moved by long connections in a log sorted by beginning', async () => {
    assert.deepEqual(await keysOf(['0 0 a', `1 ${8 * hour} long`, '2 0 b', '3 0 c']), [
      'a 0',
      'long 0',
      'b 2',
      'c 3',
    ])
  })

  test('is unsure at a last record that nothing can confirm', async () => {
    assert.deepEqual(await keysOf(['0 0 a', `${5 * hour} 0 b`]), ['a 0', 'b 18000?'])
    assert.deepEqual(await keysOf(['7 0 a']), ['a 7?'])
    assert.deepEqual(await keysOf(['0 0 a', '10 0 b']), ['a 0', 'b 10'])
  })

  test('reads on through headers, rejects and several records of a line', async () => {
    const lines = ['#test', '', 'nonsense', `several ${9 * hour} a b`, '#more', 'several 1 c d', '#end']
    assert.deepEqual(await keysOf(lines), ['a 32400', 'b 32400', 'c 32400', 'd 32400'])
  })

  test('does not depend on how the bytes come in', async () => {
    const lines = [
      '#test',
      '0 0 a',
      `${9 * hour} 0 b`,
      '4000000000 0 x',
      `${9 * hour + 5} 0 c`,
      'several 40000 d e',
      '90000 0 f',
    ]
    const whole = await keysOf(lines)
    for (const size of [1, 2, 3, 7, 20]) assert.deepEqual(await keysOf(lines, size), whole)
  })
})

test('a line that is too long is rejected with its beginning, and the rest is read', async () => {
  const rejects: RejectedLine[] = []
  async function* chunks() {
    yield Buffer.from('1 0 a\n')
    for (let i = 0; i < 100; i++) yield Buffer.alloc(1_000_000, 0x78)
    yield Buffer.from('\n2 0 b\n')
  }
  const entry = new LedgerEntry('long.log', 'zeek')
  const parser = testParser.open({ site: '', timezoneMinutes: 0, fileName: '' })
  const source = new RecordSource(0, false, new IterableBytes(chunks()), parser, entry, (reject) =>
    rejects.push(reject),
  )
  const uids: string[] = []
  for (;;) {
    while (!source.step()) await source.more()
    if (source.record === null) break
    uids.push(source.record.uid)
  }
  assert.deepEqual(uids, ['a', 'b'])
  assert.deepEqual(rejects, [{ path: 'long.log', line: 2, reason: 'line-too-long', text: 'x'.repeat(1024) }])
  const { lines, records, accepted, rejected } = entry.close()
  assert.deepEqual(
    { lines, records, accepted, rejected },
    { lines: 3, records: 2, accepted: { conn: 2 }, rejected: { 'line-too-long': 1 } },
  )
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IterableBytes } from './byte-source.ts'
import { LedgerEntry, type RejectedLine } from './ledger.ts'
import { RecordSource } from './record-source.ts'
import { testParser } from './test-parser.ts'

const hour = 3600

type Keyed = { uid: string; key: number; sure: boolean }

async function read(lines: readonly string[], { chunkBytes = 1e6, live = false } = {}): Promise<Keyed[]> {
  const bytes = Buffer.from(lines.join('\n'))
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const parser = testParser.open({ site: '', timezoneMinutes: 0, fileName: '' })
  const entry = new LedgerEntry('', 'zeek')
  const source = new RecordSource(0, live, new IterableBytes(chunks()), parser, entry, () => {})
  const keyed: Keyed[] = []
  for (;;) {
    while (!source.step()) await source.more()
    if (source.record === null) break
    keyed.push({ uid: source.record.uid, key: source.keyMs / 1000, sure: source.sure })
  }
  await source.close()
  return keyed
}

/** Uid and key in seconds of every record. */
async function keysOf(lines: readonly string[]): Promise<string[]> {
  return (await read(lines)).map(({ uid, key }) => `${uid} ${key}`)
}

/** A record a second from `from` on. */
const steady = (uid: string, from: number, records: number) =>
  Array.from({ length: records }, (_, i) => `${from + i} 0 ${uid}`)

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

  test('jumps over a quiet time that nothing contradicts', async () => {
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

  test('is moved by a quiet time to the earliest of what follows, not to the insane among it', async () => {
    assert.deepEqual(await keysOf(['0 0 a', `${9 * hour} 0 b`, '4000000000 0 x', `${9 * hour + 5} 0 c`]), [
      'a 0',
      'b 32400',
      'x 32400',
      'c 32405',
    ])
    assert.deepEqual(await keysOf(['0 0 a', '4000000000 0 x', `${9 * hour} 0 b`, `${9 * hour + 5} 0 c`]), [
      'a 0',
      'x 32400',
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

  test('is unsure in an input of a few records, and in the few after a last jump', async () => {
    const surely = async (lines: readonly string[]) => (await read(lines)).map(({ sure }) => sure)
    assert.deepEqual(await surely(['0 0 a', `${5 * hour} 0 b`]), [false, false])
    assert.deepEqual(await surely(steady('a', 0, 63)), Array(63).fill(false))
    assert.deepEqual(await surely(steady('a', 0, 64)), [false, ...Array(63).fill(true)])
    const few = [...steady('a', 0, 64), ...steady('b', 5 * hour, 63)]
    assert.deepEqual(await surely(few), [false, ...Array(63).fill(true), ...Array(63).fill(false)])
    const enough = [...steady('a', 0, 64), ...steady('b', 5 * hour, 64)]
    assert.deepEqual(await surely(enough), [false, ...Array(127).fill(true)])
  })

  for (const ahead of [90_000, 864_000]) {
    for (const many of [2, 10, 63]) {
      test(`is not moved by ${many} insane records in a row, ${ahead} s ahead`, async () => {
        const lines = [
          ...steady('a', 0, 1000),
          ...steady('x', 1000 + ahead, many),
          ...steady('b', 1000, 300),
          ...steady('x', 1300 + ahead, many),
          ...steady('c', 1300, 5),
        ]
        for (const live of [false, true]) {
          for (const { uid, key } of await read(lines, { live })) {
            if (uid === 'x') assert.ok(key === 999 || key === 1299, `${key}`)
          }
          const sane = (await read(lines, { live })).filter(({ uid }) => uid !== 'x')
          assert.deepEqual(
            sane.map(({ key }) => key),
            Array.from({ length: 1305 }, (_, i) => i),
          )
        }
      })
    }
  }

  test('is not begun by insane records that are followed by more sane ones', async () => {
    const lines = [...steady('x', 90_000, 15), ...steady('a', 0, 100)]
    const keyed = await read(lines)
    assert.deepEqual(
      keyed.map(({ key }) => key),
      [...Array(15).fill(0), ...Array.from({ length: 100 }, (_, i) => i)],
    )
  })

  test('runs true from the first record after a gap of six hours, also when insane ones come first', async () => {
    const morning = Array.from({ length: 200 }, (_, i) => 6 * hour + i)
    for (const insane of [0, 1, 63]) {
      const lines = [...steady('a', 0, 100), ...steady('x', 864_000, insane), ...steady('b', 6 * hour, 200)]
      const keyed = (await read(lines)).slice(100)
      const before = Array(insane).fill(6 * hour)
      assert.deepEqual(
        keyed.map(({ key }) => key),
        [...before, ...morning],
      )
      assert.ok(keyed.every(({ sure }) => sure))
    }
  })

  test('is not held back after a gap by stale records among the others', async () => {
    const fresh = steady('b', 50 * hour, 200)
    const lines = [
      ...steady('a', 40 * hour, 100),
      ...fresh.flatMap((line, i) => (i % 9 === 5 ? ['0 0 old', line] : [line])),
    ]
    const keyed = (await read(lines)).slice(100)
    assert.deepEqual(
      keyed.filter(({ uid }) => uid === 'b').map(({ key }) => key),
      Array.from({ length: 200 }, (_, i) => 50 * hour + i),
    )
  })

  test('of a live input believes a gap with its 64th record, and holds none back', async () => {
    const lines = [...steady('a', 0, 100), ...steady('b', 6 * hour, 200)]
    const keyed = (await read(lines, { live: true })).slice(100)
    assert.deepEqual(
      keyed.map(({ key }) => key),
      Array.from({ length: 200 }, (_, i) => (i < 63 ? 99 : i === 63 ? 6 * hour : 6 * hour + i)),
    )
  })

  test('reads on through headers, rejects and several records of a line', async () => {
    const lines = ['#test', '', 'nonsense', `several ${9 * hour} a b`, '#more', 'several 1 c d', '#end']
    assert.deepEqual(await keysOf(lines), ['a 1', 'b 1', 'c 1', 'd 1'])
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
      ...steady('g', 90_001, 150),
      ...steady('x', 4e9, 63),
      ...steady('h', 90_151, 20),
      ...steady('i', 200_000, 64),
      '4000000000 0 y',
    ]
    for (const live of [false, true]) {
      const whole = await read(lines, { live })
      for (const chunkBytes of [1, 2, 3, 7, 20, 1000]) {
        assert.deepEqual(await read(lines, { chunkBytes, live }), whole)
      }
    }
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

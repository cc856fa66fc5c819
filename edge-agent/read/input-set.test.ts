import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { FlowRecord } from '@weir/schemas'
import type { Converted } from '../convert/converted.ts'
import { openInputSet } from './input-set.ts'
import type { InputLedger, RejectedLine } from './ledger.ts'
import type { ReadOptions } from './read-options.ts'
import { folderOf, TestTools } from './test-parser.ts'

type Outcome = {
  /** Uid and stamp in seconds, in order. */
  stamps: string[]
  records: FlowRecord[]
  ledger: InputLedger[]
  rejects: RejectedLine[]
  tools: TestTools
}

async function readAll(
  paths: readonly string[],
  { batch = 1024, ...options }: Partial<ReadOptions> & { batch?: number } = {},
  tools = new TestTools(),
): Promise<Outcome> {
  const rejects: RejectedLine[] = []
  const onReject = (reject: RejectedLine) => rejects.push(reject)
  const inputs = await openInputSet(paths, { site: 'test', timezoneMinutes: 0, onReject, ...options }, tools)
  const records: FlowRecord[] = []
  for await (const some of inputs.batches(batch)) records.push(...some)
  await inputs.close()
  assert.equal(tools.open, 0)
  const stamps = records.map((record) => `${record.uid} ${record.observedMs / 1000}`)
  return { stamps, records, ledger: inputs.ledger(), rejects, tools }
}

const log = (...lines: string[]) => ['#test', ...lines, ''].join('\n')
const code = (wanted: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === wanted

/** Two kinds of log, rotated every hour, a line every ten minutes; gzip but for the last hour. */
function rotated(hours: number): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {}
  for (const kind of ['conn', 'dns']) {
    for (let hour = 0; hour < hours; hour++) {
      const lines = [0, 600, 1200, 1800, 2400, 3000].map(
        (second) => `${hour * 3600 + second} 0 ${kind}-${hour}-${second}`,
      )
      const name = `${kind}.${String(hour).padStart(2, '0')}.log`
      const content = Buffer.from(log(...lines))
      files[hour === hours - 1 ? name : `${name}.gz`] = hour === hours - 1 ? content : gzipSync(content)
    }
  }
  return files
}

describe('the merged stream', () => {
  test('of a folder rotated by the hour is one stream, with only the logs open that overlap', async (t) => {
    const { stamps, tools } = await readAll([folderOf(t, rotated(24))])
    const expected: string[] = []
    for (let second = 0; second < 24 * 3600; second += 600) {
      const hour = Math.floor(second / 3600)
      for (const kind of ['conn', 'dns']) expected.push(`${kind}-${hour}-${second % 3600} ${second}`)
    }
    assert.deepEqual(stamps, expected)
    assert.ok(tools.mostOpen <= 3, `${tools.mostOpen} open at once`)
  })

  test('does not depend on the order of the arguments nor on the size of batches', async (t) => {
    const folder = folderOf(t, rotated(5))
    const names = Object.keys(rotated(5)).map((name) => join(folder, name))
    const whole = await readAll([folder])
    const shuffled = [
      names.toReversed(),
      [...names.slice(4), folder, ...names.slice(0, 4)],
      [folder, `${folder}/../${folder.split('/').at(-1)}`],
    ]
    for (const paths of shuffled) {
      const again = await readAll(paths, { batch: 7 })
      assert.deepEqual(again.records, whole.records)
      assert.deepEqual(
        again.ledger.map(({ path: _, ...counts }) => counts),
        whole.ledger.map(({ path: _, ...counts }) => counts),
      )
    }
  })

  test('puts a long connection where it ended, and stamps no record below the one before', async (t) => {
    const folder = folderOf(t, {
      'conn.log': log('0 1 a', '2 3 b', '0 100 long', '99 2 c'),
      'dns.log': log('1 0 q', '50 0 r', '100 0 s', '102 0 t'),
    })
    const { stamps } = await readAll([folder])
    assert.deepEqual(stamps, ['a 1', 'q 1', 'b 5', 'r 50', 'long 100', 's 100', 'c 101', 't 102'])
  })

  test('is not moved by one insane time, wherever it stands', async (t) => {
    const insane = '4000000000 0 x'
    for (const lines of [
      [insane, '10 0 a', '20 0 b', '30 0 c'],
      ['10 0 a', insane, '20 0 b', '30 0 c'],
      ['10 0 a', '20 0 b', '30 0 c', insane],
    ]) {
      const { records } = await readAll([
        folderOf(t, { 'conn.log': log(...lines), 'dns.log': log('15 0 q', '31 0 r') }),
      ])
      assert.equal(records.length, 6)
      assert.ok(records.every((record) => record.observedMs <= 31_000))
      const sane = records.filter((record) => record.uid !== 'x')
      assert.deepEqual(sane.map((record) => record.uid).join(''), 'aqbcr')
    }
  })

  test('keeps logs of a single record in their place, and ends with a quiet night', async (t) => {
    const { stamps } = await readAll([
      folderOf(t, {
        'notice.00.log': log('0 0 a'),
        'notice.05.log': log('18000 0 b'),
        'notice.09.log': log('32400 0 c'),
        'conn.log': log('1 0 d', '30000 0 e', '30001 0 f'),
      }),
    ])
    assert.deepEqual(stamps, ['a 0', 'd 1', 'b 18000', 'e 30000', 'f 30001', 'c 32400'])
  })

  for (const ahead of [90_000, 864_000]) {
    for (const many of [2, 10, 63]) {
      test(`is not moved by ${many} records of one log that are ${ahead} s ahead, in the middle or at its end`, async (t) => {
        const steady = (uid: string, from: number, records: number) =>
          Array.from({ length: records }, (_, i) => `${from + i} 0 ${uid}`)
        const insane = steady('x', 1000 + ahead, many)
        const folder = folderOf(t, {
          'conn.log': log(...steady('a', 0, 1000), ...insane, ...steady('a', 1000, 300), ...insane),
          'dns.log': log(...steady('b', 0, 1500)),
          'notice.log': log(...insane),
        })
        const { records } = await readAll([folder])
        let last = 0
        for (const { uid, tsMs, observedMs } of records) {
          assert.ok(observedMs >= last && observedMs <= 1_499_000)
          last = observedMs
          if (uid !== 'x') assert.equal(observedMs, tsMs)
        }
        assert.equal(records.length, 2800 + 3 * many)
        const shuffled = ['notice.log', 'dns.log', 'conn.log'].map((name) => join(folder, name))
        assert.deepEqual((await readAll(shuffled, { batch: 7 })).records, records)
      })
    }
  }

  test('runs true again after a gap of six hours that all logs share, whatever their lengths', async (t) => {
    const steady = (uid: string, from: number, records: number) =>
      Array.from({ length: records }, (_, i) => `${from + i} 0 ${uid}`)
    const { records } = await readAll([
      folderOf(t, {
        'conn.log': log(...steady('a', 0, 100), ...steady('b', 21_600, 500)),
        'dns.log': log(...steady('c', 0, 100), ...steady('d', 21_600, 30)),
        'ssh.log': log('50 0 e', '21650 0 f', '21900 0 g'),
      }),
    ])
    assert.equal(records.length, 733)
    for (const { tsMs, observedMs } of records) assert.equal(observedMs, tsMs)
  })

  test('is believed after days without a record also when its logs are short', async (t) => {
    const day = 86_400
    const short = Array.from({ length: 160 }, (_, i) => `${30 * day + i} 0 b`)
    const files: Record<string, string> = { 'a.log': log('0 0 a') }
    for (let i = 0; i < 160; i += 4)
      files[`b.${String(i).padStart(3, '0')}.log`] = log(...short.slice(i, i + 4))
    const { records } = await readAll([folderOf(t, files)])
    const stamps = records.map((record) => record.observedMs / 1000)
    assert.deepEqual(stamps.slice(0, 128), Array(128).fill(0))
    assert.deepEqual(
      stamps.slice(129),
      Array.from({ length: 32 }, (_, i) => 30 * day + 128 + i),
    )
  })

  test('orders equal times by file name, then by path', async (t) => {
    const folder = folderOf(t, { 'b.log': log('5 0 b') })
    for (const name of ['x', 'y']) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'a.log'), log(`5 0 ${name}`))
    }
    const { stamps } = await readAll([join(folder, 'y/a.log'), join(folder, 'b.log'), join(folder, 'x')])
    assert.deepEqual(stamps, ['x 5', 'y 5', 'b 5'])
  })

  test('of a big file takes bounded memory', async (t) => {
    const folder = folderOf(t, {})
    const path = join(folder, 'big.log')
    const lines: string[] = []
    for (let i = 0; i < 20_000; i++) lines.push(`${i} 0 ${'u'.repeat(130)}${i}`)
    const part = lines.join('\n')
    writeFileSync(path, `#test\n${Array.from({ length: 20 }, () => part).join('\n')}`)
    const inputs = await openInputSet(
      [path],
      { site: '', timezoneMinutes: 0, onReject: () => assert.fail() },
      new TestTools(),
    )
    let records = 0
    let most = 0
    const before = process.memoryUsage().arrayBuffers
    for await (const batch of inputs.batches()) {
      records += batch.length
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    assert.equal(records, 400_000)
    assert.ok(most < 10e6, `${most} bytes of buffers`)
    assert.equal(inputs.bytesRead(), inputs.totalBytes)
    await inputs.close()
  })
})

describe('the ledger of', () => {
  test('a folder with junk names everything that is not read, and why', async (t) => {
    const folder = folderOf(t, {
      'conn.log': log('1 0 a', 'nonsense', '', 'several 2 b c'),
      'README.md': 'Logs of the office.\n',
      'empty.log': '',
      'empty.log.gz': gzipSync(''),
      'capture.pcap.gz': gzipSync(Buffer.from('d4c3b2a10000', 'hex')),
    })
    symlinkSync('nowhere', join(folder, 'old.log'))
    const { ledger, rejects, stamps } = await readAll([folder])
    assert.deepEqual(stamps, ['a 1', 'b 2', 'c 2'])
    assert.deepEqual(
      ledger.map(({ path, kind, lines, accepted, skipped, rejected }) => [
        path.slice(folder.length + 1),
        kind,
        lines,
        { ...accepted, ...skipped, ...rejected },
      ]),
      [
        ['README.md', 'unknown', 1, { 'not-recognised': 1 }],
        ['capture.pcap.gz', 'unknown', 1, { 'compressed-capture': 1 }],
        ['conn.log', 'zeek', 5, { conn: 2, header: 2, 'not-test': 1 }],
        ['empty.log', 'unknown', 1, { empty: 1 }],
        ['empty.log.gz', 'unknown', 1, { empty: 1 }],
        ['old.log', 'unknown', 1, { 'broken-link': 1 }],
      ],
    )
    assert.deepEqual(rejects, [
      { path: join(folder, 'conn.log'), line: 3, reason: 'not-test', text: 'nonsense' },
    ])
  })

  test('a gzip file that was cut has one reject more, which is the line that was cut', async (t) => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i} 0 uid-${(i * 7919) % 5003}`)
    const packed = gzipSync(log(...lines))
    const folder = folderOf(t, { 'conn.log.gz': packed.subarray(0, packed.length - 2000) })
    const { ledger, rejects, stamps } = await readAll([join(folder, 'conn.log.gz')])
    assert.ok(stamps.length > 2000)
    assert.deepEqual(ledger[0]?.rejected, { 'gz-truncated': 1 })
    assert.equal(ledger[0].lines, stamps.length + 2)
    assert.equal(rejects[0]?.line, stamps.length + 2)
    const cutLine = lines[stamps.length] ?? ''
    assert.ok(rejects[0].text.length < cutLine.length && cutLine.startsWith(rejects[0].text))
  })

  test('text that is not UTF-8 is read', async (t) => {
    const folder = folderOf(t, {
      'conn.log': Buffer.concat([
        Buffer.from('#test\n1 0 é\n2 0 '),
        Buffer.of(0xff, 0xfe),
        Buffer.from('\n3 0 \0nul\n'),
      ]),
    })
    const { records } = await readAll([folder])
    assert.deepEqual(
      records.map((record) => record.uid),
      ['é', '��', '\0nul'],
    )
  })
})

describe('refused with an error that names the path:', () => {
  test('a file given that is empty or of no known kind', async (t) => {
    const folder = folderOf(t, {
      'empty.log': '',
      'prose.log': 'Once upon a time\n',
      'data.xz': Buffer.from('fd377a585a00', 'hex'),
      'conn.log': log('1 0 a'),
      'dump.pcap.gz': gzipSync(Buffer.from('d4c3b2a1000000000000', 'hex')),
    })
    await assert.rejects(readAll([join(folder, 'empty.log')]), code('EDGE_INPUT_EMPTY'))
    await assert.rejects(
      readAll([join(folder, 'prose.log'), join(folder, 'empty.log')]),
      (error: unknown) => code('EDGE_INPUT_NOT_RECOGNISED')(error) || code('EDGE_INPUT_EMPTY')(error),
    )
    await assert.rejects(
      readAll([join(folder, 'data.xz')]),
      /data\.xz' is of no kind that Weir reads: it is compressed with xz/,
    )
    await assert.rejects(readAll([join(folder, 'dump.pcap.gz')]), code('EDGE_INPUT_CAPTURE_COMPRESSED'))
  })

  test('but one of several files named, as by a pattern, is passed over and counted', async (t) => {
    const folder = folderOf(t, {
      'prose.log': 'Once upon a time\n',
      'empty.log': '',
      'conn.log': log('1 0 a'),
    })
    const paths = ['prose.log', 'empty.log', 'conn.log'].map((name) => join(folder, name))
    const { records, ledger } = await readAll(paths)
    assert.equal(records.length, 1)
    assert.deepEqual(
      ledger.map(({ kind, skipped }) => [kind, skipped]).filter(([kind]) => kind === 'unknown'),
      [
        ['unknown', { empty: 1 }],
        ['unknown', { 'not-recognised': 1 }],
      ],
    )
  })

  test('a folder in which nothing is recognised', async (t) => {
    const good = folderOf(t, { 'conn.log': log('1 0 a') })
    const bad = folderOf(t, { 'prose.log': 'Once upon a time\n', 'empty.log': '' })
    await assert.rejects(readAll([good, bad]), code('EDGE_INPUT_FOLDER_NOT_RECOGNISED'))
    await assert.rejects(readAll([folderOf(t, {})]), code('EDGE_INPUT_FOLDER_NOT_RECOGNISED'))
  })

  test('a file that cannot be read', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
    // Readable by its mode, and reading it fails, also for root.
    await assert.rejects(readAll(['/proc/self/mem']), code('EDGE_INPUT_UNREADABLE'))
  })
})

test('the kind the user says overrides what the text looks like', async (t) => {
  const folder = folderOf(t, { 'a.log': '1 0 a\n', 'b.log': Buffer.from('2 0 b\n', 'utf16le') })
  const { stamps, ledger } = await readAll([folder], { inputKind: 'zeek' })
  assert.deepEqual(stamps, ['a 1'])
  // UTF-16 is no text that anybody reads: each of its lines is rejected.
  assert.deepEqual(ledger[1]?.rejected, { 'not-test': 2 })
})

describe('standard input', () => {
  async function* pieces(content: Uint8Array, size: number) {
    for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
  }

  test('is merged like a file, however it comes, also as gzip', async (t) => {
    const folder = folderOf(t, { 'conn.log': log('1 0 a', '3 0 c') })
    const content = Buffer.from(log('2 0 b', '4 0 d'))
    for (const bytes of [content, gzipSync(content)]) {
      for (const size of [1, 10, 1000]) {
        const { stamps, ledger } = await readAll([folder, '-'], { stdin: pieces(bytes, size) })
        assert.deepEqual(stamps, ['a 1', 'b 2', 'c 3', 'd 4'])
        assert.equal(ledger[0]?.path, '-')
      }
    }
  })

  test('is recognised, and its records given out, before it ends', async () => {
    let push: (chunk: Uint8Array) => void = () => {}
    async function* slow() {
      yield Buffer.from('#test\n1 0 a\n2 0 b\n')
      yield await new Promise<Uint8Array>((resolve) => {
        push = resolve
      })
    }
    const options = { site: '', timezoneMinutes: 0, onReject: () => assert.fail(), stdin: slow() }
    const inputs = await openInputSet(['-'], options, new TestTools())
    assert.equal(inputs.totalBytes, null)
    const batches = inputs.batches()
    const first = await batches.next()
    assert.equal(first.done === true ? -1 : first.value.length, 2)
    const second = batches.next()
    setImmediate(() => push(Buffer.from('3 0 c\n')))
    assert.equal((await second).done, false)
    assert.equal((await batches.next()).done, true)
    await inputs.close()
  })

  test('is refused when it is empty, a capture, or of no known kind', async () => {
    const stdin = (content: string) => pieces(Buffer.from(content, 'latin1'), 1000)
    await assert.rejects(readAll(['-'], { stdin: stdin('') }), code('EDGE_INPUT_EMPTY'))
    await assert.rejects(
      readAll(['-'], { stdin: stdin('\xd4\xc3\xb2\xa1....') }),
      code('EDGE_INPUT_CAPTURE_STREAMED'),
    )
    await assert.rejects(readAll(['-'], { stdin: stdin('prose\n') }), code('EDGE_INPUT_NOT_RECOGNISED'))
  })

  test('may be left idle: closing does not wait for it', async () => {
    async function* idle() {
      yield Buffer.from('#test\n1 0 a\n2 0 b\n')
      await new Promise(() => {})
    }
    const options = { site: '', timezoneMinutes: 0, onReject: () => assert.fail(), stdin: idle() }
    const inputs = await openInputSet(['-'], options, new TestTools())
    const batches = inputs.batches()
    await batches.next()
    void batches.next()
    await inputs.close()
    assert.equal(inputs.ledger()[0]?.records, 2)
  })
})

test('a named pipe is read as a stream', async (t) => {
  const folder = folderOf(t, {})
  const pipe = join(folder, 'pipe')
  const writer = execFile('sh', [
    '-c',
    `mkfifo ${pipe} && echo made && printf '#test\\n1 0 a\\n2 0 b\\n' > ${pipe}`,
  ])
  t.after(() => writer.kill())
  await new Promise((resolve) => writer.stdout?.once('data', resolve))
  const { stamps, ledger } = await readAll([pipe])
  assert.deepEqual(stamps, ['a 1', 'b 2'])
  assert.deepEqual(ledger[0]?.lines, 3)
})

test('a capture is merged stream by stream, converted when its time has come, and closed', async (t) => {
  const pcap = Buffer.alloc(40)
  pcap.write('d4c3b2a1', 'hex')
  pcap.writeUInt32LE(100, 24)
  const folder = folderOf(t, {
    'conn.log': log('1 0 a', '50 0 b', '102 0 e', '200 0 g'),
    'dump.pcap': pcap,
    'flows.nfcapd': Buffer.from('0ca5000000000000', 'hex'),
  })
  const calls: string[] = []
  const tools = Object.assign(new TestTools(), {
    convert: async (path: string, container: string): Promise<Converted> => {
      calls.push(`convert ${container}`)
      async function* chunks(...lines: string[]) {
        yield Buffer.from(log(...lines))
      }
      const streams =
        container === 'pcap'
          ? [
              { name: 'dns.log', chunks: chunks('103 0 f') },
              { name: 'conn.log', chunks: chunks('101 0 d', 'bad') },
            ]
          : [{ name: 'nfdump', chunks: chunks('60 0 c') }]
      assert.ok(path.startsWith(folder))
      return { kind: 'zeek', streams, close: async () => void calls.push(`close ${container}`) }
    },
  })
  const { stamps, ledger, rejects } = await readAll([folder], {}, tools)
  assert.deepEqual(stamps, ['a 1', 'b 50', 'c 60', 'd 101', 'e 102', 'f 103', 'g 200'])
  // The nfcapd file is opened once more at first, to see when it begins.
  assert.deepEqual(calls, [
    'convert nfcapd',
    'close nfcapd',
    'convert nfcapd',
    'close nfcapd',
    'convert pcap',
    'close pcap',
  ])
  assert.deepEqual(
    ledger.map(({ path, lines }) => [path.slice(folder.length + 1), lines]),
    [
      ['conn.log', 5],
      ['dump.pcap#conn.log', 3],
      ['dump.pcap#dns.log', 2],
      ['flows.nfcapd#nfdump', 2],
    ],
  )
  assert.equal(rejects[0]?.path, join(folder, 'dump.pcap#conn.log'))
})

describe('inputs', () => {
  const options = { site: '', timezoneMinutes: 0, onReject: () => {} }

  test('left in the middle are closed', async (t) => {
    const tools = new TestTools()
    const inputs = await openInputSet([folderOf(t, rotated(3))], options, tools)
    for await (const batch of inputs.batches(2)) {
      assert.equal(batch.length, 2)
      break
    }
    assert.equal(tools.open, 0)
    await inputs.close()
    assert.throws(() => inputs.batches(), /already asked for/)
  })

  test('closed in the middle give no more, and what was read is accounted for', async (t) => {
    const tools = new TestTools()
    const inputs = await openInputSet([folderOf(t, rotated(3))], options, tools)
    let batches = 0
    for await (const batch of inputs.batches(2)) {
      batches += batch.length > 0 ? 1 : 0
      await inputs.close()
    }
    assert.equal(batches, 1)
    assert.equal(tools.open, 0)
    assert.ok(inputs.ledger().some((entry) => entry.records > 0))
  })

  test('have a fingerprint of their content and names, not of their place and order', async (t) => {
    const print = async (...paths: string[]) => {
      const inputs = await openInputSet(paths, options, new TestTools())
      await inputs.close()
      return inputs.fingerprint()
    }
    const files = { 'a.log': log('1 0 a'), 'b.log': log('2 0 b') }
    const one = folderOf(t, files)
    const other = folderOf(t, files)
    const same = await print(one)
    assert.equal(await print(join(other, 'b.log'), join(other, 'a.log')), same)
    assert.notEqual(await print(join(one, 'a.log')), same)
    writeFileSync(join(other, 'b.log'), log('2 0 c'))
    assert.notEqual(await print(other), same)
  })

  test('whose file goes away before its turn end in an error that names it', async (t) => {
    const folder = folderOf(t, { 'a.log': log('1 0 a', '2 0 b'), 'b.log': log('9000 0 c', '9001 0 d') })
    const inputs = await openInputSet([folder], options, new TestTools())
    rmSync(join(folder, 'b.log'))
    const read = async () => {
      for await (const batch of inputs.batches(1)) assert.equal(batch.length, 1)
    }
    await assert.rejects(read(), /b\.log' does not exist/)
    await inputs.close()
  })
})

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { argusParser } from '../parsers/argus.ts'
import { nfdumpCsvParser } from '../parsers/nfdump-csv.ts'
import type { Parser } from '../parsers/parser.ts'
import { convert } from './convert.ts'
import type { Converted, Environment, TextStream } from './converted.ts'
import { programOnPath } from './program.ts'

const data = resolve(import.meta.dirname, '../..', process.env.WEIR_DATA ?? '../shared/data', 'slips-samples')

async function textOf(stream: TextStream): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream.chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function readAll(converted: Converted): Promise<string> {
  try {
    const texts: string[] = []
    for (const stream of converted.streams) texts.push(await textOf(stream))
    return texts.join('')
  } finally {
    await converted.close()
  }
}

/** Records by kind, skips and rejects by reason. */
function fatesOf(parser: Parser, text: string): Record<string, number> {
  const lines = text.replace(/\n$/, '').split('\n')
  assert.ok(parser.recognises(lines.slice(0, 20)), lines[0])
  const reader = parser.open({ site: 'lab', timezoneMinutes: 300, fileName: '' })
  const fates: Record<string, number> = {}
  lines.forEach((line, i) => {
    const parsed = reader.line(line, i + 1)
    const fate = 'reason' in parsed ? parsed.reason : parsed.kind
    fates[fate] = (fates[fate] ?? 0) + 1
    // Times are told as epoch seconds, so that the zone for zone-less logs does not move them.
    if ('tsMs' in parsed) assert.ok(parsed.tsMs % 3_600_000 !== 0)
  })
  return fates
}

function isWeirError(code: string, says: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof WeirError, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, says)
    assert.notEqual(error.fix, '')
    return true
  }
}

async function missing(programs: readonly string[], file: string): Promise<string | false> {
  for (const name of programs) {
    if ((await programOnPath(name, process.env)) === null) return `${name} is not on PATH`
  }
  return existsSync(file) ? false : `no ${file}`
}

/** As if nothing but Argus were installed. */
async function argusOnly(): Promise<{ environment: Environment; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-'))
  for (const name of ['argus', 'ra']) {
    const file = await programOnPath(name, process.env)
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${file} "$@"\n`, { mode: 0o755 })
  }
  return { environment: { PATH: folder }, remove: () => rm(folder, { recursive: true }) }
}

const nfcapd = join(data, 'test1-malicious.nfdump')
const icmp = join(data, 'test12-icmp-portscan.pcap')
const packets = join(data, 'test7-malicious.pcap')
const noNfdump = await missing(['nfdump'], import.meta.filename)
const noNfcapd = await missing(['nfdump'], nfcapd)
const noArgus = await missing(['argus', 'ra'], import.meta.filename)
const noPackets = await missing(['argus', 'ra'], icmp)

describe('a binary capture', () => {
  it('becomes nfdump CSV with both directions in one flow', {
    skip: noNfcapd,
  }, async () => {
    const converted = await convert(nfcapd, 'nfcapd')
    assert.equal(converted.kind, 'nfdump-csv')
    assert.deepEqual(fatesOf(nfdumpCsvParser, await readAll(converted)), { header: 1, conn: 2398 })
  })

  it('that nfdump cannot read is an error, though nfdump says all is well', {
    skip: noNfdump,
  }, async () => {
    const converted = await convert(import.meta.filename, 'nfcapd')
    await assert.rejects(readAll(converted), isWeirError('EDGE_CONVERTER_FAILED', /nfdump could not read/))
  })

  it('of packets becomes Argus text where only Argus is installed', {
    skip: noPackets,
  }, async () => {
    const { environment, remove } = await argusOnly()
    try {
      const scan = await convert(icmp, 'pcap', environment)
      assert.equal(scan.kind, 'argus')
      const fates = fatesOf(argusParser, await readAll(scan))
      assert.equal(fates.header, 1)
      assert.ok((fates.conn ?? 0) >= 20, JSON.stringify(fates))

      const many = fatesOf(argusParser, await readAll(await convert(packets, 'pcap', environment)))
      assert.ok((many.conn ?? 0) > 300, JSON.stringify(many))
      const unusual = Object.keys(many).filter(
        (fate) => !['header', 'conn', 'arp', 'not-ip', 'management'].includes(fate),
      )
      assert.deepEqual(unusual, [])
    } finally {
      await remove()
    }
  })

  it('that Argus cannot read is an error, though Argus says all is well', {
    skip: noArgus,
  }, async () => {
    const { environment, remove } = await argusOnly()
    try {
      const converted = await convert(import.meta.filename, 'pcap', environment)
      await assert.rejects(readAll(converted), isWeirError('EDGE_CONVERTER_FAILED', /argus could not read/))
    } finally {
      await remove()
    }
  })

  it('may be left half-read', { skip: noNfcapd }, async () => {
    const converted = await convert(nfcapd, 'nfcapd')
    const [stream] = converted.streams
    assert.ok(stream)
    for await (const chunk of stream.chunks) {
      assert.ok(chunk.length > 0)
      break
    }
    await converted.close()
    await converted.close()
  })

  it('may be closed unread', { skip: noNfcapd }, async () => {
    const converted = await convert(nfcapd, 'nfcapd')
    assert.equal(await converted.close(), undefined)
  })

  it('without a program for it is an error that says what to install', async () => {
    const environment = { PATH: '/nonexistent:relative/folder' }
    await assert.rejects(convert('x.nfcapd', 'nfcapd', environment), (error) => {
      assert.ok(error instanceof WeirError)
      assert.equal(error.code, 'EDGE_NO_NFDUMP')
      assert.match(error.fix, /install nfdump/)
      return true
    })
    await assert.rejects(
      convert('x.pcap', 'pcap', environment),
      isWeirError('EDGE_NO_PCAP_READER', /x\.pcap/),
    )
  })
})

describe('Zeek on a packet capture', () => {
  let folder = ''
  let environment: Environment = {}

  /** A stand-in for Zeek: what is under test is how a program is called and what becomes of its files and its status. */
  async function pretend(script: string): Promise<void> {
    const file = join(folder, 'zeek')
    await writeFile(file, `#!/bin/sh\n${script}\n`)
    await chmod(file, 0o755)
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-test-'))
    environment = { PATH: `${folder}:/usr/bin:/bin`, SECRET: 'not for children' }
  })
  after(() => rm(folder, { recursive: true }))

  it('comes before Argus, gives its logs by name, and leaves nothing behind', async () => {
    await pretend(`pwd > ${folder}/where
echo "$@" > ${folder}/parameters
env > ${folder}/environment
echo '{"ts":1.5,"_path":"dns"}' > dns.log
echo '{"ts":1.5,"_path":"conn"}' > conn.log
echo other > .state`)
    const converted = await convert('captures/-r odd; name.pcap', 'pcap', environment)
    assert.equal(converted.kind, 'zeek')
    assert.deepEqual(
      converted.streams.map((stream) => stream.name),
      ['conn.log', 'dns.log'],
    )
    assert.equal(await readAll(converted), '{"ts":1.5,"_path":"conn"}\n{"ts":1.5,"_path":"dns"}\n')

    const where = (await readFile(join(folder, 'where'), 'utf8')).trim()
    assert.equal(existsSync(where), false)
    const path = resolve('captures/-r odd; name.pcap')
    assert.equal(await readFile(join(folder, 'parameters'), 'utf8'), `-C -r ${path} LogAscii::use_json=T\n`)
    const seen = await readFile(join(folder, 'environment'), 'utf8')
    assert.match(seen, /^TZ=UTC$/m)
    assert.doesNotMatch(seen, /SECRET/)
  })

  it('that fails is an error with the last thing it said, and leaves nothing behind', async () => {
    await pretend(`pwd > ${folder}/where\necho 'a warning' >&2\necho 'fatal error: no packets' >&2\nexit 1`)
    await assert.rejects(
      convert('x.pcap', 'pcap', environment),
      isWeirError('EDGE_CONVERTER_FAILED', /zeek could not read x\.pcap to its end: fatal error: no packets/),
    )
    assert.equal(existsSync((await readFile(join(folder, 'where'), 'utf8')).trim()), false)
  })

  it('that is killed is an error that names the signal', async () => {
    await pretend('kill -9 $$')
    await assert.rejects(
      convert('x.pcap', 'pcap', environment),
      isWeirError('EDGE_CONVERTER_FAILED', /SIGKILL/),
    )
  })

  it('is not looked for in folders that PATH names relatively', async () => {
    await pretend('exit 0')
    const relative = { PATH: '.' }
    const before = (await readdir(folder)).includes('zeek')
    assert.equal(before, true)
    assert.equal(await programOnPath('zeek', relative), null)
  })
})

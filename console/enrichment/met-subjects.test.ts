import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Network } from '@weir/processors'
import * as flows from '@weir/processors/testing'
import type { Dns, File, FlowRecord, Http } from '@weir/schemas'
import { folderWith } from '../testing/weir-run.ts'
import { MetSubjects, readMet } from './met-subjects.ts'

const dns = (query: string, given: Partial<Dns> = {}) => flows.dns({ tsMs: flows.startMs, query, ...given })
const http = (host: string, uri: string, given: Partial<Http> = {}) =>
  flows.http({ tsMs: flows.startMs, host, uri, dstPort: 80, ...given })
const file = (given: Partial<File>) =>
  flows.file({
    tsMs: flows.startMs,
    dstIp: '93.184.216.34',
    md5: 'a'.repeat(32),
    sha1: 'b'.repeat(40),
    ...given,
  })

function met(records: readonly FlowRecord[], most?: number, home: readonly string[] = []): string[] {
  const subjects = new MetSubjects(new Network(home), most)
  for (const record of records) subjects.add(record)
  const lines: string[] = []
  subjects.writeTo({ write: (line) => lines.push(line) })
  return lines.map((line) => {
    const { kind, value, hosts }: { kind: string; value: string; hosts: string } = JSON.parse(line)
    return `${kind} ${value}${hosts === 'one' ? '' : ' several'}`
  })
}

describe('what was met', () => {
  test('is nothing of the house', () => {
    assert.deepEqual(
      met([
        dns('nas.local'),
        dns('printer'),
        dns('5.0.0.10.in-addr.arpa'),
        http('intranet', '/a'),
        http('', '/a', { dstIp: '10.0.0.7' }),
        file({ senderIps: ['10.0.0.7'], receiverIps: ['10.0.0.5'] }),
      ]),
      [],
    )
    assert.deepEqual(met([http('', '/a')], undefined, ['93.184.216.0/24', '10.0.0.0/8']), [])
  })

  test('is no name without an address, no URL that gave nothing, no file that left, none without a hash or content', () => {
    assert.deepEqual(
      met([
        dns('gone.example.com', { rcode: 'NXDOMAIN', answers: [] }),
        http('www.example.com', '/a', { responseBytes: 0 }),
        file({ senderIps: ['10.0.0.5'], receiverIps: ['93.184.216.34'] }),
        file({ md5: '', sha1: '' }),
        file({ md5: 'd41d8cd98f00b204e9800998ecf8427e', sha1: '' }),
      ]),
      [],
    )
  })

  test('is registered domains, URLs without their query, one hash of a file, by turns', () => {
    assert.deepEqual(
      met([
        dns('login.brand-new-phish.com.'),
        dns('WWW.Brand-New-Phish.com'),
        http('login.brand-new-phish.com', '/invoice.pdf?to=me'),
        http('93.184.216.34:8080', '/x', { dstPort: 8080 }),
        http('', '/y', { dstPort: 81 }),
        file({}),
        file({ sha256: 'c'.repeat(64), senderIps: ['93.184.216.34'], receiverIps: ['10.0.0.5'] }),
      ]),
      [
        `hash ${'a'.repeat(32)}`,
        'url http://93.184.216.34:8080/x',
        'domain brand-new-phish.com',
        `hash ${'c'.repeat(64)}`,
        'url http://93.184.216.34:81/y',
        'url http://login.brand-new-phish.com/invoice.pdf',
      ],
    )
  })

  test('is first what one host alone met, then the earliest', () => {
    assert.deepEqual(
      met([
        dns('a.example.com'),
        dns('b.example.net', { tsMs: flows.startMs + 2 }),
        dns('c.example.org', { tsMs: flows.startMs + 1 }),
        dns('d.example.com', { srcIp: '10.0.0.6' }),
      ]),
      ['domain example.org', 'domain example.net', 'domain example.com several'],
    )
  })

  test('is bounded', () => {
    const records = Array.from({ length: 50 }, (_, i) => dns(`www.site-${i}.com`))
    assert.equal(met(records, 10).length, 10)
  })
})

test('lines that are none are passed over, and no file is none', async (t) => {
  const folder = folderWith(t, {
    'met.jsonl': `nonsense\n{"kind":"ip","value":"9.9.9.9","first":"2026-01-05T10:00:00.000Z"}\n{"kind":"url"}\n{"kind":"domain","value":"example.com","first":"2026-01-05T10:00:00.000Z"}\n`,
  })
  const read = async (name: string) => {
    const found: unknown[] = []
    for await (const each of readMet(join(folder, name))) found.push(each)
    return found
  }
  assert.deepEqual(await read('met.jsonl'), [
    { subject: { kind: 'domain', value: 'example.com' }, firstMs: flows.startMs },
  ])
  assert.deepEqual(await read('none.jsonl'), [])
})

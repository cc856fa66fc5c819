import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { argusParser } from './argus.ts'
import { nfdumpTextParser } from './nfdump-text.ts'
import type { Parser } from './parser.ts'
import { suricataParser } from './suricata.ts'

const data = resolve(import.meta.dirname, '../..', process.env.WEIR_DATA ?? '../shared/data')

type Fates = { readonly [kindOrReason: string]: number }

/** Real captures, by what is in them: records by kind, skips and rejects by reason. */
const samples: readonly (readonly [Parser, string, Fates])[] = [
  [argusParser, 'slips-samples/test2-malicious.binetflow', { header: 1, conn: 6751 }],
  [argusParser, 'slips-samples/test3-mixed.binetflow', { header: 1, conn: 89 }],
  [argusParser, 'slips-samples/test4-malicious.binetflow', { header: 1, conn: 392, arp: 2 }],
  [
    argusParser,
    'slips-samples/test5-mixed.binetflow',
    { header: 1, conn: 296, arp: 2, management: 1, 'not-ip': 1 },
  ],
  [argusParser, 'slips-samples/test11-portscan.binetflow', { header: 1, conn: 66 }],
  [
    argusParser,
    'labelled/argus-test5/test5.tabs.binetflow',
    { header: 1, conn: 6721, arp: 2, management: 1, 'not-ip': 1 },
  ],
  [argusParser, 'odd-formats/netflowlabeler/test.binetflow', { header: 1, conn: 91, arp: 6, 'not-ip': 2 }],
  [
    suricataParser,
    'slips-samples/test6-malicious.suricata.json',
    { conn: 3512, dns: 680, http: 56, tls: 1, file: 3, 'sensor-alert': 748 },
  ],
  [suricataParser, 'odd-formats/netflowlabeler/suricata.json', { 'sensor-alert': 13 }],
  [nfdumpTextParser, 'odd-formats/netflowlabeler/nfcapd.sample1', { header: 1, conn: 35 }],
  [nfdumpTextParser, 'odd-formats/netflowlabeler/nfcapd.sample1.labeled', { header: 1, conn: 35 }],
  [nfdumpTextParser, 'odd-formats/netflowlabeler/nfcapd.sample2', { header: 1, conn: 167 }],
]

describe('real captures', () => {
  for (const [parser, name, expected] of samples) {
    const file = join(data, name)
    const skip = existsSync(file) ? false : `no ${name} in WEIR_DATA`
    it(`${name}: every line has a fate, none of them a reject`, { skip }, () => {
      const lines = readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
      assert.ok(parser.recognises(lines.slice(0, 100)))
      const reader = parser.open({ site: 'lab', timezoneMinutes: 0, fileName: name })
      const fates: Record<string, number> = {}
      let ledger = 0
      lines.forEach((line, i) => {
        const parsed = reader.line(line, i + 1)
        const fate = 'reason' in parsed ? parsed.reason : parsed.kind
        fates[fate] = (fates[fate] ?? 0) + 1
        ledger++
        assert.notEqual(parsed.kind, 'reject', line)
      })
      // A file may end in blank lines.
      delete fates.blank
      assert.equal(ledger, lines.length)
      assert.deepEqual(fates, expected)
    })
  }

  const suricata = join(data, 'slips-samples/test6-malicious.suricata.json')
  it('finds most finished TCP flows established and refused ones not', {
    skip: existsSync(suricata) ? false : 'no Suricata sample in WEIR_DATA',
  }, () => {
    const reader = suricataParser.open({ site: 'lab', timezoneMinutes: 0, fileName: '' })
    let established = 0
    let closed = 0
    for (const line of readFileSync(suricata, 'utf8').trim().split('\n')) {
      const parsed = reader.line(line, 1)
      if (parsed.kind !== 'conn' || parsed.proto !== 'tcp' || parsed.state !== 'closed') continue
      closed++
      if (parsed.established === true) established++
      if (parsed.dstPkts === 0) assert.equal(parsed.established, false)
    }
    assert.equal(closed, 1980)
    assert.ok(established > 0 && established < closed, `${established} of ${closed}`)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parsers } from '../parsers/registry.ts'
import { firstPacketMs } from './capture-time.ts'
import { headBytes, recognise, shapeOf } from './recognise.ts'

const kindOf = (text: string, whole = true) => recognise(Buffer.from(text), whole, parsers)?.id ?? null

describe('recognising an input', () => {
  test('containers go by their magic bytes', () => {
    const magics: [string, string][] = [
      ['d4c3b2a1', 'pcap'],
      ['a1b2c3d4', 'pcap'],
      ['4d3cb2a1', 'pcap'],
      ['a1b23c4d', 'pcap'],
      ['0a0d0d0a', 'pcap'],
      ['0ca50100', 'nfcapd'],
      ['a50c0001', 'nfcapd'],
      ['0a0d0d0b', 'text'],
      ['1f', 'text'],
      ['', 'text'],
    ]
    for (const [hex, shape] of magics) assert.equal(shapeOf(Buffer.from(hex, 'hex')), shape, hex)
    assert.equal(shapeOf(gzipSync('x')), 'gzip')
  })

  test('text goes by what its first lines say', () => {
    const samples: [string, string][] = [
      ['#separator \\x09\n#fields\tts\tuid\n', 'zeek'],
      ['﻿#separator \\x09\r\n#fields\tts\tuid\r\n', 'zeek'],
      ['{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","proto":"udp"}', 'zeek'],
      ['{"timestamp":"2024-01-01T00:00:00.000000+0000","flow_id":1,"event_type":"flow"}\n', 'suricata'],
      [
        'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes\n',
        'argus',
      ],
      ['ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n', 'nfdump-csv'],
    ]
    for (const [text, kind] of samples) assert.equal(kindOf(text), kind, text)
  })

  test('prose, nothing, and UTF-16 are of no kind', () => {
    assert.equal(kindOf('Dear reader,\nthis is conn.log, or so it is called.\n'), null)
    assert.equal(kindOf(''), null)
    assert.equal(recognise(Buffer.from('#separator \\x09\n', 'utf16le'), true, parsers), null)
  })

  test('a last line that goes on behind the head is not looked at', () => {
    const seen: string[][] = []
    const spy = {
      id: 'zeek' as const,
      reads: '',
      makes: ['conn'] as const,
      open: () => ({ line: () => ({ kind: 'skip' as const, reason: '' }) }),
    }
    const recognises = (lines: readonly string[]) => seen.push([...lines]) < 0
    const head = Buffer.from(`first\r\nsecond\n${'x'.repeat(headBytes)}`)
    assert.equal(recognise(head, false, [{ ...spy, recognises }]), null)
    assert.deepEqual(seen, [['first', 'second']])
  })
})

describe('the first packet of a capture', () => {
  const header = (magic: string, seconds: number, fraction: number, little: boolean) => {
    const bytes = Buffer.alloc(40)
    bytes.write(magic, 'hex')
    if (little) bytes.writeUInt32LE(seconds, 24)
    else bytes.writeUInt32BE(seconds, 24)
    if (little) bytes.writeUInt32LE(fraction, 28)
    else bytes.writeUInt32BE(fraction, 28)
    return bytes
  }

  test('is read in both byte orders and both units', () => {
    assert.equal(firstPacketMs(header('d4c3b2a1', 100, 500_000, true)), 100_500)
    assert.equal(firstPacketMs(header('a1b2c3d4', 100, 500_000, false)), 100_500)
    assert.equal(firstPacketMs(header('4d3cb2a1', 100, 500_000_000, true)), 100_500)
    assert.equal(firstPacketMs(header('a1b23c4d', 100, 500_000_000, false)), 100_500)
  })

  test('of pcapng is in the unit of its interface', () => {
    const section = Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000', 'hex')
    const plain = Buffer.from('010000001400000001000000ffff000014000000', 'hex')
    const nano = Buffer.from(
      '010000002000000001000000ffff00000900010009000000000000002000000000',
      'hex',
    ).subarray(0, 32)
    const packet = (units: bigint) => {
      const bytes = Buffer.alloc(32)
      bytes.writeUInt32LE(6, 0)
      bytes.writeUInt32LE(32, 4)
      bytes.writeUInt32LE(Number(units >> 32n), 12)
      bytes.writeUInt32LE(Number(units & 0xffffffffn), 16)
      return bytes
    }
    assert.equal(
      firstPacketMs(Buffer.concat([section, plain, packet(1_700_000_000_500_000n)])),
      1_700_000_000_500,
    )
    assert.equal(
      firstPacketMs(Buffer.concat([section, nano, packet(1_700_000_000_500_000_000n)])),
      1_700_000_000_500,
    )
  })

  test('is unknown when there is none, and no damage makes it throw', () => {
    assert.equal(firstPacketMs(Buffer.from('d4c3b2a1', 'hex')), null)
    assert.equal(firstPacketMs(Buffer.from(`0a0d0d0a1c0000004d3c2b1a${'00'.repeat(60)}`, 'hex')), null)
    assert.equal(firstPacketMs(Buffer.from(`0a0d0d0a1c000000${'ff'.repeat(60)}`, 'hex')), null)
  })
})

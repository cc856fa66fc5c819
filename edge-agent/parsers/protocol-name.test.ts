import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { protocolName } from './protocol-name.ts'

describe('protocol names', () => {
  it('are lower case, whatever the sensor wrote', () => {
    const cases = {
      TCP: 'tcp',
      udp: 'udp',
      '17': 'udp',
      'IPv6-ICMP': 'icmp',
      'ipv6-icmp': 'icmp',
      ICMP6: 'icmp',
      ' 58 ': 'icmp',
      rtp: 'rtp',
      'SomeThing.New': 'something.new',
    }
    for (const [written, name] of Object.entries(cases)) assert.equal(protocolName(written), name, written)
  })

  it('are empty for what cannot be a name', () => {
    for (const text of ['', '  ', '->', 'a protocol', '<script>', 'x'.repeat(100)]) {
      assert.equal(protocolName(text), '', text)
    }
  })
})

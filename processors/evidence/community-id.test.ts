import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { communityId } from './community-id.ts'

/** Published results of the specification's reference implementation, seed 0. */
const ports: readonly (readonly [string, string, string, number, number, string])[] = [
  ['tcp', '128.232.110.120', '66.35.250.204', 34855, 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  ['tcp', '66.35.250.204', '128.232.110.120', 80, 34855, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  ['tcp', '10.0.0.1', '10.0.0.2', 10, 11569, '1:SXBGMX1lBOwhhoDrZynfROxnhnM='],
  ['tcp', '1.2.3.4', '5.6.7.8', 1122, 3344, '1:wCb3OG7yAFWelaUydu0D+125CLM='],
  ['tcp', '192.168.1.10', '192.168.1.20', 12345, 80, '1:To62PWNVuiriSZDHqB4YZp+VAYM='],
  ['tcp', '192.168.1.42', '192.168.1.42', 41, 42, '1:eRcf7I/xocOxnYo5pbJBV5NhVm0='],
  ['tcp', '192.168.1.42', '192.168.1.42', 42, 41, '1:eRcf7I/xocOxnYo5pbJBV5NhVm0='],
  ['udp', '192.168.1.52', '8.8.8.8', 54585, 53, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  ['udp', '8.8.8.8', '192.168.1.52', 53, 54585, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  ['udp', '1.2.3.4', '5.6.7.8', 1122, 3344, '1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg='],
  ['sctp', '192.168.170.8', '192.168.170.56', 7, 80, '1:jQgCxbku+pNGw8WPbEc/TS/uTpQ='],
  ['sctp', '192.168.170.56', '192.168.170.8', 80, 7, '1:jQgCxbku+pNGw8WPbEc/TS/uTpQ='],
]

const icmp: readonly (readonly [string, string, string, number, number, string])[] = [
  ['icmp', '192.168.0.89', '192.168.0.1', 8, 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  ['icmp', '192.168.0.1', '192.168.0.89', 0, 8, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  ['icmp', '192.168.0.1', '192.168.0.89', 0, 20, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  ['icmp', '192.168.0.89', '192.168.0.1', 20, 0, '1:3o2RFccXzUgjl7zDpqmY7yJi8rI='],
  ['icmp', '192.168.0.89', '192.168.0.1', 20, 1, '1:tz/fHIDUHs19NkixVVoOZywde+I='],
  ['icmp6', 'fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea', 135, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
  ['icmp6', 'fe80::260:97ff:fe07:69ea', 'fe80::200:86ff:fe05:80da', 136, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
  [
    'icmp6',
    '3ffe:507:0:1:200:86ff:fe05:80da',
    '3ffe:507:0:1:260:97ff:fe07:69ea',
    3,
    0,
    '1:/OGBt9BN1ofenrmSPWYicpij2Vc=',
  ],
  [
    'icmp6',
    '3ffe:501:0:1802:260:97ff:feb6:7ff0',
    '3ffe:507:0:1:200:86ff:fe05:80da',
    3,
    0,
    '1:bnQKq8A2r//dWnkRW2EYcMhShjc=',
  ],
]

describe('community id', () => {
  for (const [proto, src, dst, srcPort, dstPort, expected] of ports) {
    test(`of ${proto} ${src}:${srcPort} > ${dst}:${dstPort} is the published one`, () => {
      assert.equal(communityId(src, dst, proto, srcPort, dstPort, null, null), expected)
    })
  }

  for (const [proto, src, dst, type, code, expected] of icmp) {
    test(`of ${proto} ${src} > ${dst} type ${type} code ${code} is the published one`, () => {
      assert.equal(communityId(src, dst, proto, null, null, type, code), expected)
    })
  }

  test('of a protocol without ports leaves the ports out', () => {
    const expected = '1:ikv3kmf89luf73WPz1jOs49S768='
    assert.equal(communityId('1.2.3.4', '5.6.7.8', 'rsvp', null, null, null, null), expected)
    assert.equal(communityId('5.6.7.8', '1.2.3.4', '46', 1, 2, null, null), expected)
  })

  test('of a message that nobody answers differs by direction', () => {
    const there = communityId('10.0.0.1', '10.0.0.2', 'icmp', null, null, 3, 1)
    const back = communityId('10.0.0.2', '10.0.0.1', 'icmp', null, null, 3, 1)
    assert.notEqual(there, back)
  })

  test('takes icmp between IPv6 addresses for ICMPv6', () => {
    const [src, dst] = ['fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea']
    assert.equal(
      communityId(src, dst, 'icmp', null, null, 135, 0),
      communityId(src, dst, 'icmp6', null, null, 135, 0),
    )
  })

  test('does not depend on how an IPv6 address is written', () => {
    const id = communityId('2001:db8::1', '2001:db8::2', 'tcp', 443, 51000, null, null)
    assert.equal(id, '1:2TiKiiiSIuDma9IxOEOpx4wCXWM=')
    for (const same of ['2001:DB8:0:0:0:0:0:1', '2001:db8:0000::0001', '2001:db8::0.0.0.1']) {
      assert.equal(communityId(same, '2001:db8::2', 'tcp', 443, 51000, null, null), id, same)
    }
  })

  test('is empty for what has none', () => {
    for (const [src, dst, proto, srcPort, dstPort, type, code] of [
      ['10.0.0.1', '10.0.0.2', 'arp', null, null, null, null],
      ['10.0.0.1', '10.0.0.2', '', 1, 2, null, null],
      ['10.0.0.1', '10.0.0.2', '256', 1, 2, null, null],
      ['10.0.0.1', '', 'tcp', 1, 2, null, null],
      ['10.0.0.1', '10.0.0', 'tcp', 1, 2, null, null],
      ['10.0.0.1', '2001:db8::1', 'tcp', 1, 2, null, null],
      ['fe80::1%eth0', 'fe80::2', 'tcp', 1, 2, null, null],
      ['10.0.0.1', '10.0.0.2', 'tcp', null, 2, null, null],
      ['10.0.0.1', '10.0.0.2', 'tcp', 65536, 2, null, null],
      ['10.0.0.1', '10.0.0.2', 'udp', 1.5, 2, null, null],
      ['10.0.0.1', '10.0.0.2', 'icmp', null, null, null, null],
      ['10.0.0.1', '10.0.0.2', 'icmp', null, null, 3, null],
      ['10.0.0.1', '10.0.0.2', 'icmp', null, null, 256, 0],
    ] as const) {
      assert.equal(communityId(src, dst, proto, srcPort, dstPort, type, code), '', `${src} ${dst} ${proto}`)
    }
  })
})

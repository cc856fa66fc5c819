import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  isLinkLocal,
  isLoopback,
  isMulticast,
  isPrivate,
  isPublic,
  isScannable,
  isUnicast,
  isWithinPrivateUse,
  privateUseBlock,
} from './address-class.ts'

type Row = readonly [ip: string, isPrivate: boolean, isPublic: boolean, isScannable: boolean]

/** Edges of the blocks of spec inputs.md section 15.2. */
const rows: readonly Row[] = [
  ['8.8.8.8', false, true, true],
  ['10.0.0.0', true, false, true],
  ['10.255.255.255', true, false, true],
  ['11.0.0.0', false, true, true],
  ['100.64.0.1', false, true, true],
  ['127.0.0.1', true, false, false],
  ['169.254.1.1', true, false, false],
  ['172.15.255.255', false, true, true],
  ['172.16.0.0', true, false, true],
  ['172.31.255.255', true, false, true],
  ['172.32.0.0', false, true, true],
  ['192.0.0.7', true, false, true],
  ['192.0.0.8', false, true, true],
  ['192.0.2.255', true, false, true],
  ['192.168.255.255', true, false, true],
  ['198.17.255.255', false, true, true],
  ['198.18.0.0', true, false, true],
  ['198.20.0.0', false, true, true],
  ['203.0.113.9', true, false, true],
  ['224.0.0.251', false, false, false],
  ['240.0.0.1', true, false, false],
  ['255.255.255.255', true, false, false],
  ['0.0.0.0', true, false, false],
  ['2606:4700:4700::1111', false, true, true],
  ['::1', true, false, false],
  ['::', true, false, false],
  ['2001:db8::1', true, false, true],
  ['fc00::1', true, false, true],
  ['fe80::1', true, false, false],
  ['ff02::fb', false, false, false],
  ['4000::1', false, false, false],
  ['not an address', false, false, false],
  ['', false, false, false],
]

describe('an address', () => {
  test('is of the class its block says, at the edges too', () => {
    for (const [ip, priv, pub, scannable] of rows) {
      assert.deepEqual([isPrivate(ip), isPublic(ip), isScannable(ip)], [priv, pub, scannable], ip)
    }
  })

  test('is the same when it is asked for again, after others', () => {
    for (const [ip, priv] of [...rows, ...rows.toReversed()]) assert.equal(isPrivate(ip), priv, ip)
  })

  test('of everybody or nobody is no host', () => {
    for (const ip of ['255.255.255.255', '224.0.0.1', '0.0.0.0', '::', 'ff02::1', 'x'])
      assert.equal(isUnicast(ip), false, ip)
    for (const ip of ['10.0.0.1', '8.8.8.8', 'fe80::1', '127.0.0.1']) assert.equal(isUnicast(ip), true, ip)
  })

  test('is told apart by kind', () => {
    assert.deepEqual([isMulticast('239.1.1.1'), isMulticast('10.1.1.1')], [true, false])
    assert.deepEqual([isLinkLocal('fe80::2'), isLinkLocal('fec0::2')], [true, false])
    assert.deepEqual([isLoopback('127.8.9.1'), isLoopback('128.0.0.1')], [true, false])
  })
})

test('the blocks for use inside sites end where RFC 1918 and RFC 4193 say', () => {
  const same = [
    ['10.0.0.0', '10.255.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.168.0.0', '192.168.255.255'],
  ] as const
  for (const [first, last] of same) {
    assert.notEqual(privateUseBlock(first), 0, first)
    assert.equal(privateUseBlock(first), privateUseBlock(last))
  }
  assert.equal(new Set(same.map(([first]) => privateUseBlock(first))).size, same.length)
  for (const ip of [
    '9.255.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.169.0.1',
    '100.64.0.1',
    'fd20::1',
    '',
  ])
    assert.equal(privateUseBlock(ip), 0, ip)
  for (const ip of ['fc00::1', 'fdff:ffff::1', '10.0.0.1']) assert.ok(isWithinPrivateUse(ip), ip)
  for (const ip of ['fe80::1', 'fb00::1', 'fd::1', '2001:db8::1', '11.0.0.1', ''])
    assert.ok(!isWithinPrivateUse(ip), ip)
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressBetween, canonicalAddress, canonicalMac } from './address.ts'

describe('canonicalAddress', () => {
  test('dotted decimal is itself', () => {
    for (const text of ['0.0.0.0', '10.0.0.1', '192.168.100.200', '255.255.255.255', '128.0.0.0']) {
      assert.equal(canonicalAddress(text), text)
    }
  })

  test('octets with leading zeros, over 255, too few or too many are no address', () => {
    for (const text of [
      '01.2.3.4',
      '1.2.3.04',
      '00.0.0.0',
      '256.1.1.1',
      '1.2.3',
      '1.2.3.4.5',
      '1..2.3',
      '1.2.3.',
      '.1.2.3',
    ]) {
      assert.equal(canonicalAddress(text), null, text)
    }
  })

  test('text that is no address is null', () => {
    for (const text of [
      '',
      '-',
      '(empty)',
      'host',
      '1',
      ' 1.2.3.4',
      '1.2.3.4 ',
      '0x7f.0.0.1',
      ':',
      ':::',
      '1::2::3',
      'fe80',
      '1:2:3:4:5:6:7:8:9',
      'g::1',
      '12345::',
      '00:11:22:33:44:55',
      `::${'1'.repeat(500)}`,
      '1.2.3.4\0',
    ]) {
      assert.equal(canonicalAddress(text), null, text)
    }
  })

  test('IPv6 comes out as RFC 5952 has it', () => {
    const forms: [string, string][] = [
      ['2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['0:0:0:0:0:0:0:0', '::'],
      ['::', '::'],
      ['0001::', '1::'],
      ['FE80::ABCD', 'fe80::abcd'],
    ]
    for (const [text, canonical] of forms) assert.equal(canonicalAddress(text), canonical)
  })

  test('an IPv4-mapped address becomes the IPv4 one', () => {
    assert.equal(canonicalAddress('::ffff:1.2.3.4'), '1.2.3.4')
    assert.equal(canonicalAddress('::FFFF:0102:0304'), '1.2.3.4')
  })

  test('a zone is dropped', () => {
    assert.equal(canonicalAddress('fe80::1%eth0'), 'fe80::1')
  })

  test('the second asking gives what the first gave', () => {
    for (const text of ['2001:DB8::9', '1::2::3', '9.9.9.9', 'fe80::2%lan']) {
      assert.equal(canonicalAddress(text), canonicalAddress(text))
    }
  })

  test('more addresses than there are slots all come out right', () => {
    for (let i = 0; i < 200_000; i++) {
      const text = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
      if (canonicalAddress(text) !== text) assert.fail(text)
    }
    for (let i = 0; i < 70_000; i++) {
      const text = `2001:db8::${(i + 1).toString(16)}`
      if (i < 0xffff && canonicalAddress(text) !== text) assert.fail(text)
    }
    assert.equal(canonicalAddress('10.0.0.1'), '10.0.0.1')
  })
})

test('an address is read from the middle of a line, and nothing around it', () => {
  const line = '1.5\tC1\t10.0.0.1\t80\t2001:DB8::1\t-'
  assert.equal(addressBetween(line, 7, 15), '10.0.0.1')
  assert.equal(addressBetween(line, 19, 30), '2001:db8::1')
  assert.equal(addressBetween(line, 16, 18), null)
  assert.equal(addressBetween(line, 7, 7), null)
})

test('a MAC comes out in lower case with colons from all common forms, and anything else is empty', () => {
  for (const text of ['00:1A:2b:3C:4d:5E', '00-1a-2b-3c-4d-5e', '001a.2b3c.4d5e', '001A2B3C4D5E']) {
    assert.equal(canonicalMac(text), '00:1a:2b:3c:4d:5e')
    assert.equal(canonicalMac(text), '00:1a:2b:3c:4d:5e')
  }
  for (const text of [
    '',
    '-',
    '00:1a:2b:3c:4d',
    '00:1a-2b:3c:4d:5e',
    '00:1a:2b:3c:4d:5g',
    '00:1a:2b:3c:4d:5e:6f',
  ]) {
    assert.equal(canonicalMac(text), '')
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bits4, readBits6 } from './address-bits.ts'

function six(text: string): string | null {
  const words = new Uint32Array(4)
  return readBits6(text, words) ? [...words].map((word) => word.toString(16)).join(' ') : null
}

test('a dotted address is its 32 bits', () => {
  assert.equal(bits4('0.0.0.0'), 0)
  assert.equal(bits4('1.2.3.4'), 0x01020304)
  assert.equal(bits4('255.255.255.255'), 0xffffffff)
})

test('what is no dotted address has no bits', () => {
  for (const text of [
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1..2.3',
    '1.2.3.',
    '1.2.3.x',
    '1.2.3.0004',
    '1.02.3.4',
  ]) {
    assert.equal(bits4(text), -1, text)
  }
})

test('an IPv6 address is its four words, wherever its zeros are left out', () => {
  assert.equal(six('2001:db8::1'), '20010db8 0 0 1')
  assert.equal(six('::'), '0 0 0 0')
  assert.equal(six('::1'), '0 0 0 1')
  assert.equal(six('fe80::'), 'fe800000 0 0 0')
  assert.equal(six('1:2:3:4:5:6:7:8'), '10002 30004 50006 70008')
  assert.equal(six('1:2::7:8'), '10002 0 0 70008')
  assert.equal(six('1::3:4:5:6:7:8'), '10000 30004 50006 70008')
})

test('what is no IPv6 address is refused', () => {
  for (const text of [
    '',
    ':',
    ':::',
    '1',
    '1:2:3',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'g::',
    '12345::',
    ':1::',
  ]) {
    assert.equal(six(text), null, text)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignSide, isForeignPrivate } from './local-network.ts'
import { Network } from './network.ts'

const unstated = new Network([])
const office = new Network(['10.20.0.0/16', 'fd20::/64'])

test('without stated networks, the block of the other end is the local one', () => {
  assert.ok(!isForeignPrivate('10.1.1.1', '10.200.1.1', unstated))
  assert.ok(isForeignPrivate('192.168.1.1', '10.200.1.1', unstated))
  assert.ok(isForeignPrivate('172.31.1.1', '192.168.7.7', unstated))
  assert.ok(!isForeignPrivate('172.32.1.1', '192.168.7.7', unstated))
  assert.ok(!isForeignPrivate('192.168.1.1', '93.184.216.34', unstated))
  assert.ok(!isForeignPrivate('fd99::1', 'fd20::1', unstated))
})

test('special blocks are of no network', () => {
  for (const ip of [
    '169.254.1.1',
    '127.0.0.1',
    '198.18.0.1',
    '255.255.255.255',
    '0.0.0.0',
    'fe80::1',
    '::1',
  ]) {
    assert.ok(!isForeignPrivate(ip, '10.20.0.1', unstated), ip)
    assert.ok(!isForeignPrivate(ip, '10.20.0.1', office), ip)
  }
})

test('with stated networks, what is private and outside them is foreign', () => {
  assert.equal(foreignSide('10.20.1.1', '10.21.1.1', office), 'dst')
  assert.equal(foreignSide('10.21.1.1', '10.20.1.1', office), 'src')
  assert.equal(foreignSide('10.21.1.1', '10.22.1.1', office), '')
  assert.equal(foreignSide('10.20.1.1', '10.20.1.2', office), '')
  assert.equal(foreignSide('10.20.1.1', '93.184.216.34', office), '')
  assert.equal(foreignSide('93.184.216.34', '10.20.1.1', office), '')
  assert.equal(foreignSide('fd20::1', 'fd99::1', office), 'dst')
})

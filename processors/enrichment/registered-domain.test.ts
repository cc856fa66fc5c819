import assert from 'node:assert/strict'
import { test } from 'node:test'
import { registeredDomainOf } from './registered-domain.ts'

test('a name is reduced to what somebody registered', () => {
  assert.equal(registeredDomainOf('a.b.example.co.uk'), 'example.co.uk')
  assert.equal(registeredDomainOf('example.com'), 'example.com')
})

test('names of the house, suffixes, addresses and text have no registered domain', () => {
  for (const name of [
    'printer.local',
    '5.0.0.10.in-addr.arpa',
    'com',
    'co.uk',
    '10.0.0.5',
    '2001:db8::1',
    'host',
    '',
    'nas.lan',
  ])
    assert.equal(registeredDomainOf(name), '', name)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { organisationAddresses } from '../data/organisation-addresses.ts'
import { parseCidr } from '../profile/network.ts'
import {
  organisationAt,
  organisationOfAddress,
  organisationOfAsn,
  organisationOfName,
} from './organisations.ts'
import { noWhereabouts, type Whereabouts } from './whereabouts.ts'

const announcedBy = (asn: number): Whereabouts => ({ placeOf: () => ({ country: '', asn, asName: '' }) })

test('every range of the table is a network without host bits, and belongs to one company', () => {
  const seen = new Map<string, string>()
  for (const [name, { ranges, asns, hosts }] of Object.entries(organisationAddresses)) {
    for (const range of ranges) {
      const parsed = parseCidr(range)
      assert.ok(parsed !== null && range.includes('/'), range)
      const first = range.slice(0, range.indexOf('/'))
      assert.equal(organisationOfAddress(first), name, range)
      const bits = parsed[0]
        .toByteArray()
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('')
      assert.ok(!bits.slice(parsed[1]).includes('1'), `${range} has host bits`)
    }
    for (const asn of [...asns, ...hosts]) {
      assert.equal(seen.get(`${asn}`), undefined, `AS${asn}`)
      seen.set(`${asn}`, name)
      assert.deepEqual(organisationOfAsn(asn), { name, isHost: hosts.includes(asn) })
    }
  }
})

test('an address belongs to whose range it is in, at both ends of the range and no further', () => {
  assert.equal(organisationOfAddress('17.0.0.0'), 'apple')
  assert.equal(organisationOfAddress('17.255.255.255'), 'apple')
  assert.equal(organisationOfAddress('18.0.0.0'), '')
  assert.equal(organisationOfAddress('16.255.255.255'), '')
  assert.equal(organisationOfAddress('2a03:2880:f12d:83:face:b00c:0:25de'), 'facebook')
  assert.equal(organisationOfAddress('2a03:2881::1'), '')
  assert.equal(organisationOfAddress('not an address'), '')
})

test('a name belongs to the company of the domain it is in, and not to one that ends alike', () => {
  assert.equal(organisationOfName('www.google.com'), 'google')
  assert.equal(organisationOfName('google.com'), 'google')
  assert.equal(organisationOfName('notgoogle.com'), '')
  assert.equal(organisationOfName('google.com.example.net'), '')
  assert.equal(organisationOfName(''), '')
})

test('a number of machines for rent is nobody to be trusted, a number of the company is', () => {
  assert.equal(organisationAt('3.5.1.2', [], announcedBy(16509)), '')
  assert.equal(organisationAt('34.1.2.3', [], announcedBy(15169)), '')
  assert.equal(organisationAt('34.1.2.3', ['mail.google.com'], announcedBy(15169)), 'google')
  assert.equal(organisationAt('193.0.0.1', [], announcedBy(714)), 'apple')
  assert.equal(organisationAt('193.0.0.1', [], noWhereabouts), '')
})

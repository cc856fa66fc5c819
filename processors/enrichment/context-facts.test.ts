import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evidence } from '../testing/evidence.ts'
import { plainContext, withContext } from './context-facts.ts'
import { MacVendorTable } from './mac-vendors.ts'
import type { Place, Whereabouts } from './whereabouts.ts'

const places = new Map<string, Place>([
  ['93.184.216.34', { country: 'US', asn: 15133, asName: 'Edgecast' }],
  ['3.5.1.2', { country: 'US', asn: 16509, asName: 'Amazon' }],
  ['10.0.0.5', { country: 'XX', asn: 1, asName: 'nobody may ask' }],
])
const whereabouts: Whereabouts = { placeOf: (ip) => places.get(ip) ?? null }
const macVendors = MacVendorTable.read('Apple, Inc.\t000393\n')
assert.ok(macVendors !== null)
const context = { whereabouts, macVendors }

const end = (ip: string, port: number | null = null, names: readonly string[] = []) => ({
  ip,
  port,
  names,
  mac: '',
})

describe('evidence with its context', () => {
  test('has the facts of public ends, devices and services, and no others', () => {
    assert.deepEqual(withContext(evidence(), context).facts, {
      srcVendor: 'Apple, Inc.',
      dstCountry: 'US',
      dstAsn: 15133,
      dstAsName: 'Edgecast',
      dstService: 'ssh',
      flows: 3,
    })
  })

  test('keeps what its detector said, and everything that is no fact', () => {
    const given = evidence({ facts: { dstCountry: 'said by the detector' } })
    const told = withContext(given, context)
    assert.equal(told.facts.dstCountry, 'said by the detector')
    assert.deepEqual({ ...told, facts: {} }, { ...given, facts: {} })
  })

  test('is the very same where nothing is known', () => {
    const given = evidence({ dst: end('93.184.216.34', 4_000) })
    assert.equal(withContext(given, plainContext), given)
    const alone = evidence({ src: null, dst: null, victim: null })
    assert.equal(withContext(alone, context), alone)
  })

  test('never asks where a private address is', () => {
    const given = evidence({ dst: end('10.0.0.5', 4_000), src: end('10.0.0.5'), victim: null })
    assert.equal(withContext(given, context), given)
  })

  test('tells whose service it is from whose machine it is rented', () => {
    assert.equal(withContext(evidence({ dst: end('142.250.1.1') }), context).facts.dstOrganisation, 'google')
    const rented = withContext(evidence({ dst: end('3.5.1.2') }), context).facts
    assert.equal(rented.dstOrganisation, undefined)
    assert.equal(rented.dstHosting, 'amazon')
    const named = withContext(evidence({ dst: end('3.5.1.2', 443, ['gateway.icloud.com']) }), context).facts
    assert.equal(named.dstOrganisation, 'apple')
    assert.equal(named.dstHosting, undefined)
  })

  test('names attackers and victims that are neither end', () => {
    const { facts } = withContext(
      evidence({
        dst: end('10.0.0.1', 53),
        victim: null,
        attacker: { direction: 'dst', type: 'ip', value: '93.184.216.34' },
      }),
      context,
    )
    assert.equal(facts.attackerCountry, 'US')
    assert.equal(facts.dstCountry, undefined)
    assert.equal(facts.dstService, 'domain')
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Evidence } from '@weir/schemas'
import { Network } from '../profile/network.ts'
import { evidence } from '../testing/evidence.ts'
import { type EvidenceContext, withContext as inContext, plainContext } from './context-facts.ts'
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

const network = new Network([])
const withContext = (given: Evidence, known: EvidenceContext) => inContext(given, known, network)

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

  test('names the maker of the cards of home hosts alone: of all others it is that of the router', () => {
    const card = { mac: '00:03:93:00:00:01', port: null, names: [] }
    const makers = (src: string, dst: string, home: readonly string[] = []) => {
      const given = evidence({ src: { ...card, ip: src }, dst: { ...card, ip: dst } })
      const { facts } = inContext(given, context, new Network(home))
      return [facts.srcVendor, facts.dstVendor]
    }
    assert.deepEqual(makers('10.0.0.5', '93.184.216.34'), ['Apple, Inc.', undefined])
    assert.deepEqual(makers('10.0.0.5', '10.0.0.6'), ['Apple, Inc.', 'Apple, Inc.'])
    assert.deepEqual(makers('93.184.216.34', '10.0.0.6', ['192.168.0.0/16']), [undefined, undefined])
    assert.deepEqual(makers('0.0.0.0', 'fe80::1'), ['Apple, Inc.', 'Apple, Inc.'])
    assert.deepEqual(makers('2a01:4f8:1:2::5', '2a01:4f8:1:2::6'), ['Apple, Inc.', 'Apple, Inc.'])
    assert.deepEqual(makers('2a01:4f8:1:2::5', '2606:4700::6'), [undefined, undefined])
  })

  test('knows an IPv4 host behind a translator', () => {
    const { facts } = withContext(evidence({ dst: end('64:ff9b::5db8:d822') }), context)
    assert.deepEqual([facts.dstCountry, facts.dstAsn], ['US', 15133])
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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getPublicSuffix } from 'tldts'
import { organisationOfName } from '../enrichment/organisations.ts'
import { customerZoneOf, customerZones, isWithinOwnZone } from './customer-zones.ts'
import { isWithinZone } from './dns-zones.ts'
import { organisationDomains } from './organisation-domains.ts'
import { periodicZones, pollingVendors } from './periodic-services.ts'

const exempt = [...Object.values(organisationDomains).flat(), ...periodicZones, ...pollingVendors]

/** On the list so that the sites of the company's own teams do not share cookies. */
const ofTheCompanyAlone = ['googleapis.com', 'withgoogle.com']

const suffixOf = (name: string): string => getPublicSuffix(name, { allowPrivateDomains: true }) ?? ''

test('customer zones are names in lower case, each once', () => {
  for (const zone of customerZones) assert.match(zone, /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/)
  assert.equal(new Set(customerZones).size, customerZones.length)
})

test('no zone that excuses is one below which the public suffix list has names of customers', () => {
  // Labels that stand below the domains of companies for what is let to others.
  const labels = new Set(
    customerZones.flatMap((zone) => {
      const parts = zone.split('.')
      return parts.map((_, at) => parts.slice(0, at + 1).join('.'))
    }),
  )
  for (const zone of exempt) {
    for (const name of [zone, ...[...labels].map((label) => `${label}.${zone}`)]) {
      const suffix = suffixOf(`a.${name}`)
      if (!isWithinZone(suffix, [zone]) || ofTheCompanyAlone.includes(suffix)) continue
      assert.ok(
        !isWithinOwnZone(`evil.${suffix}`, [zone]),
        `${zone} would excuse names below ${suffix}, which anybody may have`,
      )
    }
  }
})

test('a name of a customer is in no zone that excuses and is of no organisation', () => {
  for (const zone of customerZones) {
    const name = `evil.${zone}`
    assert.equal(customerZoneOf(name), zone)
    assert.ok(!isWithinOwnZone(name, exempt), name)
    assert.equal(organisationOfName(name), '', name)
  }
})

test('domains that are shared with customers stand in no list as a whole', () => {
  for (const shared of ['azure.com', 'windows.net', 'googleusercontent.com', 'goog', 'amazonaws.com']) {
    assert.ok(!isWithinOwnZone(`x-unheard-of.${shared}`, exempt), shared)
  }
})

test("the company's own names are excused, also beside those of customers", () => {
  for (const name of [
    'login.windows.net',
    'portal.azure.com',
    'lh3.googleusercontent.com',
    'update.googleapis.com',
    'o.pki.goog',
  ]) {
    assert.ok(isWithinOwnZone(name, exempt), name)
  }
  assert.equal(organisationOfName('www.googleapis.com'), 'google')
  assert.equal(customerZoneOf('microsoft.com'), '')
})

test('who lists the name of one customer means that customer', () => {
  assert.ok(isWithinOwnZone('eu.our-app.azurewebsites.net', ['our-app.azurewebsites.net']))
  assert.ok(!isWithinOwnZone('eu.other-app.azurewebsites.net', ['our-app.azurewebsites.net', 'net']))
})

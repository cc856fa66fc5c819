import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextText } from './context-text.ts'

test('both ends are told, each in the order of country, AS number, company, maker and service', () => {
  assert.equal(
    contextText({
      dstService: 'https',
      dstOrganisation: 'google',
      dstAsn: 15169,
      dstAsName: 'Google LLC',
      dstCountry: 'US',
      srcVendor: 'Apple, Inc.',
      flows: 3,
    }),
    'from Apple, Inc.; to US, AS15169 Google LLC, google, https',
  )
})

test('nothing is said where nothing is known, or no more than the name of the port', () => {
  assert.equal(contextText({}), '')
  assert.equal(contextText({ flows: 3, dstService: 'ssh' }), '')
  assert.equal(contextText({ dstAsn: 64_500 }), 'to AS64500')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evidence } from '@weir/schemas'
import { evidence } from '../testing/evidence.ts'
import { withPopularity } from './popularity.ts'

const domains = ['example.org', 'example.com']
const ip = '93.184.216.34'

function against(names: readonly string[], given: Partial<Evidence> = {}): Evidence {
  return evidence({ confidence: 0.6, dst: { ip, port: 443, names, mac: '' }, facts: {}, ...given })
}

const quiet: Readonly<Record<string, Evidence>> = {
  'an address without a name': against([]),
  'a name that ends in the same letters': against(['notexample.com']),
  'a further name, which may be anybody’s': against(['www.example.com', 'evil.example.net']),
  'another party than the destination of the flow': against(['www.example.com'], {
    victim: { direction: 'dst', type: 'ip', value: '93.184.216.99' },
  }),
  'what a feed says': against(['www.example.com'], { type: 'THREAT_INTELLIGENCE_TO_BLACKLISTED_IP' }),
  'a doubt whether it is the place at all': against(['www.example.com'], { type: 'CN_URL_MISMATCH' }),
  'no destination': against([], { dst: null, victim: null }),
}

for (const [what, given] of Object.entries(quiet)) {
  test(`the confidence stays: ${what}`, () => {
    assert.deepEqual(withPopularity(given, domains), given)
  })
}

test('without popular domains nothing is changed', () => {
  const given = against(['www.example.com'])
  assert.equal(withPopularity(given, []), given)
})

const lowered: Readonly<Record<string, Evidence>> = {
  'its names are popular': against(['WWW.Example.com', 'example.org']),
  'nobody is named as the victim': against(['www.example.com'], { victim: null }),
  'the victim is a popular name': against([], {
    victim: { direction: 'dst', type: 'domain', value: 'www.example.com' },
  }),
  'it is the other half of a pair': against(['www.example.com'], {
    attacker: { direction: 'dst', type: 'ip', value: ip },
    victim: { direction: 'src', type: 'ip', value: '10.0.0.5' },
  }),
}

for (const [what, given] of Object.entries(lowered)) {
  test(`half the confidence is left: ${what}`, () => {
    const { confidence, facts } = withPopularity(given, domains)
    assert.equal(confidence, 0.3)
    assert.match(String(facts.popularSite), /example\.com$/i)
  })
}

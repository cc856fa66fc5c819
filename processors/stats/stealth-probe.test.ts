import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '@weir/schemas'
import { conn } from '../testing/flows.ts'
import { isStealthProbe } from './stealth-probe.ts'

const probe = (given: Partial<Conn> = {}) =>
  conn({
    srcPort: 40_000,
    dstPort: 443,
    state: 'SH',
    history: 'F',
    established: false,
    srcPkts: 1,
    srcBytes: 0,
    dstBytes: 0,
    ...given,
  })

test('a FIN, an ACK or flags of no connection, refused or not, may be a probe', () => {
  for (const history of ['F', 'Fr', 'A', 'Ar', 'Q', 'r', 'FF']) {
    assert.equal(isStealthProbe(probe({ history })), true, history)
  }
})

test('what the other side took part in, with data, or at length, is no probe', () => {
  for (const history of ['S', 'Sr', 'FfA', 'Fa', 'hA', 'Dd', 'R', 'AdF', '^r', '']) {
    assert.equal(isStealthProbe(probe({ history })), false, history)
  }
  assert.equal(isStealthProbe(probe({ srcBytes: 10 })), false)
  assert.equal(isStealthProbe(probe({ dstBytes: 10 })), false)
  assert.equal(isStealthProbe(probe({ history: 'A', srcPkts: 8 })), false)
})

test('the late end of what a service had with its clients is no probe', () => {
  assert.equal(isStealthProbe(probe({ srcPort: 443, dstPort: 8_080 })), false)
  assert.equal(isStealthProbe(probe({ srcPort: 8_080, dstPort: 50_000 })), false)
  assert.equal(isStealthProbe(probe({ srcPort: 50_000, dstPort: 50_001 })), true)
})

test('other sensors tell of no order', () => {
  assert.equal(isStealthProbe(probe({ source: 'argus' })), false)
  assert.equal(isStealthProbe(probe({ proto: 'udp' })), false)
})

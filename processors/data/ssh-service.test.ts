import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conn } from '../testing/flows.ts'
import { isSshConnection, mayHideSsh } from './ssh-service.ts'

test('the service that a sensor recognised goes before the port', () => {
  assert.equal(isSshConnection(conn({ dstPort: 443, service: 'ssh' }), [22]), true)
  assert.equal(isSshConnection(conn({ dstPort: 22, service: 'ssl' }), [22]), false)
  assert.equal(isSshConnection(conn({ dstPort: 22 }), [22]), true)
  assert.equal(isSshConnection(conn({ dstPort: 22, proto: 'udp' }), [22]), false)
})

test('SSH may hide where no service is, or one whose sessions are long', () => {
  for (const port of [902, 1_022, 10_022, 50_022]) assert.equal(mayHideSsh(port), true, String(port))
  for (const port of [80, 443, 445, 3_306, 5_432, 6_379, 8_443]) {
    assert.equal(mayHideSsh(port), false, String(port))
  }
})

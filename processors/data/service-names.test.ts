import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceName } from './service-names.ts'

test('a port has the name of its own protocol', () => {
  assert.equal(serviceName('tcp', 443), 'https')
  assert.equal(serviceName('udp', 443), 'https-quic')
  assert.equal(serviceName('tcp', 22), 'ssh')
  assert.equal(serviceName('udp', 22), '')
  assert.equal(serviceName('udp', 53), 'domain')
})

test('ports nobody named and protocols without ports have none', () => {
  assert.equal(serviceName('tcp', 4_445), '')
  assert.equal(serviceName('icmp', 22), '')
  assert.equal(serviceName('tcp', Number.NaN), '')
})

test('every row of the table has a name and a port', () => {
  for (const proto of ['tcp', 'udp']) {
    let named = 0
    for (let port = 0; port < 65_536; port += 1) {
      const name = serviceName(proto, port)
      if (name === '') continue
      named += 1
      assert.match(name, /^[a-z][a-z0-9-]*$/)
      assert.notEqual(port, 0)
    }
    assert.ok(named > 60, proto)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conn } from '../testing/flows.ts'
import { serviceAt, serviceName } from './service-name.ts'

test('a service is named by protocol and port, however many there are', () => {
  for (let round = 0; round < 2; round += 1) {
    for (let port = 0; port < 20_000; port += 1) {
      if (serviceName('udp', port) !== `udp/${port}`) assert.fail(serviceName('udp', port))
      if (serviceName('tcp', port) !== `tcp/${port}`) assert.fail(serviceName('tcp', port))
    }
  }
})

test('a service of a host is that of the record asked about', () => {
  const one = conn({ proto: 'tcp', dstIp: '192.0.2.1', dstPort: 443 })
  const other = conn({ proto: 'udp', dstIp: '2001:db8::1', dstPort: 53 })
  assert.equal(serviceAt(one), 'tcp/443 of 192.0.2.1')
  assert.equal(serviceAt(other), 'udp/53 of 2001:db8::1')
  assert.equal(serviceAt(one), 'tcp/443 of 192.0.2.1')
})

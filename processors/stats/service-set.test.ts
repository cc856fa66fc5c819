import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceCode, serviceSet } from './service-set.ts'

test('a list holds its services, by protocol, and nothing that is none', () => {
  const services = serviceSet(['tcp/445', 'udp/53', 'icmp/8', 'tcp', 'tcp/x', 'tcp/445'])
  assert.deepEqual([...services], [serviceCode('tcp', 445), serviceCode('udp', 53)])
  assert.ok(!services.has(serviceCode('udp', 445)))
})

test('the same list is the same set', () => {
  const list = ['tcp/445']
  assert.equal(serviceSet(list), serviceSet(list))
  assert.notEqual(serviceSet(list), serviceSet(['tcp/445']))
})

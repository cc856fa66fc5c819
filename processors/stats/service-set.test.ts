import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceCode, serviceSet } from './service-set.ts'

test('a list holds its services, by protocol, and nothing that is none', () => {
  const services = serviceSet(['tcp/445', 'udp/53', 'icmp/8', 'tcp', 'tcp/x', 'tcp/445'])
  assert.deepEqual([...services], [serviceCode('tcp', 445), serviceCode('udp', 53)])
  assert.ok(!services.has(serviceCode('udp', 445)))
})

test('a range holds its ports, and none beyond the last there is', () => {
  const services = serviceSet(['udp/19302-19304', 'tcp/65534-70000', 'tcp/9-8', 'tcp/1-2-3'])
  const udp = [19_302, 19_303, 19_304].map((port) => serviceCode('udp', port))
  assert.deepEqual([...services], [...udp, serviceCode('tcp', 65_534), serviceCode('tcp', 65_535)])
})

test('the same list is the same set', () => {
  const list = ['tcp/445']
  assert.equal(serviceSet(list), serviceSet(list))
  assert.notEqual(serviceSet(list), serviceSet(['tcp/445']))
})

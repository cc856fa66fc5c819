import assert from 'node:assert/strict'
import { test } from 'node:test'
import { houseServices } from './house-services.ts'

test('services of the house are protocol and port, each once', () => {
  for (const service of houseServices) assert.match(service, /^(tcp|udp)\/[1-9]\d{0,4}$/)
  assert.equal(new Set(houseServices).size, houseServices.length)
})

test('what people log in to and administer by is none of them', () => {
  for (const port of [22, 23, 3_389, 5_900, 5_985, 3_306, 5_432]) {
    assert.ok(!houseServices.includes(`tcp/${port}`), String(port))
  }
})

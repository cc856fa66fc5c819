import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isPrivate, isPublic, isScannable } from './address-class.ts'
import { Network } from './network.ts'
import { untranslated } from './translated-address.ts'

describe('an address behind a translator', () => {
  test('is the IPv4 address that stands in it, and every other address is itself', () => {
    for (const [given, plain] of [
      ['64:ff9b::2d4d:102', '45.77.1.2'],
      ['64:ff9b::808:808', '8.8.8.8'],
      ['64:ff9b::5', '0.0.0.5'],
      ['64:ff9b::', '0.0.0.0'],
      ['::ffff:a00:5', '10.0.0.5'],
      ['::ffff:10.0.0.5', '10.0.0.5'],
      ['64:ff9b:1::808:808', '64:ff9b:1::808:808'],
      ['64:ff9b::1:808:808', '64:ff9b::1:808:808'],
      ['64:ff9b::no', '64:ff9b::no'],
      ['2606:4700::1', '2606:4700::1'],
      ['::1', '::1'],
      ['8.8.8.8', '8.8.8.8'],
      ['', ''],
    ] as const) {
      assert.equal(untranslated(given), plain, given)
    }
  })

  test('is of the class and the network of the IPv4 host', () => {
    assert.deepEqual([isPublic('64:ff9b::808:808'), isScannable('64:ff9b::808:808')], [true, true])
    assert.equal(isPrivate('64:ff9b::a00:1'), true)
    assert.equal(isPublic('64:ff9b:1::808:808'), false)
    assert.equal(new Network(['147.32.0.0/16']).isHome('64:ff9b::9320:1'), true)
    assert.equal(new Network(['147.32.0.0/16']).isHome('64:ff9b::9420:1'), false)
  })
})

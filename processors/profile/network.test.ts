import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Network, parseCidr } from './network.ts'

describe('a network', () => {
  test('without a word of what is home takes the private ranges, but not loopback and link-local', () => {
    const network = new Network([])
    assert.equal(network.isStated, false)
    assert.deepEqual(
      ['10.1.2.3', '192.168.0.1', 'fd00::1', '127.0.0.1', 'fe80::1', '8.8.8.8'].map((ip) =>
        network.isHome(ip),
      ),
      [true, true, true, false, false, false],
    )
  })

  test('takes what is stated and nothing else, of both families', () => {
    const network = new Network(['147.32.80.0/22', '2001:db8::/32', '10.0.0.7'])
    assert.equal(network.isStated, true)
    assert.deepEqual(
      ['147.32.83.255', '147.32.84.0', '2001:db8:1::1', '10.0.0.7', '10.0.0.8', 'x'].map((ip) =>
        network.isHome(ip),
      ),
      [true, false, true, true, false, false],
    )
  })

  test('without a word of what is home takes for home what is of the same IPv6 subnet, as seen from there', () => {
    const network = new Network([])
    assert.equal(network.isHome('2a01:4f8:1:2::10', '2a01:4f8:1:2::5'), true)
    assert.equal(network.isHome('2a01:4f8:1:2::5', '2a01:4f8:1:2::5'), true)
    assert.equal(network.isHome('2a01:4f8:1:3::10', '2a01:4f8:1:2::5'), false)
    assert.equal(network.isHome('2a01:4f8:1:2::10'), false)
    assert.equal(network.isHome('8.8.8.8', '8.8.8.8'), false)
    assert.equal(network.isHome('64:ff9b::808:808', '64:ff9b::101:101'), false)
    assert.equal(
      new Network(['10.0.0.0/8']).isHome('2a01:4f8:1:2::10', '2a01:4f8:1:2::5'),
      false,
      'what is stated is all there is',
    )
  })

  test('refuses what is no range', () => {
    for (const text of ['10.0.0.0/33', 'home', '', '10.0.0', '1.2.3.4/'])
      assert.equal(parseCidr(text), null, text)
    assert.throws(() => new Network(['home']), TypeError)
  })
})

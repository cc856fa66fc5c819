import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bits4, readBits6 } from './address-bits.ts'
import { PrefixTrie } from './prefix-trie.ts'

const four = (text: string) => Uint32Array.of(bits4(text))

function six(text: string): Uint32Array {
  const words = new Uint32Array(4)
  assert.ok(readBits6(text, words), text)
  return words
}

function around(trie: PrefixTrie, bits: Uint32Array): number[] {
  const found: number[] = []
  trie.covering(bits, (value) => found.push(value))
  assert.equal(trie.covers(bits), found.length > 0)
  return found
}

test('nothing covers anything in an empty trie', () => {
  assert.deepEqual(around(new PrefixTrie(1), four('1.2.3.4')), [])
})

test('all prefixes around an address are found, the shortest first', () => {
  const trie = new PrefixTrie(1)
  trie.set(four('1.2.3.0'), 24, 3)
  trie.set(four('1.2.0.0'), 16, 2)
  trie.set(four('1.2.3.4'), 32, 4)
  trie.set(four('0.0.0.0'), 0, 0)
  assert.deepEqual(around(trie, four('1.2.3.4')), [0, 2, 3, 4])
  assert.deepEqual(around(trie, four('1.2.3.5')), [0, 2, 3])
  assert.deepEqual(around(trie, four('1.3.0.0')), [0])
  assert.equal(trie.size, 4)
})

test('prefixes shorter than an octet and odd ones cover what they say', () => {
  const trie = new PrefixTrie(1)
  trie.set(four('44.0.0.0'), 7, 1)
  trie.set(four('93.184.216.0'), 23, 2)
  assert.deepEqual(around(trie, four('45.1.1.1')), [1])
  assert.deepEqual(around(trie, four('46.1.1.1')), [])
  assert.deepEqual(around(trie, four('93.184.217.255')), [2])
  assert.deepEqual(around(trie, four('93.184.218.0')), [])
})

test('what was taken out is not found, and can come back', () => {
  const trie = new PrefixTrie(1)
  trie.set(four('1.2.3.0'), 24, 3)
  trie.set(four('1.2.3.128'), 25, 4)
  trie.delete(four('1.2.3.0'), 24)
  trie.delete(four('9.9.9.0'), 24)
  assert.deepEqual(around(trie, four('1.2.3.200')), [4])
  assert.equal(trie.get(four('1.2.3.0'), 24), -1)
  assert.equal(trie.size, 1)
  trie.set(four('1.2.3.0'), 24, 5)
  assert.deepEqual(around(trie, four('1.2.3.200')), [5, 4])
  assert.equal(trie.size, 2)
})

test('IPv6 prefixes are found across word borders', () => {
  const trie = new PrefixTrie(4)
  trie.set(six('2001:db8::'), 32, 1)
  trie.set(six('2001:db8:0:1::'), 64, 2)
  trie.set(six('2001:db8:0:1:8000::'), 65, 3)
  trie.set(six('2001:db8:0:1:8000::1'), 128, 4)
  assert.deepEqual(around(trie, six('2001:db8:0:1:8000::1')), [1, 2, 3, 4])
  assert.deepEqual(around(trie, six('2001:db8:0:1::1')), [1, 2])
  assert.deepEqual(around(trie, six('2001:db9::1')), [])
})

test('a trie of many prefixes says what looking at each of them says', () => {
  const trie = new PrefixTrie(1)
  const listed: { bits: number; length: number }[] = []
  let seed = 12_345
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return seed
  }
  for (let i = 0; i < 2_000; i += 1) {
    const length = 8 + ((next() >>> 8) % 25)
    const bits = (((next() ^ (next() << 9)) >>> 0) & (0xffffffff << (32 - length))) >>> 0
    if (trie.get(Uint32Array.of(bits), length) >= 0) continue
    trie.set(Uint32Array.of(bits), length, listed.length)
    listed.push({ bits, length })
  }
  for (let i = 0; i < 500; i += 1) {
    const near = listed[next() % listed.length]?.bits ?? 0
    const address = (near ^ (next() >>> 12)) >>> 0
    const expected = listed
      .map(({ bits, length }, value) => ({ bits, length, value }))
      .filter(({ bits, length }) => (address ^ bits) >>> 0 < 2 ** (32 - length))
      .sort((a, b) => a.length - b.length)
    assert.deepEqual(
      around(trie, Uint32Array.of(address)),
      expected.map(({ value }) => value),
    )
  }
  assert.equal(trie.size, listed.length)
})

test('prefixes that come and go leave nothing behind, and those beside them are found as before', () => {
  const trie = new PrefixTrie(1)
  const present = new Map<string, number>()
  let seed = 1
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return (seed >>> 8) % below
  }
  const netmask = (length: number) => (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0)
  for (let i = 0; i < 20_000; i += 1) {
    const length = random(33)
    const bits = ((random(4) << 30) | (random(8) << 8) | random(256)) & netmask(length)
    const key = `${bits >>> 0}/${length}`
    if (random(2) === 0 || present.size > 60) {
      const gone = present.size > 60 ? ([...present.keys()][random(present.size)] ?? key) : key
      const [network = '', width = ''] = gone.split('/')
      trie.delete(Uint32Array.of(Number(network)), Number(width))
      present.delete(gone)
    } else {
      trie.set(Uint32Array.of(bits >>> 0), length, i)
      present.set(key, i)
    }
    assert.equal(trie.size, present.size)
    if (i % 20 !== 0) continue
    const address = ((random(4) << 30) | (random(8) << 8) | random(256)) >>> 0
    const expected = [...present]
      .map(([prefix, value]) => ({
        network: Number(prefix.split('/')[0]),
        width: Number(prefix.split('/')[1]),
        value,
      }))
      .filter(({ network, width }) => (address & netmask(width)) >>> 0 === network)
      .sort((a, b) => a.width - b.width)
    assert.deepEqual(
      around(trie, Uint32Array.of(address)),
      expected.map(({ value }) => value),
    )
  }
  assert.ok(trie.room <= 256, String(trie.room))
})

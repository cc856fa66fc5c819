import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Conn, connCodec, parseConn } from './conn.ts'
import { addToPair, emptyPair, pairCodec } from './pair-letters.ts'
import { addToProfile, emptyProfile, hashCode, profileCodec } from './profile-windows.ts'

const line =
  '1709510401.5\tCabc\t10.0.0.1\t40052\t34.1.2.3\t80\ttcp\t-\t3.0\t0\t-\tS0\tT\t-\t0\tS\t6\t360\t0\t0'
const conn = (changes: Partial<Conn> = {}): Conn => ({ ...parseConn(line), ...changes })

test('a connection comes back from its Avro bytes, absent values and all', () => {
  assert.deepEqual(connCodec.decode(connCodec.encode(conn())), conn())
  assert.equal(conn().service, null)
  assert.equal(conn().localSrc, true)
})

test('text is hashed as Java hashes it', () => {
  assert.equal(hashCode('hello'), 99162322)
  assert.equal(hashCode('34.122.121.32'), hashCode('34.122.121.32') | 0)
})

test('a scan is told at its fifth host and every fifteen from there, also by a profile that was stored between', () => {
  let profile = emptyProfile()
  const told: number[] = []
  for (let host = 1; host <= 40; host += 1) {
    profile = addToProfile(profileCodec.decode(profileCodec.encode(profile)), conn({ dst: `10.1.0.${host}` }))
    if (profile.alerts.length > 0) told.push(host)
  }
  assert.deepEqual(told, [5, 20, 35])
  assert.equal(profile.flows, 40)
})

test('letters tell gap, size and length, and a connection before its forerunner adds none', () => {
  let pair = emptyPair
  for (const ts of [0, 10, 20, 30 + 7_200]) {
    pair = addToPair(pairCodec.decode(pairCodec.encode(pair)), conn({ ts })) ?? pair
  }
  assert.equal(pair.letters, '22b,00S')
  assert.equal(addToPair(pair, conn({ ts: 20 })), null)
})

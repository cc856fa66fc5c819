import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conn } from '../testing/flows.ts'
import { isAnswerLike } from './answer-like.ts'

test('a datagram from a service to the port of a client reads like an answer, the other way round it does not', () => {
  const datagram = { proto: 'udp', history: 'D' }
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 53, dstPort: 40_000 })), true)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 40_000, dstPort: 53 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 53, dstPort: 53 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 0, dstPort: 40_000 })), false)
})

test('a device that answers a question to a group was not called, but did not call either', () => {
  const found = { proto: 'udp', history: 'D', srcPort: 1_900, dstPort: 44_232 }
  assert.equal(isAnswerLike(conn(found)), true)
  assert.equal(isAnswerLike(conn({ ...found, dstPort: 161 })), false)
  assert.equal(isAnswerLike(conn({ ...found, proto: 'tcp', history: 'S' })), false)
  assert.equal(isAnswerLike(conn({ ...found, srcPort: 1_901 })), false)
})

test('a SYN of its own makes a TCP record a question, from whatever port', () => {
  assert.equal(isAnswerLike(conn({ srcPort: 80, dstPort: 40_000, history: 'S' })), false)
  assert.equal(isAnswerLike(conn({ source: 'argus', srcPort: 80, dstPort: 40_000, history: 'S_RA' })), false)
  assert.equal(isAnswerLike(conn({ source: 'argus', srcPort: 80, dstPort: 40_000, history: 'A_R' })), true)
})

test('Zeek without the SYN, or with the ends turned round, did not see the question', () => {
  assert.equal(isAnswerLike(conn({ history: 'hadCr' })), true)
  assert.equal(isAnswerLike(conn({ history: '^hADadfF' })), true)
  assert.equal(isAnswerLike(conn({ history: '' })), false)
})

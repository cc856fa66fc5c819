import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '@weir/schemas'
import { conn } from '../testing/flows.ts'
import { isAnswerLike, isCountedStray } from './answer-like.ts'

test('a datagram from a service to the port of a client reads like an answer, the other way round it does not', () => {
  const datagram = { proto: 'udp', history: 'D', dstPkts: 0, dstBytes: 0 }
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 53, dstPort: 40_000 })), true)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 40_000, dstPort: 53 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 53, dstPort: 53 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 0, dstPort: 40_000 })), false)
})

test('a datagram is no answer if it was answered, comes from no service, or goes where no client is', () => {
  const datagram = { proto: 'udp', history: 'D', srcPort: 123, dstPort: 40_000, dstPkts: 0, dstBytes: 0 }
  assert.equal(isAnswerLike(conn(datagram)), true)
  assert.equal(isAnswerLike(conn({ ...datagram, dstPkts: 1, dstBytes: 90 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, srcPort: 700 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, dstPort: 4_444 })), false)
  assert.equal(isAnswerLike(conn({ ...datagram, dstPort: 4_444, srcPort: 53 })), true)
  for (const source of ['argus', 'nfdump'] as const) {
    assert.equal(isAnswerLike(conn({ ...datagram, source, dstPort: 4_444 })), true, source)
    assert.equal(isAnswerLike(conn({ ...datagram, source, dstPort: 4_444, srcPort: 700 })), false, source)
  }
})

test('stray answers are few where the sensor joins both ways, and not where neighbours answer a group', () => {
  const stray = { proto: 'udp', history: 'D', srcPort: 53, dstPort: 40_000, dstPkts: 0, dstBytes: 0 }
  assert.equal(isCountedStray(conn(stray)), true)
  assert.equal(isCountedStray(conn({ ...stray, source: 'suricata' })), true)
  assert.equal(isCountedStray(conn({ ...stray, proto: 'tcp' })), false)
  assert.equal(isCountedStray(conn({ ...stray, srcPort: 5_353, dstPort: 5_353 })), false)
  for (const source of ['argus', 'nfdump'] as const) {
    assert.equal(isCountedStray(conn({ ...stray, source })), false, source)
  }
})

test('a device that answers a question to a group was not called, but did not call either', () => {
  const found = { proto: 'udp', history: 'D', srcPort: 1_900, dstPort: 44_232, dstPkts: 0, dstBytes: 0 }
  assert.equal(isAnswerLike(conn(found)), true)
  assert.equal(isAnswerLike(conn({ ...found, dstPort: 161 })), false)
  assert.equal(isAnswerLike(conn({ ...found, proto: 'tcp', history: 'S' })), false)
  assert.equal(isAnswerLike(conn({ ...found, srcPort: 1_901 })), false)
  assert.equal(isAnswerLike(conn({ ...found, dstBytes: 300 })), false)
  assert.equal(isAnswerLike(conn({ ...found, dstPort: 4_444 })), false)
  assert.equal(isAnswerLike(conn({ ...found, srcPort: 5_353, dstPort: 5_353 })), true)
})

test('a SYN of its own makes a TCP record a question, from whatever port', () => {
  assert.equal(isAnswerLike(conn({ srcPort: 80, dstPort: 40_000, history: 'S' })), false)
  const says = (source: Conn['source'], state: string, history = '', given = {}) =>
    isAnswerLike(
      conn({ source, srcPort: 80, dstPort: 8_080, state, history, established: false, dstPkts: 0, ...given }),
    )
  for (const state of ['S_', 'S_RA', 'SR_SA', 'SPA_SA', 's', 'REQ']) {
    assert.equal(says('argus', state, state), false, state)
    assert.equal(says('argus', state), false, state)
  }
  for (const state of ['A_R', 'FPA_', 'CON']) assert.equal(says('argus', state, state), true, state)
  assert.equal(says('argus', 'FSA_', 'FSA_'), true)
  for (const state of ['......S.', '....RS.', 'S']) assert.equal(says('nfdump', state), false, state)
  for (const state of ['...A..S.', '...AP...', '']) assert.equal(says('nfdump', state), true, state)
})

test('Suricata closes what it saw open, and calls new what may be a straggler to the port of a client', () => {
  const says = (state: string, given: Parameters<typeof conn>[0] = {}) =>
    isAnswerLike(
      conn({
        source: 'suricata',
        srcPort: 443,
        dstPort: 8_080,
        state,
        history: state,
        established: false,
        dstPkts: 0,
        ...given,
      }),
    )
  assert.equal(says('new'), false)
  assert.equal(says('closed', { dstPort: 50_000, dstPkts: 1 }), false)
  assert.equal(says('new', { dstPort: 50_000 }), true)
  assert.equal(says('new', { dstPkts: 1 }), true)
  assert.equal(says('established'), true)
  assert.equal(says('new', { proto: 'udp', dstPort: 50_000, dstBytes: 0 }), true)
})

test('Zeek without the SYN, or with the ends turned round, did not see the question', () => {
  assert.equal(isAnswerLike(conn({ history: 'hadCr' })), true)
  assert.equal(isAnswerLike(conn({ history: '^hADadfF' })), true)
  assert.equal(isAnswerLike(conn({ history: '' })), false)
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { argusEstablished, nfdumpEstablished, noTcpFlags, suricataEstablished } from './established.ts'

describe('established', () => {
  it('reads Argus states as the spec works them out', () => {
    const either: readonly [boolean, string][] = [
      [true, 'SPA_SRPA SA_SA FSPA_FSPA PA_PA FPA_FPA CON EST ECO UNK SF'],
      [false, 'S_RA S_ FA_FA PA_A S_SA SR_SA RA_ INT REQ ACC CLO TIM URP URH ECR STA S0 REJ'],
      [false, 'ECO_ ECR_ URH_ URP_ CON_ INT_ _ _SA'],
    ]
    for (const [expected, states] of either) {
      for (const state of states.split(' ')) {
        assert.equal(argusEstablished(state, 3), expected, `${state}, 3 packets`)
        assert.equal(argusEstablished(state, 4), expected, `${state}, 4 packets`)
      }
    }
  })

  it('takes an Argus reset or end for an attempt up to three packets', () => {
    for (const state of ['RST', 'FIN']) {
      assert.equal(argusEstablished(state, 3), false)
      assert.equal(argusEstablished(state, 4), true)
    }
  })

  it('cannot tell when Argus was told to leave the state out', () => {
    assert.equal(argusEstablished('', 10), null)
  })

  it('reads only the first two parts of an Argus state', () => {
    assert.equal(argusEstablished('SA_SA_R', 5), true)
    assert.equal(argusEstablished('S_A_SA', 5), false)
  })

  it('reads Suricata states by the packets of both sides', () => {
    const cases: readonly [string, string, number, number, boolean | null][] = [
      ['tcp', 'closed', 5, 5, true],
      ['tcp', 'closed', 1, 0, false],
      ['tcp', 'established', 3, 2, true],
      ['udp', 'established', 1, 1, true],
      ['udp', 'new', 12, 0, false],
      ['udp', 'new', 1, 1, true],
      ['udp', 'bypassed', 1, 0, false],
      ['udp', 'bypassed', 9, 9, true],
      ['icmp', 'new', 1, 0, false],
      ['udp', '', 0, 0, null],
      ['udp', '', 1, 1, true],
    ]
    for (const [proto, state, src, dst, expected] of cases) {
      assert.equal(
        suricataEstablished(proto, state, src, dst, noTcpFlags),
        expected,
        `${proto} ${state} ${src}/${dst}`,
      )
    }
  })

  it('goes by the TCP flags of each side before the state', () => {
    const cases: readonly [string, number, number, boolean][] = [
      ['SYN answered by RST, ACK', 0x02, 0x14, false],
      ['SYN, then SYN, ACK, then RST: a half-open scan', 0x06, 0x12, false],
      ['handshake and reset: a connect scan of an open port', 0x16, 0x12, true],
      ['SYN without answer', 0x02, 0x00, false],
      ['a whole connection', 0x1b, 0x1b, true],
      ['picked up in mid-stream', 0x18, 0x18, true],
      ['an ACK scan', 0x10, 0x04, false],
      ['data, refused in the end', 0x18, 0x1c, true],
    ]
    for (const [what, toServer, toClient, expected] of cases) {
      const flags = { toServer, toClient, both: toServer | toClient }
      assert.equal(suricataEstablished('tcp', 'closed', 2, toClient === 0 ? 0 : 2, flags), expected, what)
    }
    const bypassed = { toServer: 0, toClient: 0, both: 0 }
    assert.equal(suricataEstablished('tcp', 'bypassed', 4, 4, bypassed), true)
    assert.equal(
      suricataEstablished('tcp', 'closed', 2, 2, { toServer: -1, toClient: -1, both: 0x16 }),
      false,
    )
    assert.equal(suricataEstablished('tcp', 'closed', 5, 5, { toServer: -1, toClient: -1, both: 0x1b }), true)
  })

  it('asks nfdump for SYN, ACK or PSH and the way back', () => {
    const cases: readonly [string, string, number, boolean, boolean | null][] = [
      ['tcp', '.AP.SF', 3, false, true],
      ['tcp', '...AP.SF', 3, false, true],
      ['tcp', '......S.', 1, false, false],
      ['tcp', '...A.R..', 0, false, false],
      ['tcp', '.AP.SF', 0, false, false],
      ['tcp', '......S.', 0, true, false],
      ['tcp', '...AP...', 3, false, null],
      ['tcp', '0x1b', 3, false, true],
      ['tcp', '......', 3, false, false],
      ['tcp', '', 3, false, true],
      ['tcp', '', 0, true, null],
      ['udp', '......', 1, false, true],
      ['udp', '......', 0, false, false],
      ['udp', '......', 0, true, null],
      ['icmp', '', 2, false, true],
      // One way alone: what it can show of the other, and nothing by silence.
      ['tcp', '......', 0, true, null],
      ['tcp', '...AP...', 0, true, null],
      ['tcp', '...A.R..', 0, true, null],
      ['tcp', '.A..S.', 0, true, null],
      ['tcp', '.A.RS.', 0, true, null],
      ['tcp', '...R.S.', 0, true, false],
      ['tcp', '.AP.S.', 0, true, true],
      ['tcp', '.A..SF', 0, true, true],
      ['tcp', '0x1b', 0, true, true],
    ]
    for (const [proto, flags, dst, oneWay, expected] of cases) {
      assert.equal(
        nfdumpEstablished(proto, flags, dst, oneWay),
        expected,
        `${proto} ${flags} ${dst} ${oneWay}`,
      )
    }
  })
})

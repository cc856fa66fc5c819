import { conn, hours, minutes, startMs, times, tunnel } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { greTunnel } from './gre-tunnel.ts'

const gre = { proto: 'gre', srcPort: null, dstPort: null, source: 'argus', sensor: 'argus-1' } as const

testDetector(greTunnel, {
  quiet: {
    'other kinds of tunnel': {
      records: [tunnel({ tunnelType: 'Tunnel::TEREDO' }), tunnel({ tunnelType: 'Tunnel::VXLAN' })],
    },
    'ordinary connections': { records: times(20, () => conn()) },
    'flow sensors in a network whose links are GRE': {
      config: { fromConnections: false },
      records: times(5, () => conn(gre)),
    },
  },
  loud: {
    'a tunnel opens and ends an hour later': {
      records: [
        tunnel({ tsMs: startMs + minutes(10) }),
        tunnel({ tsMs: startMs + minutes(75), action: 'Tunnel::CLOSE' }),
      ],
      evidence: [{ level: 'low', confidence: 1, victim: '10.0.0.1', facts: { action: 'Tunnel::DISCOVER' } }],
    },
    'only its end was seen': {
      records: [tunnel({ action: 'Tunnel::EXPIRE' }), tunnel({ action: 'Tunnel::CLOSE' })],
      evidence: [{ facts: { action: 'Tunnel::EXPIRE' } }],
    },
    'it is found anew many times, in two windows': {
      records: times(12, (i) => tunnel({ tsMs: startMs + minutes(10 * i) })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'a flow sensor sees packets both ways': {
      records: times(6, () => conn({ ...gre, srcPkts: 40, dstPkts: 31 })),
      evidence: [{ confidence: 1, says: 'held a GRE tunnel', facts: { srcPackets: 40, dstPackets: 31 } }],
    },
    'a probe without an answer': {
      records: [conn({ ...gre, dstPkts: 0, dstBytes: 0, established: false })],
      evidence: [
        { confidence: 0.5, says: '10.0.0.9 sent GRE packets to 10.0.0.1, and none came back (connection)' },
      ],
    },
    'tunnels to more ends than are remembered, in bounded memory': {
      records: times(600, (i) => tunnel({ dstIp: `10.2.${i >> 8}.${i & 255}` })),
      evidence: times(600, () => ({ level: 'low' as const })),
    },
  },
})

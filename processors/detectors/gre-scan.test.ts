import { conn, hours, startMs, times, tunnel } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { greScan } from './gre-scan.ts'

const gre = { proto: 'gre', srcPort: null, dstPort: null, source: 'argus', sensor: 'argus-1' } as const
const probe = (i: number, more: Parameters<typeof tunnel>[0] = {}) =>
  tunnel({ dstIp: `10.1.${i >> 8}.${i & 255}`, ...more })

testDetector(greScan, {
  quiet: {
    'one tunnel, found anew many times': { records: times(20, () => tunnel()) },
    'tunnels of other kinds': { records: times(9, (i) => probe(i, { tunnelType: 'Tunnel::VXLAN' })) },
    'two hosts': { records: times(2, (i) => probe(i)) },
    'tunnels that were in use before the third began': {
      records: times(12, (i) =>
        probe(i >> 1, { action: i % 2 === 0 ? 'Tunnel::DISCOVER' : 'Tunnel::CLOSE' }),
      ),
    },
    'tunnels that carry packets both ways': {
      records: times(12, (i) => conn({ ...gre, dstIp: `10.1.0.${i}`, srcPkts: 40, dstPkts: 30 })),
    },
    'two hosts in each of three windows': {
      records: times(6, (i) => probe(i, { tsMs: startMs + (i >> 1) * hours(1) })),
    },
    'nine where ten are asked for': { config: { steps: [10] }, records: times(9, (i) => probe(i)) },
    'ordinary connections': { records: times(9, (i) => conn({ dstIp: `10.1.0.${i}` })) },
  },
  loud: {
    'three hosts': {
      records: times(3, (i) => probe(i)),
      evidence: [
        { level: 'low', confidence: 1, attacker: '10.0.0.9', victim: null, facts: { hosts: 3 }, uids: 3 },
      ],
    },
    'what runs into silence was a probe all the same': {
      records: times(6, (i) =>
        probe(i >> 1, { action: i % 2 === 0 ? 'Tunnel::DISCOVER' : 'Tunnel::EXPIRE' }),
      ),
      evidence: [{ facts: { hosts: 3 } }],
    },
    'flows without an answer, beside a tunnel in use': {
      records: times(12, (i) =>
        conn({ ...gre, dstIp: `10.1.0.${i}`, dstPkts: i === 0 ? 9 : 0, established: i === 0 }),
      ),
      evidence: [{ facts: { hosts: 3, usedTunnels: 1 } }, { level: 'medium', facts: { hosts: 10 } }],
    },
    'a whole network, in bounded memory': {
      records: times(5_000, (i) =>
        probe(i, { dstIp: `2001:db8:1111:2222:3333:4444:${(i >> 8).toString(16)}:${i & 255}` }),
      ),
      evidence: [3, 10, 100, 1_000].map((hosts) => ({ facts: { hosts } })),
    },
  },
})

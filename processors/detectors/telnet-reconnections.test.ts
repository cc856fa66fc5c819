import { conn, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { telnetReconnections } from './telnet-reconnections.ts'

const tried = (given = {}) => conn({ dstPort: 23, established: false, ...given })

testDetector(telnetReconnections, {
  quiet: {
    'three tries': { records: times(3, () => tried()) },
    'three tries in each of two windows': {
      records: times(6, (i) => tried({ tsMs: startMs + (i < 3 ? 0 : hours(1)) + i })),
    },
    'sessions that are let in': { records: times(30, () => conn({ dstPort: 23 })) },
    'many hosts, once each': { records: times(30, (i) => tried({ dstIp: `10.0.1.${i}` })) },
    'another service that is down': { records: times(30, () => tried({ dstPort: 22 })) },
    'the way back of a session whose beginning was missed': {
      records: times(30, () => tried({ srcPort: 23, dstPort: 2_323, history: '^' })),
    },
    'sessions of which Zeek missed the answer': {
      records: times(30, (i) => tried({ history: i % 2 === 0 ? 'SAD' : 'SADa', srcPkts: 6, dstPkts: i % 2 })),
    },
    'nine tries, where ten are asked for': { config: { tries: 10 }, records: times(9, () => tried()) },
    'a port that is not telnet here': {
      config: { ports: [23] },
      records: times(9, () => tried({ dstPort: 2_323 })),
    },
    'more hosts than are remembered, in bounded memory': {
      records: times(3_000, (i) => tried({ dstIp: `2001:db8::${(i % 1_500).toString(16)}` })),
    },
  },
  loud: {
    'four tries, on both ports together': {
      records: times(4, (i) => tried({ dstPort: i % 2 === 0 ? 23 : 2_323 })),
      evidence: [
        {
          type: 'MULTIPLE_RECONNECTION_ATTEMPTS',
          level: 'medium',
          confidence: 0.5,
          victim: '10.0.0.1',
          facts: { tries: 4 },
          uids: 4,
        },
      ],
    },
    'refusals as Argus, and silence as nfdump tells them': {
      records: [
        ...times(2, () => tried({ source: 'argus', state: 'S_RA', history: 'S_RA', dstPkts: 1 })),
        ...times(2, () => tried({ source: 'nfdump', state: '......S.', history: '......S.' })),
      ],
      evidence: [{ facts: { tries: 4 } }],
    },
    'seventeen tries, said at each doubling and weighing little after the first': {
      records: times(17, () => tried()),
      evidence: [
        { level: 'medium', facts: { tries: 4 } },
        { level: 'low', confidence: 0.25, facts: { tries: 8 } },
        { level: 'low', facts: { tries: 16 } },
      ],
    },
  },
})

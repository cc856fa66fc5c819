import { conn, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { reconnections } from './reconnections.ts'

const refused = (given = {}) =>
  conn({ dstPort: 5_432, established: false, state: 'REJ', history: 'Sr', dstPkts: 1, ...given })

testDetector(reconnections, {
  quiet: {
    'four refusals': { records: times(4, () => refused()) },
    'four refusals in each of two windows': {
      records: times(8, (i) => refused({ tsMs: startMs + (i < 4 ? 0 : hours(1)) + i })),
    },
    'four refusals in a log that is read twice': {
      records: times(8, (i) => refused({ uid: `C${i >> 1}`, tsMs: startMs + (i >> 1) })),
    },
    'refusals on many ports': { records: times(40, (i) => refused({ dstPort: 1_000 + i })) },
    'refusals by many hosts': { records: times(40, (i) => refused({ dstIp: `10.0.1.${i}` })) },
    'tries that nobody answers': { records: times(40, () => conn({ established: false })) },
    'connections that a reset ends': {
      records: times(40, () => conn({ state: 'RSTO', history: 'ShADadR' })),
    },
    'resets after data, as Suricata tells them': {
      records: times(10, () =>
        conn({
          source: 'suricata',
          state: 'closed',
          established: false,
          srcPkts: 4,
          dstPkts: 4,
          dstBytes: 900,
        }),
      ),
    },
    'flows of which the exporter tells no refusal': {
      records: times(10, () => refused({ source: 'nfdump', state: '.A.R..' })),
    },
    'acceptances of which a flow exporter saw no end': {
      records: times(10, () => refused({ source: 'nfdump', state: '......S.', srcBytes: 60, dstBytes: 60 })),
    },
    'nine refusals, where ten are asked for': {
      config: { refusals: 10 },
      records: times(9, () => refused()),
    },
    'refusals by a thousand services, in bounded memory': {
      records: times(4_000, (i) => refused({ dstPort: 1 + (i % 1_000), dstIp: '2001:db8::1' })),
    },
  },
  loud: {
    'five refusals': {
      records: times(5, () => refused()),
      evidence: [
        {
          type: 'MULTIPLE_RECONNECTION_ATTEMPTS',
          level: 'medium',
          confidence: 0.5,
          victim: '10.0.0.1',
          facts: { refused: 5, port: 5_432 },
          uids: 5,
        },
      ],
    },
    'a hundred refusals, said at each doubling and weighing little after the first': {
      records: times(100, () => refused()),
      evidence: [
        { level: 'medium', facts: { refused: 5 } },
        { level: 'low', confidence: 0.25, facts: { refused: 10 } },
        { level: 'low', facts: { refused: 20 } },
        { level: 'low', facts: { refused: 40 } },
        { level: 'low', facts: { refused: 80 }, uids: 80 },
      ],
    },
    'refusals as Argus tells them': {
      records: [
        ...times(3, () => refused({ source: 'argus', state: 'S_RA' })),
        ...times(2, () => refused({ source: 'argus', state: 'S_R' })),
      ],
      evidence: [{ facts: { refused: 5 } }],
    },
    'refusals as Argus tells them in a word': {
      records: times(5, () => refused({ source: 'argus', state: 'RST', srcBytes: 74, dstBytes: 54 })),
      evidence: [{ facts: { refused: 5 } }],
    },
    'refusals as nfdump tells them': {
      records: times(5, () => refused({ source: 'nfdump', state: '......S.', srcBytes: 60, dstBytes: 40 })),
      evidence: [{ facts: { refused: 5 } }],
    },
    'refusals as Suricata tells them': {
      records: times(5, () =>
        refused({ source: 'suricata', state: 'closed', srcBytes: 74, dstBytes: 54, history: 'closed' }),
      ),
      evidence: [{ facts: { refused: 5 } }],
    },
    'refusals over IPv6, which are larger': {
      records: [
        ...times(3, () =>
          refused({ source: 'suricata', state: 'closed', srcIp: '2001:db8::9', srcBytes: 94, dstBytes: 74 }),
        ),
        ...times(2, () =>
          refused({ source: 'nfdump', state: '......S.', srcIp: '2001:db8::9', srcBytes: 80, dstBytes: 60 }),
        ),
      ],
      evidence: [{ profile: '2001:db8::9', facts: { refused: 5 } }],
    },
  },
})

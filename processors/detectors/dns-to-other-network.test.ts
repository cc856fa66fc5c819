import { days, dns, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dnsToOtherNetwork } from './dns-to-other-network.ts'

const office = ['10.20.0.0/16']
const asked = (given = {}) => dns({ srcIp: '10.20.10.9', dstIp: '10.99.0.53', ...given })
const unanswered = (given = {}) => asked({ rcode: '', answers: [], ttls: [], ...given })

testDetector(dnsToOtherNetwork, {
  quiet: {
    'a resolver of the house': {
      network: office,
      records: times(3, () => unanswered({ dstIp: '10.20.1.2' })),
    },
    'a resolver of the internet': {
      network: office,
      records: times(3, () => unanswered({ dstIp: '9.9.9.9' })),
    },
    'a resolver of the site in another network': { network: office, records: times(8, () => asked()) },
    'the same, with names that do not exist': {
      network: office,
      records: times(8, () => asked({ rcode: 'NXDOMAIN', answers: [] })),
    },
    'the same resolver, silent for a while the next day': {
      network: office,
      records: [...times(8, () => asked()), ...times(9, () => unanswered({ tsMs: startMs + hours(20) }))],
    },
    'another network of the same block, where home is not stated': { records: times(3, () => unanswered()) },
    'groups that are asked for names': {
      network: office,
      records: times(3, () => unanswered({ dstIp: '224.0.0.251', dstPort: 5_353 })),
    },
    'another port, or TCP': {
      network: office,
      records: [unanswered({ dstPort: 5_353 }), unanswered({ proto: 'tcp' })],
    },
    'a resolver that answers twice, where two are enough': {
      network: office,
      config: { answers: 2 },
      records: [asked(), asked()],
    },
  },
  loud: {
    'a server that does not answer': {
      network: office,
      records: times(9, () => unanswered()),
      evidence: [
        {
          type: 'DIFFERENT_LOCALNET',
          profile: '10.20.10.9',
          attacker: '10.20.10.9',
          victim: '10.99.0.53',
          level: 'low',
          confidence: 0.4,
          tsMs: startMs,
          facts: { asked: 9, answered: 0, homeIsStated: true },
        },
      ],
    },
    'a server that answers now and then': {
      network: office,
      records: [...times(9, () => unanswered()), asked()],
      evidence: [{ level: 'medium', confidence: 0.4, facts: { answered: 1 } }],
    },
    'answers that come after the time given': {
      network: office,
      config: { waitMinutes: 1 },
      records: [asked(), ...times(8, () => asked({ tsMs: startMs + minutes(2) }))],
      evidence: [{ level: 'medium', facts: { asked: 1 } }],
    },
    'another private block, where home is not stated': {
      records: [unanswered({ dstIp: '192.168.77.53' })],
      evidence: [{ level: 'low', confidence: 0.2, facts: { homeIsStated: false } }],
    },
    'a host of another network, said once in a window': {
      network: office,
      records: times(9, () => asked({ srcIp: '192.168.7.7', dstIp: '10.20.1.2' })),
      evidence: [{ profile: '192.168.7.7', level: 'low', confidence: 1, facts: { side: 'src' } }],
    },
    'a resolver that has been gone for days': {
      network: office,
      records: [...times(8, () => asked()), unanswered({ tsMs: startMs + days(1) + hours(2) })],
      evidence: [{ level: 'low' }],
    },
    'a walk along servers, in bounded memory': {
      network: office,
      records: times(3_000, (i) =>
        unanswered({
          dstIp: `10.99.${i >> 8}.${i & 255}`,
          query: `${'x'.repeat(250)}${i}`,
          tsMs: startMs + i,
        }),
      ),
      evidence: times(50, () => ({ level: 'low' })),
    },
  },
})

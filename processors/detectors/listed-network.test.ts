import { conn, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedNetwork } from './listed-network.ts'

const server = '93.184.216.34'
const asNumbers = { [server]: 64_496, '93.184.216.35': 64_497, '10.0.0.77': 64_496 }
const intel = [listed('asn', 'AS64496', { description: 'Bulletproof' })]
const call = (given = {}) => conn({ dstIp: server, dstPort: 443, ...given })

testDetector(listedNetwork, {
  quiet: {
    'no feed at all': { asNumbers, records: [call()] },
    'no AS number is listed': { asNumbers, intel: [listed('ip', '93.184.216.99')], records: [call()] },
    'no table of AS numbers': { intel, records: [call()] },
    'another network': { asNumbers, intel, records: [call({ dstIp: '93.184.216.35' })] },
    'an address of the house': { asNumbers, intel, records: [call({ dstIp: '10.0.0.77' })] },
    'echo requests': { asNumbers, intel, records: [call({ proto: 'icmp', srcPort: null, dstPort: null })] },
  },
  loud: {
    'a call of an address there, which is called more than once': {
      asNumbers,
      intel,
      records: times(3, () => call()),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.8,
          victim: server,
          facts: { listed: 'AS64496', kind: 'asn', feeds: 'lab', times: 1, dstAsn: 64_496 },
        },
        { profile: server, level: 'high', confidence: 0.8, attacker: server, victim: '10.0.0.9' },
      ],
    },
    'counts at the steps, at another share': {
      config: { steps: [1, 3], share: 0.5 },
      asNumbers,
      intel,
      records: times(3, () => call()),
      evidence: [
        { level: 'low', confidence: 0.5 },
        { profile: server, level: 'high', confidence: 0.5 },
        { profile: '10.0.0.9', level: 'info', facts: { times: 3 } },
        { profile: server, level: 'info' },
      ],
    },
    'listed while records come': {
      asNumbers,
      records: [call(), call()],
      listedAfter: { records: 1, intel },
      evidence: [{ level: 'low', facts: { times: 1 } }, { profile: server }],
    },
  },
})

import { conn, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { torExitNode } from './tor-exit-node.ts'

const exit = '44.4.4.9'
const tor = listed('ip', exit, { level: 'info', tags: ['tor-exit'] })

testDetector(torExitNode, {
  quiet: {
    'no feed at all': { records: [conn({ dstIp: exit })] },
    'addresses that are listed as something else': {
      intel: [listed('ip', exit)],
      records: [conn({ dstIp: exit })],
    },
    'addresses that are no exits': { intel: [tor], records: [conn()] },
    'a tag that is not asked for': {
      intel: [tor],
      config: { tags: ['onion'] },
      records: [conn({ dstIp: exit })],
    },
  },
  loud: {
    'a client of an exit, once': {
      intel: [tor],
      records: times(9, () => conn({ dstIp: exit })),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'info',
          confidence: 1,
          attacker: exit,
          victim: '10.0.0.9',
          facts: { side: 'dst', times: 1 },
        },
      ],
    },
    'an exit that comes in': {
      intel: [tor],
      config: { steps: [1] },
      records: [conn({ srcIp: exit })],
      evidence: [
        { profile: exit, level: 'info', attacker: exit, victim: '10.0.0.1', facts: { side: 'src' } },
      ],
    },
  },
})

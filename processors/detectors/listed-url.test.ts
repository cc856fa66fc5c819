import { http, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedUrl } from './listed-url.ts'

const intel = [listed('url', 'evil.example.com/gate.php'), listed('url', '93.184.216.34:8080/bin.sh')]

testDetector(listedUrl, {
  quiet: {
    'no feed at all': { records: [http({ host: 'evil.example.com', uri: '/gate.php' })] },
    'other pages of the same host': {
      intel,
      records: [
        http({ host: 'evil.example.com', uri: '/' }),
        http({ host: 'evil.example.com', uri: '/gate.php/more' }),
        http({ host: 'evil.example.com', uri: '/GATE.PHP' }),
        http({ host: 'evil.example.com', uri: '' }),
        http({ host: 'good.example.com', uri: '/gate.php' }),
      ],
    },
  },
  loud: {
    'a listed page, whatever is asked of it': {
      intel,
      records: times(3, (i) => http({ host: 'Evil.example.com', uri: `/gate.php?id=${i}` })),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'high',
          confidence: 1,
          victim: 'evil.example.com/gate.php?id=0',
          facts: { listed: 'evil.example.com/gate.php' },
        },
        { profile: '93.184.216.34', level: 'high', attacker: '93.184.216.34', victim: '10.0.0.9' },
      ],
    },
    'a port of its own, at the steps that were set': {
      intel,
      config: { steps: [2] },
      records: times(2, () => http({ host: '93.184.216.34:8080', uri: '/bin.sh', dstPort: 8080 })),
      evidence: [{ facts: { times: 2 } }, { profile: '93.184.216.34' }],
    },
  },
})

import { conn, hours, login, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { remoteLogin } from './remote-login.ts'

const argus = { source: 'argus', sensor: 'argus-1', dstPort: 23 } as const

testDetector(remoteLogin, {
  quiet: {
    'sessions of other services': {
      records: [22, 21, 443, 515, 1_513].map((dstPort) => conn({ ...argus, dstPort })),
    },
    'probes of telnet that nobody answers, or that nobody speaks on': {
      records: [
        conn({ ...argus, established: false }),
        conn({ ...argus, srcPkts: 4, dstPkts: 3, srcBytes: 240, dstBytes: 180 }),
        conn({ ...argus, proto: 'udp' }),
      ],
    },
    'a sensor that looks into the sessions says what came of them': {
      records: times(5, () => conn({ dstPort: 23, service: 'telnet' })),
    },
    'sessions alone do not count here': {
      config: { fromConnections: false },
      records: times(5, () => conn({ ...argus, dstBytes: 9_000 })),
    },
    'fewer than are asked for': { config: { steps: [5] }, records: times(4, () => login()) },
  },
  loud: {
    'each outcome by itself': {
      records: [
        login({ user: 'root' }),
        login({ success: false }),
        login({ success: false, confused: true }),
        login({ success: true, confused: true, dstPort: 513, service: 'rlogin' }),
      ],
      evidence: [
        {
          level: 'info',
          confidence: 1,
          attacker: '10.0.0.9',
          victim: '10.0.0.1',
          facts: { outcome: 'successful', user: 'root' },
        },
        { facts: { outcome: 'failed' } },
        { facts: { outcome: 'confused', service: 'telnet' } },
        { facts: { outcome: 'successful', service: 'rlogin' } },
      ],
    },
    'a hundred failures, in two windows': {
      records: times(120, (i) => login({ success: false, tsMs: startMs + (i < 100 ? 0 : hours(1)) + i })),
      evidence: [1, 10, 100, 1, 10].map((logins) => ({ facts: { logins, outcome: 'failed' } })),
    },
    'a session of which a flow sensor knows the port alone': {
      records: times(3, () => conn({ ...argus, srcPkts: 60, dstPkts: 50, srcBytes: 5_000, dstBytes: 9_000 })),
      evidence: [{ confidence: 0.5, facts: { outcome: 'unknown', service: 'telnet' } }],
    },
    'thousands of servers and users, in bounded memory': {
      records: times(3_000, (i) =>
        login({
          dstIp: `2001:db8:1111:2222:3333:4444:${(i >> 8).toString(16)}:${i & 255}`,
          user: 'u'.repeat(500),
        }),
      ),
      evidence: times(100, () => ({ level: 'info' }) as const),
    },
  },
})

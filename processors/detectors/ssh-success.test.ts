import { conn, hours, minutes, ssh, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { sshSuccess } from './ssh-success.ts'

const large = { dstPort: 22, service: 'ssh', srcBytes: 3_000, dstBytes: 9_000 } as const
const small = { dstPort: 22, service: 'ssh', srcBytes: 1_500, dstBytes: 2_000 } as const

testDetector(sshSuccess, {
  quiet: {
    'failed logins, however large': {
      records: times(20, (i) => [
        ssh({ uid: `C${i}`, authSuccess: false }),
        conn({ ...large, uid: `C${i}` }),
      ]).flat(),
    },
    'small sessions of unknown result': {
      records: times(20, (i) => [ssh({ uid: `C${i}` }), conn({ ...small, uid: `C${i}` })]).flat(),
    },
    'refused ones of Suricata, which counts the headers of their packets': {
      records: times(40, (i) => [
        ssh({ source: 'suricata', uid: `C${i}` }),
        conn({
          source: 'suricata',
          dstPort: 22,
          service: 'ssh',
          srcPkts: 14,
          srcBytes: 2_004,
          dstPkts: 16,
          dstBytes: 2_402,
          uid: `C${i}`,
        }),
      ]).flat(),
    },
    'sessions whose connection never comes, and connections without a session': {
      records: times(20, (i) => [ssh({ uid: `S${i}` }), conn({ ...large, uid: `C${i}` })]).flat(),
    },
    'the connection comes after more than an hour of other sessions': {
      records: [
        conn({ ...large, uid: 'C1' }),
        ...times(10, (i) => conn({ ...large, uid: `D${i}`, tsMs: startMs + minutes(10 * (i + 1)) })),
        ssh({ uid: 'C1', tsMs: startMs + minutes(101) }),
      ],
    },
    'the session has been waiting for more than an hour of other sessions': {
      records: [
        ssh({ uid: 'C1' }),
        ...times(10, (i) => ssh({ uid: `D${i}`, tsMs: startMs + minutes(10 * (i + 1)) })),
        conn({ ...large, uid: 'C1', tsMs: startMs + minutes(101) }),
      ],
    },
    'other large connections': {
      records: times(50, () => conn({ dstPort: 443, service: 'ssl', dstBytes: 90_000 })),
    },
    'a raised size': {
      config: { minBytes: 20_000 },
      records: [ssh({ uid: 'C1' }), conn({ ...large, uid: 'C1' })],
    },
    'the connection came first, on a port that is not taken for SSH': {
      config: { ports: [22] },
      records: [
        conn({ ...large, service: '', dstPort: 2_222, uid: 'C1' }),
        ssh({ dstPort: 2_222, uid: 'C1' }),
      ],
    },
  },
  loud: {
    'the sensor saw it': {
      records: [ssh({ authSuccess: true })],
      evidence: [
        { level: 'info', confidence: 0.8, victim: '10.0.0.1', facts: { method: 'sensor', dstPort: 22 } },
      ],
    },
    'by size, the session first': {
      records: [ssh({ uid: 'C1', tsMs: startMs + 40 }), conn({ ...large, uid: 'C1', tsMs: startMs })],
      evidence: [{ confidence: 0.5, tsMs: startMs + 40, facts: { method: 'size', bytes: 12_000 } }],
    },
    'by size, the connection first': {
      records: [conn({ ...large, uid: 'C1', tsMs: startMs }), ssh({ uid: 'C1', tsMs: startMs + 40 })],
      evidence: [{ confidence: 0.5, tsMs: startMs + 40, facts: { method: 'size', bytes: 12_000 } }],
    },
    'by size as Suricata counts it, without the headers': {
      records: [
        ssh({ source: 'suricata', uid: 'C1' }),
        conn({ ...large, source: 'suricata', srcPkts: 20, dstPkts: 25, uid: 'C1' }),
      ],
      evidence: [{ confidence: 0.5, facts: { method: 'size', bytes: 12_000 - 45 * 66 } }],
    },
    'by size, on a port of its own': {
      records: [ssh({ uid: 'C1', dstPort: 902 }), conn({ ...large, service: '', dstPort: 902, uid: 'C1' })],
      evidence: [{ facts: { dstPort: 902 } }],
    },
    'a job that logs in every minute, in two windows': {
      records: times(70, (i) => ssh({ authSuccess: true, tsMs: startMs + minutes(i) })),
      evidence: [
        { windowStartMs: startMs, facts: { logins: 1 } },
        { windowStartMs: startMs, facts: { logins: 10 } },
        { windowStartMs: startMs + hours(1), facts: { logins: 1 } },
        { windowStartMs: startMs + hours(1), facts: { logins: 10 } },
      ],
    },
    'each login, when that is asked': {
      config: { steps: [1, 2, 3] },
      records: times(3, () => ssh({ authSuccess: true })),
      evidence: times(3, (i) => ({ facts: { logins: i + 1 } })),
    },
    'a thousand halves that wait, in bounded memory': {
      records: [
        ...times(1_000, (i) => conn({ ...large, uid: `${'C'.repeat(58)}${i}` })),
        ...times(1_000, (i) => ssh({ uid: `${'S'.repeat(58)}${i}` })),
        ...times(600, (i) =>
          ssh({ dstIp: `2001:db8:aaaa:bbbb:cccc:dddd:eeee:${(i + 4_096).toString(16)}`, authSuccess: true }),
        ),
      ],
      evidence: times(600, () => ({ level: 'info' }) as const),
    },
  },
})

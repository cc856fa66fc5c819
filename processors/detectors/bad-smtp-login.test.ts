import { minutes, smtp, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { badSmtpLogin } from './bad-smtp-login.ts'

const refused = { lastReply: '535 5.7.8 Authentication credentials invalid' } as const

testDetector(badSmtpLogin, {
  quiet: {
    'mail that is taken': { records: times(50, () => smtp()) },
    'a client that forgets to encrypt': {
      records: [
        smtp({ lastReply: '530 5.7.0 Must issue a STARTTLS command first' }),
        smtp({ lastReply: '454 4.7.0 TLS not available due to local problem' }),
      ],
    },
    'mail for elsewhere': {
      records: [smtp({ lastReply: '454 4.7.1 <x@example.org>: Relay access denied' })],
    },
    'other refusals': {
      records: [
        smtp({ lastReply: '550 5.1.1 User unknown' }),
        smtp({ lastReply: '421 4.3.0 Try later' }),
        smtp({ lastReply: '250 OK id=535-1' }),
        smtp({ lastReply: '5350 not a code of ours' }),
        smtp({ lastReply: '' }),
      ],
    },
    'a wording that was taken off the list': {
      config: { texts: ['no such account'] },
      records: [smtp({ lastReply: '554 5.7.1 bad smtp-auth user' })],
    },
  },
  loud: {
    'each of the reply codes': {
      records: [
        '535 5.7.8 no',
        '534-5.7.9 use an app password',
        '530 5.7.0 Authentication required',
        '454 4.7.0 later',
      ].map((lastReply, i) => smtp({ lastReply, dstIp: `10.0.0.${i + 1}` })),
      evidence: times(
        4,
        (i) => ({ level: 'low', victim: `10.0.0.${i + 1}`, facts: { refusedLogins: 1 } }) as const,
      ),
    },
    'the wording of a vendor': {
      records: [smtp({ lastReply: '554 5.7.1 Bad SMTP-Auth User' })],
      evidence: [{ confidence: 1, facts: { lastReply: '554 5.7.1 Bad SMTP-Auth User' } }],
    },
    'a hundred at one server': {
      records: times(100, () => smtp(refused)),
      evidence: [
        { level: 'low', facts: { refusedLogins: 1 }, uids: 1 },
        { level: 'medium', facts: { refusedLogins: 10 }, uids: 10 },
        { level: 'high', facts: { refusedLogins: 100 }, uids: 20 },
      ],
    },
    'a device that tries an old password every twenty minutes, with other steps': {
      config: { steps: [3] },
      records: times(6, (i) => smtp({ ...refused, tsMs: startMs + minutes(20 * i) })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + minutes(60) }],
    },
    'more servers than are remembered, in bounded memory': {
      records: times(3_000, (i) =>
        smtp({ ...refused, uid: `${'C'.repeat(58)}${i}`, dstIp: `10.0.${i % 3}.${i % 150}` }),
      ),
      evidence: [
        ...times(128, () => ({ level: 'low' }) as const),
        ...times(128, () => ({ level: 'medium' }) as const),
      ],
    },
  },
})

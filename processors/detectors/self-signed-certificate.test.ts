import { certificate, hours, minutes, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { selfSignedCertificate } from './self-signed-certificate.ts'

const own = 'CN=relay,O=Own Ltd,C=CH'
const itself = { subject: own, issuer: own } as const
const fingerprint = 'ab12'.repeat(16)
const unseen = (more: Parameters<typeof tls>[0] = {}) => tls({ certificates: [fingerprint], ...more })

testDetector(selfSignedCertificate, {
  quiet: {
    'certificates of authorities, by themselves and apart': {
      records: [
        tls({ subject: own, issuer: 'CN=Example CA' }),
        tls({ subject: own, issuer: 'CN=Example CA', validationStatus: 'ok' }),
        tls({ validationStatus: 'unable to get local issuer certificate' }),
        certificate({ certificate: fingerprint }),
        unseen(),
      ],
    },
    'an authority whose own certificate the sensor trusts': {
      records: [tls({ ...itself, validationStatus: 'ok' })],
    },
    'nothing shown, and a session taken up again': {
      records: [tls(), tls({ ...itself, resumed: true }), tls({ certificates: ['FpRKkS3G9OsjApJvQ7'] })],
    },
    'a certificate that is told of too late, or never, or of another': {
      records: [
        unseen(),
        certificate({ ...itself, certificate: 'cd'.repeat(32) }),
        certificate({ ...itself, certificate: fingerprint, tsMs: startMs + minutes(5) }),
      ],
    },
  },
  loud: {
    'by the word of the sensor, in both spellings': {
      records: [
        tls({ validationStatus: 'self signed certificate' }),
        tls({ validationStatus: 'Self-signed certificate', dstIp: '203.0.113.8', serverName: '' }),
      ],
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 0.5, victim: null, facts: { toldBySensor: true } },
        { profile: '93.184.216.34', level: 'low', attacker: '93.184.216.34' },
        { profile: '10.0.0.9', facts: { serverName: '' } },
        { profile: '203.0.113.8' },
      ],
    },
    'by its two names, where nobody has checked it': {
      records: [tls(itself)],
      evidence: [{ level: 'low', facts: { subject: own, toldBySensor: false } }, { level: 'low' }],
    },
    'told of apart, before the handshake and after it': {
      records: [
        unseen(),
        certificate({ ...itself, certificate: fingerprint }),
        unseen({ srcIp: '10.0.0.10', tsMs: startMs + hours(5) }),
      ],
      evidence: [
        { profile: '10.0.0.9', tsMs: startMs, facts: { subject: own } },
        { profile: '93.184.216.34' },
        { profile: '10.0.0.10' },
        { profile: '93.184.216.34' },
      ],
    },
    'an authority of the house, a call between browsers and a device of the house are notes': {
      records: [
        tls({ validationStatus: 'self signed certificate in certificate chain' }),
        tls({ ...itself, proto: 'udp', dstIp: '203.0.113.8' }),
        tls({ ...itself, dstIp: '10.0.0.1' }),
      ],
      evidence: times(6, () => ({ level: 'info' }) as const),
    },
    'servers within count as well': {
      config: { withinWeighs: true },
      records: [tls({ ...itself, dstIp: '10.0.0.1' })],
      evidence: times(2, () => ({ level: 'low' }) as const),
    },
    'once for each server and window': {
      records: times(8, (i) => tls({ ...itself, tsMs: startMs + (i < 4 ? 0 : hours(1)) + i })),
      evidence: times(4, () => ({ level: 'low' }) as const),
    },
    'handshakes by the thousand that wait, in bounded memory': {
      records: [
        ...times(2_000, (i) => unseen({ srcIp: `10.1.${i >> 8}.${i & 255}` })),
        certificate({
          subject: own.repeat(200),
          issuer: own.repeat(200),
          certificate: fingerprint,
          dnsNames: times(2_000, (i) => `n-${i}.`.repeat(60)),
        }),
      ],
      evidence: times(40, () => ({ level: 'low' }) as const),
    },
  },
})

import { certificate, hours, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { certificateOfOrganisation } from './certificate-of-organisation.ts'

const subject = 'CN=www.microsoft.com,O=Microsoft Corporation,C=US'
const itself = { subject, issuer: subject } as const
const authority = 'CN=Example CA,O=Example Ltd'
const fingerprint = 'ab12'.repeat(16)

testDetector(certificateOfOrganisation, {
  quiet: {
    'the organisation itself, by a domain of its own': {
      records: [
        tls({ ...itself, serverName: 'www.microsoft.com' }),
        tls({ subject, issuer: authority, serverName: 'C.MSN.com.' }),
        tls({ subject: 'CN=*.google.com', issuer: authority, serverName: 'ssl.gstatic.com' }),
      ],
    },
    'what the sensor has checked': { records: [tls({ subject, issuer: authority, validationStatus: 'ok' })] },
    'an authority that made it out for this very name': {
      records: [
        tls({
          subject: 'CN=*.onestore.example,O=Microsoft Corporation',
          issuer: authority,
          serverName: 'a.onestore.example',
        }),
        certificate({
          certificate: fingerprint,
          subject,
          issuer: authority,
          dnsNames: ['other.example', '*.Onestore.example'],
        }),
        tls({ certificates: [fingerprint], serverName: 'b.onestore.example' }),
      ],
    },
    'an authority that made it out for a name beside, and a recording of another year': {
      records: [
        tls({
          subject: 'CN=onestore.example,O=Microsoft Corporation',
          issuer: authority,
          serverName: 'assets.onestore.example',
          validationStatus: 'certificate is not yet valid',
        }),
      ],
    },
    'words that only contain the name, and other fields of the subject': {
      records: [
        tls({ subject: 'CN=shop.example,O=Snapple Beverages', issuer: '' }),
        tls({ subject: 'CN=shop.example,OU=google,L=Apple Valley', issuer: '' }),
      ],
    },
    'nothing shown, and a session taken up again': {
      records: [tls(), tls({ certificates: [fingerprint] }), tls({ ...itself, resumed: true })],
    },
    'an organisation that is not looked at': {
      config: { organisations: ['google'] },
      records: [tls(itself)],
    },
  },
  loud: {
    'signed by itself': {
      records: [tls(itself)],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'medium',
          confidence: 0.9,
          attacker: '10.0.0.9',
          victim: '93.184.216.34',
          facts: { organisation: 'microsoft', ground: 'signed by itself' },
        },
        { profile: '93.184.216.34', level: 'medium', attacker: '93.184.216.34', victim: '10.0.0.9' },
      ],
    },
    'out of date, and for another name': {
      records: [tls({ subject, issuer: authority, validationStatus: 'certificate has expired' })],
      evidence: times(2, () => ({ level: 'info' }) as const),
    },
    'not valid, and not checked': {
      records: [
        tls({ subject, issuer: authority, validationStatus: 'unable to get local issuer certificate' }),
        tls({ subject, issuer: authority, dstIp: '203.0.113.8' }),
      ],
      evidence: [
        { level: 'low', confidence: 0.5, facts: { ground: 'not valid' } },
        { level: 'low' },
        { level: 'info', confidence: 0.3, facts: { ground: 'not checked' } },
        { level: 'info' },
      ],
    },
    'by the owner alone, with a comma in its name, and by a label of the common name': {
      records: [
        tls({ subject: 'CN=x,O=Apple\\, Inc.,C=US', issuer: 'CN=x,O=Apple\\, Inc.,C=US' }),
        tls({ subject: 'CN=google.evil.example', issuer: authority, dstIp: '203.0.113.8', serverName: '' }),
      ],
      evidence: [
        { level: 'medium', facts: { organisation: 'apple' } },
        { level: 'medium' },
        { level: 'info', facts: { organisation: 'google' } },
        { level: 'info' },
      ],
    },
    'a device of the house is a note': {
      records: [tls({ ...itself, dstIp: '10.0.0.1' })],
      evidence: times(2, () => ({ level: 'info' }) as const),
    },
    'told of apart, after the handshake and before another': {
      records: [
        tls({ certificates: [fingerprint] }),
        certificate({ ...itself, certificate: fingerprint }),
        tls({ certificates: [fingerprint], srcIp: '10.0.0.10', tsMs: startMs + hours(3) }),
      ],
      evidence: [
        { profile: '10.0.0.9', level: 'medium' },
        { profile: '93.184.216.34' },
        { profile: '10.0.0.10', level: 'medium' },
        { profile: '93.184.216.34' },
      ],
    },
    'handshakes by the thousand that wait, in bounded memory': {
      records: [
        ...times(2_000, (i) => tls({ certificates: [fingerprint], srcIp: `10.1.${i >> 8}.${i & 255}` })),
        certificate({
          ...itself,
          certificate: fingerprint,
          dnsNames: times(2_000, (i) => `n-${i}.`.repeat(60)),
        }),
      ],
      evidence: times(40, () => ({ level: 'medium' }) as const),
    },
  },
})

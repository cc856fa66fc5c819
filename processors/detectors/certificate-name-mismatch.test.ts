import { certificate, hours, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { certificateNameMismatch } from './certificate-name-mismatch.ts'

const shown = (serverName: string, commonName: string, more: Parameters<typeof tls>[0] = {}) =>
  tls({ serverName, subject: commonName === '' ? '' : `CN=${commonName},O=Example Ltd,C=CH`, ...more })

const fingerprint = 'ab12'.repeat(16)
const apart = (serverName: string, more: Parameters<typeof tls>[0] = {}) =>
  tls({ serverName, certificates: [fingerprint], ...more })

testDetector(certificateNameMismatch, {
  quiet: {
    'one of the other names of a certificate that is told of apart': {
      records: [
        certificate({
          certificate: fingerprint,
          subject: 'CN=cdn.example.net',
          dnsNames: ['cdn.example.net', '*.Example.com'],
        }),
        apart('www.example.com'),
      ],
    },
    'a certificate that is told of apart, and that the sensor has compared': {
      records: [
        apart('www.example.com', { sniMatchesCert: true }),
        certificate({ certificate: fingerprint, subject: 'CN=localhost' }),
      ],
    },
    'the name itself, a star, and other letters': {
      records: [
        shown('www.example.com', 'www.example.com'),
        shown('WWW.Example.com.', '*.example.com'),
        shown('a.example.co.uk', '*.Example.co.uk'),
      ],
    },
    'another name below the same domain': {
      records: [
        shown('p34-buy.itunes.apple.com', 'buy.itunes.apple.com'),
        shown('d.c.example.com', '*.example.com'),
      ],
    },
    'another domain of the same owner': {
      records: [shown('www.gstatic.com', '*.google.com'), shown('bat.bing.com', 'c.msn.com')],
    },
    'a sensor that has compared all names': {
      records: [shown('www.example.com', 'cdn.example.net', { sniMatchesCert: true })],
    },
    'nothing to compare': {
      records: [shown('', 'cdn.example.net'), shown('www.example.com', ''), tls({ subject: 'O=Example' })],
    },
    'a session taken up again': { records: [shown('www.example.com', 'localhost', { resumed: true })] },
    'common names do not count here': {
      config: { byCommonName: false },
      records: [shown('www.example.com', 'localhost')],
    },
  },
  loud: {
    'the sensor has compared all names': {
      records: [tls({ sniMatchesCert: false })],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.8,
          attacker: '10.0.0.9',
          victim: 'www.example.com',
          facts: { comparedBy: 'sensor' },
        },
        { profile: '93.184.216.34', level: 'medium', attacker: 'www.example.com', victim: '10.0.0.9' },
      ],
    },
    'none of the names of a certificate that is told of apart': {
      records: [
        apart('www.example.com'),
        certificate({ certificate: fingerprint, subject: 'CN=a.example.net', dnsNames: ['a.example.net'] }),
      ],
      evidence: [
        { level: 'low', confidence: 0.8, victim: 'www.example.com', facts: { comparedBy: 'all names' } },
        { profile: '93.184.216.34', level: 'medium' },
      ],
    },
    'handshakes by the thousand that wait, in bounded memory': {
      records: [
        ...times(2_000, (i) => apart(`n-${i}.example.com`)),
        certificate({ certificate: fingerprint, subject: 'CN=localhost' }),
      ],
      evidence: times(40, () => ({ level: 'low' }) as const),
    },
    'a common name that is no name of a host': {
      records: [shown('www.example.com', 'localhost')],
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 0.5, facts: { commonName: 'localhost' } },
        { profile: '93.184.216.34', level: 'low', confidence: 0.5 },
      ],
    },
    'a common name of another domain, which may not be the only one': {
      records: [shown('www.example.com', '*.cdn.example.net'), shown('a.com.evil.net', 'a.com')],
      evidence: [{ level: 'info', confidence: 0.3 }, { facts: { commonName: 'a.com' } }],
    },
    'once for each name and window': {
      records: times(8, (i) =>
        shown(i % 2 === 0 ? 'a.example.com' : 'b.example.com', 'localhost', {
          tsMs: startMs + (i < 4 ? 0 : hours(1)) + i,
        }),
      ),
      evidence: times(8, () => ({ level: 'low' }) as const),
    },
    'names by the thousand, in bounded memory': {
      records: times(2_000, (i) => shown(`n-${i}.example.com`, 'localhost')),
      evidence: times(40, () => ({ level: 'low' }) as const),
    },
  },
})

import { file, hours, http, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { executableDownload } from './executable-download.ts'

const exe = 'application/x-dosexec'
const server = '93.184.216.34'
const fetched = (i: number, more: Parameters<typeof http>[0] = {}) =>
  http({
    responseMimeTypes: [exe],
    responseFileIds: [`F${i}`],
    host: 'files.example.com',
    uri: `/setup-${i}.exe`,
    ...more,
  })
/** As files.log of older Zeek and Suricata have it: the source is where the file came from. */
const sent = (i: number, more: Parameters<typeof file>[0] = {}) =>
  file({
    fileId: `F${i}`,
    mimeType: exe,
    srcIp: server,
    srcPort: null,
    dstIp: '10.0.0.9',
    dstPort: null,
    senderIps: [server],
    receiverIps: ['10.0.0.9'],
    ...more,
  })

testDetector(executableDownload, {
  quiet: {
    'pages, pictures and packages': {
      records: [
        'text/html',
        'image/png',
        'application/x-debian-package',
        'application/zip',
        'application/javascript',
        'text/plain',
        '',
      ].map((type, i) => fetched(i, { responseMimeTypes: [type] })),
    },
    'no answer at all': { records: times(20, () => http({ responseMimeTypes: [], responseFileIds: [] })) },
    'certificates and status answers': {
      records: times(20, (i) =>
        sent(i, { mimeType: i % 2 === 0 ? 'application/ocsp-response' : 'application/x-x509-user-cert' }),
      ),
    },
    'a program that was handed in, not fetched': {
      records: [
        file({
          mimeType: exe,
          srcPort: 50_123,
          dstIp: '10.0.0.1',
          dstPort: 80,
          senderIps: ['10.0.0.9'],
          receiverIps: ['10.0.0.1'],
        }),
      ],
    },
    'one file that both logs tell of, where two are asked for': {
      config: { steps: [2] },
      records: [
        fetched(1),
        file({ fileId: 'F1', mimeType: exe, dstIp: server, senderIps: [server], receiverIps: ['10.0.0.9'] }),
      ],
    },
    'two downloads where three are asked for': {
      config: { steps: [3] },
      records: times(2, (i) => fetched(i)),
    },
  },
  loud: {
    'a program by name': {
      records: [fetched(1)],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 1,
          attacker: '10.0.0.9',
          victim: null,
          facts: { kind: 'program', downloads: 1, host: 'files.example.com' },
        },
        { profile: server, level: 'low', attacker: server },
      ],
    },
    'a program by address': {
      records: [fetched(1, { host: `${server}:8080` }), fetched(2, { host: '[2001:db8::1]' })],
      evidence: [
        { profile: '10.0.0.9', level: 'medium', confidence: 0.8, facts: { rule: 'unnamed' } },
        { profile: server, level: 'low' },
      ],
    },
    'both logs tell of the same one': {
      records: [
        fetched(1),
        file({ fileId: 'F1', mimeType: exe, dstIp: server, senderIps: [server], receiverIps: ['10.0.0.9'] }),
      ],
      evidence: [{ profile: '10.0.0.9', facts: { downloads: 1 } }, { profile: server }],
    },
    'a record that begins at the server charges who fetched it': {
      records: [sent(1, { filename: 'setup.exe', sizeBytes: 4_096 })],
      evidence: [
        { profile: '10.0.0.9', attacker: '10.0.0.9', facts: { server, filename: 'setup.exe', bytes: 4_096 } },
        { profile: server, attacker: server },
      ],
    },
    'a sensor that writes a sentence for the type': {
      records: [
        sent(1, {
          source: 'suricata',
          srcPort: 80,
          dstPort: 50_000,
          mimeType: 'PE32+ executable (GUI) x86-64, for MS Windows',
        }),
      ],
      evidence: [{ profile: '10.0.0.9', facts: { kind: 'program' } }, { profile: server }],
    },
    'installers, scripts and data of no known type': {
      records: ['application/java-archive', 'text/x-shellscript', 'application/octet-stream'].map((type, i) =>
        fetched(i, { responseMimeTypes: [type], dstIp: `93.184.216.${i}` }),
      ),
      evidence: [
        { profile: '10.0.0.9', confidence: 1, facts: { kind: 'installer' } },
        { profile: '10.0.0.9', confidence: 0.6, facts: { kind: 'script' } },
        { profile: '10.0.0.9', level: 'info', confidence: 0.5, facts: { rule: 'opaque' } },
        ...times(3, (i) => ({ profile: `93.184.216.${i}` })),
      ],
    },
    'a hundred updates from one mirror, in two windows': {
      records: times(120, (i) => fetched(i, { tsMs: startMs + (i < 100 ? 0 : hours(1)) + i })),
      evidence: [
        ...[1, 10, 100].map((downloads) => ({
          profile: '10.0.0.9',
          windowStartMs: startMs,
          facts: { downloads },
        })),
        ...[1, 10].map((downloads) => ({
          profile: '10.0.0.9',
          windowStartMs: startMs + hours(1),
          facts: { downloads },
        })),
        ...times(5, () => ({ profile: server })),
      ],
    },
    'ten thousand servers, in bounded memory': {
      records: times(10_000, (i) =>
        fetched(i, { dstIp: `93.${i >> 8}.216.${i & 255}`, uid: `${'C'.repeat(58)}${i}` }),
      ),
      evidence: times(400, () => ({ level: 'low' }) as const),
    },
  },
})

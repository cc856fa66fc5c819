import { file, listed, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedCertificate } from './listed-certificate.ts'

const sha1 = 'c'.repeat(40)
const sha256 = 'd'.repeat(64)
const server = '93.184.216.34'

testDetector(listedCertificate, {
  quiet: {
    'no feed at all': { records: [tls({ certificates: [sha1] })] },
    'ids of files, and hashes that are not listed': {
      intel: [listed('certificate_sha1', sha1), listed('file_sha256', sha256)],
      records: [tls({ certificates: ['FabcDEF', sha256, ''] })],
    },
    'a listed hash of a file that is no certificate': {
      intel: [listed('certificate_sha1', sha1)],
      records: [file({ sha1, fileSource: 'HTTP', dstIp: server })],
    },
  },
  loud: {
    'a listed certificate anywhere in the chain': {
      intel: [listed('certificate_sha256', sha256)],
      records: times(3, () => tls({ certificates: [sha1, sha256] })),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 1,
          attacker: '10.0.0.9',
          victim: server,
          facts: { listed: sha256 },
        },
        { profile: server, level: 'high', attacker: server, victim: '10.0.0.9' },
      ],
    },
    'a certificate among the files: the client is who asked': {
      intel: [listed('certificate_sha1', sha1)],
      records: [
        file({ sha1, fileSource: 'SSL', dstIp: server, senderIps: [server], receiverIps: ['10.0.0.9'] }),
      ],
      evidence: [
        { profile: '10.0.0.9', level: 'low', victim: server },
        { profile: server, level: 'high', victim: '10.0.0.9' },
      ],
    },
    'a certificate among the files of older sensors, which begin with the sender': {
      intel: [listed('certificate_sha1', sha1)],
      config: { steps: [1] },
      records: [
        file({
          sha1,
          fileSource: 'SSL',
          srcIp: server,
          dstIp: '10.0.0.9',
          senderIps: [server],
          receiverIps: ['10.0.0.9'],
        }),
      ],
      evidence: [
        { profile: '10.0.0.9', level: 'low', victim: server },
        { profile: server, level: 'high', victim: '10.0.0.9' },
      ],
    },
  },
})

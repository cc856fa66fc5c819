import { file, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedFile } from './listed-file.ts'

const md5 = 'e'.repeat(32)
const sha256 = 'f'.repeat(64)
const server = '93.184.216.34'

testDetector(listedFile, {
  quiet: {
    'no feed at all': { records: [file({ md5, dstIp: server })] },
    'files that are not listed, and files without a hash': {
      intel: [listed('file_md5', md5), listed('ja3', sha256.slice(0, 32))],
      records: [
        file({ md5: '0'.repeat(32), dstIp: server }),
        file({ md5: '', sha1: '', sha256: '', dstIp: server }),
      ],
    },
    'files that are known to be good, by whatever hash': {
      intel: [
        listed('file_sha256', sha256),
        listed('file_md5', md5, { feed: 'known', level: 'info', tags: ['known-good'] }),
      ],
      records: [file({ md5, sha256, dstIp: server }), file({ md5, dstIp: server })],
    },
  },
  loud: {
    'a listed file comes in': {
      intel: [listed('file_sha256', sha256, { description: 'Dropper' })],
      records: times(3, () =>
        file({ sha256, md5, dstIp: server, senderIps: [server], receiverIps: ['10.0.0.9'] }),
      ),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'high',
          confidence: 1,
          attacker: '10.0.0.9',
          victim: server,
          facts: { kind: 'file_sha256', listedAs: 'Dropper' },
        },
        { profile: server, level: 'high', attacker: server, victim: '10.0.0.9' },
      ],
    },
    'told from the side of the server, at the steps that were set': {
      intel: [listed('file_md5', md5)],
      config: { steps: [2] },
      records: times(2, () =>
        file({ md5, srcIp: server, dstIp: '10.0.0.9', senderIps: [server], receiverIps: ['10.0.0.9'] }),
      ),
      evidence: [{ profile: '10.0.0.9', facts: { times: 2 } }, { profile: server }],
    },
  },
})

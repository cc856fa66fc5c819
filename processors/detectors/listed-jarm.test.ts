import { noJarm, probeTag, serverText } from '../intel/kept-probe.ts'
import { conn, listed, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedJarm } from './listed-jarm.ts'

const ip = '93.184.216.34'
const jarm = `29d29d00029d29d00029d29d29d29d${'3'.repeat(32)}`
const dayMs = 86_400_000

/** What a probe found, an hour before the first record unless said. */
const probed = (
  given: { ip?: string; port?: number; jarm?: string; atMs?: number; expiresMs?: number } = {},
) =>
  listed('tls_server', serverText(given.ip ?? ip, given.port ?? 443), {
    feed: 'jarm',
    level: 'info',
    expiresMs: given.expiresMs ?? startMs + 30 * dayMs,
    tags: [probeTag({ jarm: given.jarm ?? jarm, atMs: given.atMs ?? startMs - 3_600_000 })],
  })
const listedJarmOf = (given = {}) => listed('jarm', jarm, { level: 'medium', ...given })
const call = (given = {}) => conn({ dstIp: ip, dstPort: 443, ...given })

testDetector(listedJarm, {
  quiet: {
    'no feed at all': { records: [call()] },
    'a server that was never probed': { intel: [listedJarmOf()], records: [call()] },
    'a fingerprint that nobody lists': { intel: [probed()], records: [call()] },
    'another fingerprint is listed': {
      intel: [probed({ jarm: `${jarm.slice(0, -1)}4` }), listedJarmOf()],
      records: [call()],
    },
    'no answer to any probe, whoever lists that': {
      intel: [probed({ jarm: noJarm }), listed('jarm', noJarm)],
      records: [call()],
    },
    'a probe that has expired': {
      intel: [probed({ expiresMs: startMs }), listedJarmOf()],
      records: [call()],
    },
    'a fingerprint whose listing has expired': {
      intel: [probed(), listedJarmOf({ expiresMs: startMs })],
      records: [call()],
    },
    'a probe of a month and more later': {
      intel: [probed({ atMs: startMs + 31 * dayMs, expiresMs: startMs + 90 * dayMs }), listedJarmOf()],
      records: [call()],
    },
    'other ports and other addresses': {
      intel: [probed(), listedJarmOf()],
      records: [call({ dstPort: 8443 }), call({ dstIp: '93.184.216.35' }), call({ dstPort: null })],
    },
    'calls that are not answered, and datagrams': {
      intel: [probed(), listedJarmOf()],
      records: [call({ established: false }), call({ proto: 'udp' }), tls({ proto: 'udp' })],
    },
    'a server of the house': {
      intel: [probed({ ip: '10.0.0.77' }), listedJarmOf()],
      records: [call({ dstIp: '10.0.0.77' })],
    },
    'a server of the house with an address of the internet': {
      network: ['10.0.0.0/8', '93.184.216.0/24'],
      intel: [probed(), listedJarmOf()],
      records: [call()],
    },
    'a tag of another form': {
      intel: [{ ...probed(), tags: [`jarm:${jarm}`, 'jarm', jarm] }, listedJarmOf()],
      records: [call()],
    },
  },
  loud: {
    'a call of a server with a listed fingerprint: the server is blamed, the host lightly': {
      intel: [probed(), listedJarmOf({ description: 'Framework' })],
      records: times(3, () => call()),
      evidence: [
        {
          type: 'MALICIOUS_JARM',
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.7,
          attacker: '10.0.0.9',
          victim: ip,
          facts: { listed: jarm, kind: 'jarm', feeds: 'lab', times: 1, server: `${ip}:443` },
        },
        { profile: ip, level: 'medium', confidence: 0.7, attacker: ip, victim: '10.0.0.9' },
      ],
    },
    'a server of IPv6 at a port of its own, whatever the feed says no graver than medium': {
      intel: [probed({ ip: '2a00:1450::7', port: 8443 }), listedJarmOf({ level: 'critical' })],
      records: [conn({ srcIp: '2a02:8000::9', dstIp: '2a00:1450::7', dstPort: 8443 })],
      evidence: [
        { level: 'low', facts: { server: '[2a00:1450::7]:8443' } },
        { profile: '2a00:1450::7', level: 'medium' },
      ],
    },
    'what a feed lists as worth little weighs as little': {
      intel: [probed(), listedJarmOf({ level: 'info', confidence: 0.5 })],
      config: { share: 0.8 },
      records: [call()],
      evidence: [
        { profile: '10.0.0.9', level: 'info', confidence: 0.4 },
        { profile: ip, level: 'info' },
      ],
    },
    'handshakes alone, and a sensor that does not know whether anybody answered': {
      intel: [probed(), probed({ port: 8443 }), listedJarmOf()],
      records: [tls(), call({ dstPort: 8443, established: null })],
      evidence: [
        { profile: '10.0.0.9', facts: { server: `${ip}:443` } },
        { profile: ip },
        { profile: '10.0.0.9', facts: { server: `${ip}:8443` } },
        { profile: ip },
      ],
    },
    'a flow that is told of twice counts once, in either order': {
      intel: [probed(), listedJarmOf()],
      config: { steps: [1, 2, 3] },
      records: [tls({ uid: 'A' }), call({ uid: 'A' }), call({ uid: 'B' }), tls({ uid: 'B' })],
      evidence: [
        { profile: '10.0.0.9', level: 'low', facts: { times: 1 } },
        { profile: ip, level: 'medium' },
        { profile: '10.0.0.9', level: 'info', facts: { times: 2 } },
        { profile: ip, level: 'info' },
      ],
    },
    'of two probes the newer one counts': {
      intel: [
        {
          ...probed(),
          tags: [
            probeTag({ jarm: 'f'.repeat(62), atMs: startMs - 2 * dayMs }),
            probeTag({ jarm, atMs: startMs - dayMs }),
          ],
        },
        listedJarmOf(),
      ],
      records: [call()],
      evidence: [{ profile: '10.0.0.9' }, { profile: ip }],
    },
    'a probe of later days, within what was set': {
      config: { daysBefore: 60 },
      intel: [probed({ atMs: startMs + 31 * dayMs, expiresMs: startMs + 90 * dayMs }), listedJarmOf()],
      records: [call()],
      evidence: [{ profile: '10.0.0.9' }, { profile: ip }],
    },
    'by the name it was asked for, which a rule for domains looks at': {
      intel: [probed(), listedJarmOf()],
      records: [tls({ dstIp: ip, dstPort: 443, serverName: 'x.example.com' })],
      evidence: [{ profile: '10.0.0.9', facts: { serverName: 'x.example.com' } }, { profile: ip }],
    },
    'listed while records come: the next record is met': {
      intel: [probed()],
      records: [call(), call()],
      listedAfter: { records: 1, intel: [listedJarmOf()] },
      evidence: [{ profile: '10.0.0.9', facts: { times: 1 } }, { profile: ip }],
    },
    'probed while records come: the next record is met': {
      intel: [listedJarmOf()],
      records: [call(), call()],
      listedAfter: { records: 1, intel: [probed()] },
      evidence: [{ profile: '10.0.0.9', facts: { times: 1 } }, { profile: ip }],
    },
    'more calls than are remembered': {
      intel: [probed(), listedJarmOf()],
      config: { steps: [100] },
      records: times(100, () => call()),
      evidence: [{ profile: '10.0.0.9', facts: { times: 100 }, uids: 10 }, { profile: ip }],
    },
  },
})

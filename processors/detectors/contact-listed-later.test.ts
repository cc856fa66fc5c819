import { probeTag } from '../intel/kept-probe.ts'
import { conn, days, dns, file, http, listed, minutes, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { contactListedLater } from './contact-listed-later.ts'

const server = '93.184.216.34'
const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
const probed = listed('tls_server', `${server}:443`, {
  level: 'info',
  tags: [probeTag({ jarm, atMs: startMs })],
})
const call = conn({ dstIp: server, dstPort: 443 })
const hash = 'ab'.repeat(32)
const after = (n: number, record = conn({ dstIp: '8.8.4.4' })) => ({
  ...record,
  tsMs: startMs + minutes(n),
  observedMs: startMs + minutes(n),
})

testDetector(contactListedLater, {
  quiet: {
    'no feed that could say more later': {
      records: [conn({ dstIp: server }), after(20)],
      intel: [listed('ip', server)],
    },
    'what was listed before is the business of others': {
      records: [conn({ dstIp: server }), after(20)],
      intel: [listed('ip', server)],
      listedAfter: { records: 1, intel: [listed('ip', '198.51.101.7')] },
    },
    'a server whose listed fingerprint was known before is the business of others': {
      records: [call, after(20)],
      listedAfter: { records: 0, intel: [probed, listed('jarm', jarm)] },
    },
    'a fingerprint of another port, of no answer and of datagrams': {
      records: [
        conn({ dstIp: server, dstPort: 8443 }),
        conn({ dstIp: '93.184.216.35', dstPort: 443, established: false }),
        conn({ dstIp: '93.184.216.36', dstPort: 443, proto: 'udp' }),
        after(20),
      ],
      listedAfter: {
        records: 3,
        intel: [
          probed,
          { ...probed, value: '93.184.216.35:443' },
          { ...probed, value: '93.184.216.36:443' },
          listed('jarm', jarm),
        ],
      },
    },
    'a server that was probed long after it was called': {
      records: [call, after(20)],
      listedAfter: {
        records: 1,
        intel: [{ ...probed, tags: [probeTag({ jarm, atMs: startMs + days(31) })] }, listed('jarm', jarm)],
      },
    },
    'handshakes over datagrams, and with servers of the house': {
      records: [tls({ dstIp: server, proto: 'udp' }), tls({ dstIp: '10.0.0.77' }), after(20)],
      listedAfter: {
        records: 2,
        intel: [probed, { ...probed, value: '10.0.0.77:443' }, listed('jarm', jarm)],
      },
    },
    'a contact of an earlier window': {
      records: [conn({ dstIp: server }), after(70), after(80)],
      listedAfter: { records: 2, intel: [listed('ip', server)] },
    },
    'beyond what is remembered': {
      config: { contacts: 2 },
      records: [...times(4, (i) => conn({ dstIp: `93.184.216.${i}` })), after(20)],
      listedAfter: { records: 4, intel: [listed('ip', '93.184.216.1')] },
    },
    'a domain that is no longer young': {
      records: [dns({ query: 'www.example.com' }), after(20)],
      listedAfter: {
        records: 1,
        intel: [listed('domain', 'example.com', { level: 'info', tags: ['registered:2020-01-02'] })],
      },
    },
    pictures: {
      records: [file({ dstIp: server, mimeType: 'image/png', sha256: hash }), after(20)],
      listedAfter: { records: 1, intel: [listed('file_sha256', hash)] },
    },
    'hosts of the house': {
      records: [conn({ dstIp: '10.0.0.77' }), after(20)],
      listedAfter: { records: 1, intel: [listed('range', '10.0.0.0/24')] },
    },
  },
  loud: {
    'a server that was probed after it was called, and whose fingerprint is listed': {
      records: [call, call, after(20)],
      listedAfter: { records: 2, intel: [probed, listed('jarm', jarm)] },
      evidence: [
        {
          type: 'THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED',
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.56,
          victim: server,
          facts: { listed: jarm, kind: 'jarm', times: 2, server: `${server}:443`, seenBeforeListed: true },
        },
      ],
    },
    'a server that was first called in vain, and at another port': {
      records: [
        conn({ dstIp: server, dstPort: 443, established: false }),
        conn({ dstIp: server, dstPort: 80 }),
        conn({ dstIp: server, dstPort: 443, proto: 'udp' }),
        ...times(5, () => call),
        after(20),
      ],
      listedAfter: { records: 8, intel: [probed, listed('jarm', jarm)] },
      evidence: [
        { level: 'low', victim: server, facts: { kind: 'jarm', times: 5, server: `${server}:443` } },
      ],
    },
    'handshakes alone, and a flow that is told of by both counts once': {
      records: [
        tls({ dstIp: '93.184.216.35', serverName: '' }),
        tls({ dstIp: server, serverName: '', uid: 'A' }),
        { ...call, uid: 'A' },
        after(20),
      ],
      listedAfter: {
        records: 3,
        intel: [probed, { ...probed, value: '93.184.216.35:443' }, listed('jarm', jarm)],
      },
      evidence: [
        { victim: '93.184.216.35', facts: { times: 1, server: '93.184.216.35:443' } },
        { victim: server, facts: { times: 1, server: `${server}:443` } },
      ],
    },
    'a port that a handshake told of keeps its own flow when records of another port follow': {
      records: [
        tls({ dstIp: server, serverName: '' }),
        after(1, conn({ dstIp: server, dstPort: 8443 })),
        after(20),
      ],
      listedAfter: { records: 2, intel: [probed, listed('jarm', jarm)] },
      evidence: [{ tsMs: startMs, facts: { server: `${server}:443` } }],
    },
    'several ports of one server, each for itself': {
      records: [call, conn({ dstIp: server, dstPort: 8443 }), after(20)],
      listedAfter: {
        records: 2,
        intel: [probed, { ...probed, value: `${server}:8443` }, listed('jarm', jarm)],
      },
      evidence: [{ facts: { server: `${server}:443` } }, { facts: { server: `${server}:8443` } }],
    },
    'an address that comes to be listed, whose fingerprint was listed before': {
      intel: [probed, listed('jarm', jarm)],
      records: [call, call, after(20)],
      listedAfter: { records: 2, intel: [listed('ip', server, { level: 'critical', confidence: 1 })] },
      evidence: [{ level: 'low', victim: server, facts: { listed: server, kind: 'ip', times: 2 } }],
    },
    'a fingerprint that comes to be listed, of an address that was listed before': {
      intel: [probed, listed('ip', server)],
      records: [call, after(20)],
      listedAfter: { records: 1, intel: [listed('jarm', jarm)] },
      evidence: [{ facts: { kind: 'jarm', times: 1 } }],
    },
    'an address and its fingerprint, listed at once': {
      records: [call, after(20)],
      listedAfter: { records: 1, intel: [probed, listed('jarm', jarm), listed('ip', server)] },
      evidence: [{ facts: { kind: 'ip' } }, { facts: { kind: 'jarm' } }],
    },
    'a server that was probed long after it was called, within what was set': {
      config: { daysBefore: 60 },
      records: [call, after(20)],
      listedAfter: {
        records: 1,
        intel: [{ ...probed, tags: [probeTag({ jarm, atMs: startMs + days(31) })] }, listed('jarm', jarm)],
      },
      evidence: [{ facts: { server: `${server}:443` } }],
    },
    'an address of the window under way, with how often it was met': {
      records: [conn({ dstIp: server }), conn({ dstIp: server }), after(20)],
      listedAfter: { records: 2, intel: [listed('ip', server, { level: 'critical', confidence: 1 })] },
      evidence: [
        {
          type: 'THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED',
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.8,
          victim: server,
          facts: { times: 2, seenBeforeListed: true },
        },
      ],
    },
    'the newest of many': {
      config: { contacts: 2 },
      records: [...times(4, (i) => conn({ dstIp: `93.184.216.${i}` })), after(20)],
      listedAfter: { records: 4, intel: [listed('ip', '93.184.216.3')] },
      evidence: [{ victim: '93.184.216.3' }],
    },
    'beside a feed that had something else to say': {
      records: [conn({ dstIp: server }), after(20)],
      intel: [listed('domain', 'other.example.com')],
      listedAfter: { records: 1, intel: [listed('range', '93.184.216.0/24')] },
      evidence: [{ victim: server, facts: { listed: '93.184.216.0/24' } }],
    },
    'the host of a request, without its port': {
      records: [http({ host: 'Evil.example.com:8080', dstIp: '10.0.0.3', dstPort: 8080 }), after(20)],
      listedAfter: { records: 1, intel: [listed('domain', 'evil.example.com')] },
      evidence: [{ level: 'high', victim: 'evil.example.com' }],
    },
    'an address that was asked for through a proxy': {
      records: [http({ host: server, dstIp: '10.0.0.3', dstPort: 3128 }), after(20)],
      listedAfter: { records: 1, intel: [listed('ip', server)] },
      evidence: [{ level: 'low', victim: server }],
    },
    'who called, and weighs what the feed says once it was answered': {
      records: [
        conn({ srcIp: server, dstIp: '10.0.0.5', dstPort: 22 }),
        conn({ srcIp: server, dstIp: '10.0.0.6', tsMs: startMs + minutes(20), established: false }),
      ],
      listedAfter: { records: 1, intel: [listed('ip', server)] },
      evidence: [
        { profile: server, level: 'high', attacker: server, victim: '10.0.0.5', facts: { times: 1 } },
      ],
    },
    'who was not answered first, and then was: the flow that was is shown': {
      records: [
        conn({ srcIp: server, dstIp: '10.0.0.5', dstPort: 22, established: false }),
        ...times(4, () => conn({ srcIp: server, dstIp: '10.0.0.6', dstPort: 22 })),
        conn({ srcIp: server, dstIp: '10.0.0.6', tsMs: startMs + minutes(20), established: false }),
      ],
      listedAfter: { records: 5, intel: [listed('ip', server, { level: 'critical' })] },
      evidence: [{ profile: server, level: 'critical', victim: '10.0.0.6', facts: { times: 5 } }],
    },
    'a URL and a program': {
      records: [
        http({ host: 'example.com', uri: '/a.exe?x=1', dstIp: server, dstPort: 80 }),
        file({ srcIp: '10.0.0.9', dstIp: server, mimeType: 'application/x-dosexec', sha256: hash }),
        after(20),
      ],
      listedAfter: {
        records: 2,
        intel: [listed('url', 'example.com/a.exe'), listed('file_sha256', hash, { level: 'critical' })],
      },
      evidence: [
        { level: 'high', victim: 'example.com/a.exe' },
        { level: 'critical', victim: hash },
      ],
    },
    'a domain whose age came to be known': {
      records: [dns({ query: 'www.example.com' }), after(20)],
      listedAfter: {
        records: 1,
        intel: [
          listed('domain', 'example.com', {
            level: 'info',
            tags: [`registered:${new Date(startMs - days(5)).toISOString().slice(0, 10)}`],
          }),
        ],
      },
      evidence: [{ type: 'YOUNG_DOMAIN', level: 'info', victim: 'www.example.com', facts: { ageDays: 5 } }],
    },
    'names, at the level of the feed, once': {
      config: { share: 0.5, everyMinutes: 1 },
      records: [
        dns({ query: 'a.Evil.example.com' }),
        tls({ serverName: 'other.example.net' }),
        after(3),
        after(6),
      ],
      listedAfter: {
        records: 2,
        intel: [listed('domain', 'evil.example.com', { level: 'high', confidence: 1 })],
      },
      evidence: [{ level: 'high', confidence: 0.5, victim: 'a.evil.example.com' }],
    },
  },
})

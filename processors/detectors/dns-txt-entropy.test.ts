import { hash } from 'node:crypto'
import { dns, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dnsTxtEntropy } from './dns-txt-entropy.ts'

const dense = (i: number): string => hash('sha512', `answer ${i}`, 'base64')
const hex = (i: number): string => hash('md5', `answer ${i}`, 'hex').slice(0, 18)
const zeek = (text: string): string => `TXT ${text.length} ${text}`

const txt = (query: string, answer: string, more: Parameters<typeof dns>[0] = {}) =>
  dns({ qtype: 'TXT', query, answers: [zeek(answer)], dstIp: '9.9.9.9', ...more })

testDetector(dnsTxtEntropy, {
  quiet: {
    'what a mail server reads of its partners': {
      records: times(40, (i) => [
        txt(`partner-${i}.example`, `v=spf1 ip4:192.0.2.${i} include:_spf.${hex(i)}.example.net mx -all`),
        txt(`s1._domainkey.partner-${i}.example`, `v=DKIM1; k=rsa; p=${dense(i)}${dense(i + 100)}`),
        txt(`key-${i}.partner-${i}.example`, `k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ${dense(i)}`),
        txt(`_dmarc.partner-${i}.example`, `v=DMARC1; p=reject; rua=mailto:${dense(i)}@example.com`),
        txt('partner.example', `google-site-verification=${dense(i)}`),
        txt(`partner-${i}.example`, `citrix-verification-code=${dense(i)}`),
        txt(`partner-${i}.example`, `MS=ms${hex(i)}`),
        txt(`_acme-challenge.www-${i}.example`, dense(i)),
      ]).flat(),
    },
    'services announced in the local network': {
      records: times(30, (i) =>
        txt(`tv-${i}._airplay._tcp.local`, dense(i), {
          dstIp: i % 2 === 0 ? '224.0.0.251' : 'ff02::fb',
          dstPort: 5353,
        }),
      ),
    },
    'a printer that is asked directly, at that port': {
      records: times(12, (i) =>
        txt('x.example.net', dense(i), { dstPort: 5353, dstIp: i % 2 === 0 ? '10.0.0.40' : 'fe80::40' }),
      ),
    },
    sentences: {
      records: times(30, (i) =>
        txt('info.example', `The quick brown fox number ${i} jumps over the lazy dog`),
      ),
    },
    'nine serial numbers': { records: times(9, (i) => txt(`${i}.serial.example`, hex(i))) },
    'one serial number asked for all day': { records: times(500, () => txt('serial.example', hex(1))) },
    'answers of other types': {
      records: times(50, (i) => dns({ query: `${i}.cdn.example`, answers: [`${hex(i)}.edge.example.net`] })),
    },
    'aliases among the answers to a TXT question': {
      records: times(50, (i) => dns({ qtype: 'TXT', query: 'a.example', answers: [`${hex(i)}${hex(i)}`] })),
    },
    'reputation asked of a security vendor': {
      records: times(200, (i) => txt(`${hex(i)}.w.00.s.sophosxl.net`, dense(i))),
    },
    'a zone that was exempted': {
      config: { exempt: ['keys.example'] },
      records: times(200, (i) => txt(`${i}.keys.example`, dense(i))),
    },
    'a threshold that base64 does not reach': {
      config: { bitsPerCharacter: 6.5 },
      records: times(50, (i) => txt('t.example', dense(i))),
    },
  },
  loud: {
    'a server outside at the port of multicast DNS': {
      records: times(12, (i) => txt('x.example.net', dense(i), { dstPort: 5353, srcPort: 5353 })),
      evidence: [1, 10].flatMap((answers) => [
        { profile: '10.0.0.9', facts: { answers } },
        { profile: '9.9.9.9', facts: { answers } },
      ]),
    },
    'orders that begin like a published record': {
      records: times(12, (i) =>
        txt(`c${i}.example.net`, `${['p=', 'ms=', 'o=~', 'v=spf1'][i % 4]}${dense(i)}`),
      ),
      evidence: [1, 10].flatMap((answers) => [
        { profile: '10.0.0.9', facts: { answers } },
        { profile: '9.9.9.9', facts: { answers } },
      ]),
    },
    'ever other proofs of one domain': {
      config: { published: 20 },
      records: times(40, (i) => txt(`c${i}.example.net`, `x-verification=${dense(i)}`)),
      evidence: [1, 10].flatMap((answers) => [
        { profile: '10.0.0.9', facts: { answers } },
        { profile: '9.9.9.9', facts: { answers } },
      ]),
    },
    'ever other answers under a name for keys': {
      records: times(70, (i) => txt(`c${i}._domainkey.example.net`, dense(i))),
      evidence: [1, 10].flatMap((answers) => [
        { profile: '10.0.0.9', facts: { answers } },
        { profile: '9.9.9.9', facts: { answers } },
      ]),
    },
    'one odd answer': {
      records: [txt('odd.example.co.uk', dense(0))],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.4,
          victim: null,
          facts: { domain: 'example.co.uk', answers: 1 },
        },
        { profile: '9.9.9.9', level: 'low', attacker: '9.9.9.9' },
      ],
    },
    'a tunnel in base64 under changing names': {
      records: times(120, (i) => txt(`${hex(i)}.t.example.com`, dense(i))),
      evidence: [
        { profile: '10.0.0.9', level: 'low', facts: { answers: 1 } },
        { profile: '10.0.0.9', level: 'medium', confidence: 0.7, facts: { answers: 10 }, uids: 10 },
        {
          profile: '10.0.0.9',
          level: 'high',
          confidence: 0.9,
          facts: { answers: 100, denseAnswers: 100 },
          uids: 20,
        },
        ...times(3, () => ({ profile: '9.9.9.9', level: 'low', attacker: '9.9.9.9' }) as const),
      ],
    },
    'a tunnel in hex, which never reaches the entropy, is told from its second step': {
      records: times(25, (i) => txt(`${hex(i + 1_000)}.dnsc.example.com`, hex(i))),
      evidence: [
        { profile: '10.0.0.9', level: 'medium', facts: { answers: 10, denseAnswers: 0 } },
        { profile: '9.9.9.9' },
      ],
    },
    'a sensor that writes the text alone': {
      records: [txt('odd.example', '', { source: 'suricata', answers: [dense(3)] })],
      evidence: [{ profile: '10.0.0.9', level: 'low', facts: { answers: 1 } }, { profile: '9.9.9.9' }],
    },
    'an answer in several strings is one text': {
      records: [
        txt('odd.example', '', { answers: [`${zeek(dense(1).slice(0, 40))} ${zeek(dense(1).slice(40))}`] }),
      ],
      evidence: [{ profile: '10.0.0.9', facts: { characters: 88 } }, { profile: '9.9.9.9' }],
    },
    'other steps': {
      config: { steps: [3] },
      records: times(5, (i) => txt('t.example', dense(i))),
      evidence: [{ profile: '10.0.0.9', facts: { answers: 3 } }, { profile: '9.9.9.9' }],
    },
    'it goes on in the next window': {
      records: times(2, (i) => txt('t.example', dense(i), { tsMs: startMs + hours(i) })),
      evidence: times(4, () => ({ level: 'low' }) as const),
    },
    'many tunnels at once, in bounded memory': {
      config: { steps: [200] },
      records: times(64 * 200, (i) =>
        txt(`${i}.tunnel-${i % 64}.example`, dense(i), { uid: `${'C'.repeat(58)}${i}` }),
      ),
      evidence: times(128, () => ({ confidence: 0.4 })),
    },
  },
})

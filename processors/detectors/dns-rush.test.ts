import { conn, minutes, seconds, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dnsRush } from './dns-rush.ts'

const questions = (n: number, given: Parameters<typeof conn>[0] = {}, gapMs = 20) =>
  times(n, (i) =>
    conn({
      dstIp: '8.8.8.8',
      dstPort: 53,
      proto: 'udp',
      srcPkts: 1,
      dstPkts: 1,
      srcBytes: 71,
      dstBytes: 103,
      tsMs: startMs + i * gapMs,
      ...given,
    }),
  )

testDetector(dnsRush, {
  quiet: {
    'a hundred and ninety-nine questions': { records: questions(199) },
    'two hundred questions of people, each of its own length': {
      records: times(400, (i) => ({
        ...questions(1)[0],
        ...conn({ ...questions(1)[0], srcBytes: 60 + ((i * 7) % 40), tsMs: startMs + i * 20 }),
      })),
    },
    'three hundred questions over ten minutes': { records: questions(300, {}, seconds(2)) },
    'a resolver that asks many servers': {
      records: times(400, (i) =>
        conn({ ...questions(1)[0], dstIp: `198.41.0.${i % 50}`, tsMs: startMs + i * 20 }),
      ),
    },
    'a group': { records: questions(300, { dstIp: '224.0.0.251' }) },
    'transfers over TCP': { records: questions(300, { proto: 'tcp' }) },
    'flows of many datagrams': { records: questions(300, { srcPkts: 4 }) },
    'where a thousand are asked for': { config: { questions: 1_000 }, records: questions(900) },
    'where all must be alike': {
      config: { sameLengthShare: 1 },
      records: [...questions(1, { srcBytes: 60 }), ...questions(400)],
    },
  },
  loud: {
    'two hundred questions of one length, in Argus flows': {
      records: questions(300, { source: 'argus', state: 'CON', history: '' }),
      evidence: [
        {
          type: 'DNS_RUSH',
          level: 'medium',
          confidence: 0.6,
          victim: null,
          facts: { questions: 200, commonestBytes: 71, sameLengthShare: 1, resolvers: 1 },
        },
      ],
    },
    'after an ordinary hour, and ten times as many': {
      records: [
        ...questions(30, { srcBytes: 60 }, seconds(60)),
        ...times(2_100, (i) => conn({ ...questions(1)[0], tsMs: startMs + minutes(40) + i * 20 })),
      ],
      evidence: [{ confidence: 0.6 }, { confidence: 0.3, facts: { questions: 2_000 } }],
    },
  },
})

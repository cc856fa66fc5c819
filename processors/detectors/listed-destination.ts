import type { Conn, Http, Tls } from '@weir/schemas'
import { torTags } from '../data/tor-tags.ts'
import { type Answered, isAnsweredAgain, maxAnsweredBytes, sessionMs } from '../intel/answered-again.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { addressAsked } from '../intel/indicator-value.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { isToldAgain, maxToldBytes, type ToldFlows } from '../intel/told-flows.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, steps } from './settings.ts'

type State = {
  readonly hits: Hits
  readonly answered: Answered
  readonly counted: ToldFlows
  readonly answeredFlows: ToldFlows
}

const settings = {
  steps: steps(hitSteps, 'Connections of one host to one listed address in one window at which it is said.'),
  answeredMinutes: count(
    5,
    'Different minutes of one window in which a host is answered by what is listed as high or critical, from which that weighs high on the host itself; a session of an hour is enough.',
  ),
}

export const listedDestination = defineDetector({
  id: 'listed-destination',
  version: 2,
  claim:
    'A host connected to an address that a feed lists, or that lies in a range it lists; or asked a proxy for it.',
  spec: 'TI-1',
  types: ['THREAT_INTELLIGENCE_TO_BLACKLISTED_IP'],
  level: 'low',
  techniques: ['T1071'],
  misfires:
    'Servers that many share, listed for one of them; addresses that have changed hands; research that visits what is listed.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 4,
    maxBytes: maxHitBytes + maxAnsweredBytes + 2 * maxToldBytes,
    empty: (): State => ({ hits: new Map(), answered: new Map(), counted: [], answeredFlows: [] }),
  },
  on: {
    conn(record, tools) {
      if (tools.intel.isEmpty || record.proto === 'icmp') return
      const { established, tsMs, durationMs } = record
      const answer = { established, tsMs, durationMs }
      look(record, { server: record.dstIp, through: '', isAnswered: established !== false, answer }, tools)
    },
    // The connection may be told of as a handshake alone, or as its requests.
    tls(record, tools) {
      if (tools.intel.isEmpty) return
      const { ja3s, subject, tsMs } = record
      // Not all sensors say how it ended, but these are words of the server.
      const established = record.established ?? (ja3s !== '' || subject !== '' ? true : null)
      const answer = { established, tsMs, durationMs: 0 }
      look(record, { server: record.dstIp, through: '', isAnswered: established !== false, answer }, tools)
    },
    http(record, tools) {
      if (tools.intel.isEmpty) return
      const { dstIp, statusCode, tsMs } = record
      const isAnswered = statusCode !== null
      const answer = { established: isAnswered, tsMs, durationMs: 0 }
      look(record, { server: dstIp, through: '', isAnswered, answer }, tools)
      // Through a proxy the connection is to the proxy, and the address stands in the request alone.
      const server = addressAsked(record.host, record.uri)
      if (server === '' || server === dstIp) return
      // An error may be the word of the proxy, which could not or would not ask.
      const established = isAnswered && statusCode < 400
      const through = ` through ${dstIp}`
      look(record, { server, through, isAnswered, answer: { ...answer, established } }, tools)
    },
  },
})

type Call = {
  readonly server: string
  /** What is said of the way there; `''` for a connection of its own. */
  readonly through: string
  readonly isAnswered: boolean
  readonly answer: Pick<Conn, 'established' | 'tsMs' | 'durationMs'>
}

function look(
  record: Conn | Http | Tls,
  { server, through, isAnswered, answer }: Call,
  tools: Tools<State, typeof settings>,
): void {
  const verdict = tools.intel.address(server, record.tsMs)
  if (verdict === null) return
  // An exit of Tor is no more than that, and said as such elsewhere.
  if (verdict.level === 'info' && verdict.tags.some((tag) => torTags.includes(tag))) return
  const { srcIp, uid } = record
  const { hits, answered, counted, answeredFlows } = tools.state()
  // Each request to a proxy is a call of its own; of another flow all records together are one, answered in one minute.
  const isCounted = through === '' && isToldAgain(counted, uid)
  const isNew =
    through !== '' ||
    answer.durationMs >= sessionMs ||
    (answer.established === true && !isToldAgain(answeredFlows, uid))
  // By address: of a range that is listed, each address that was called is another server.
  const hit = isCounted ? null : countHit(hits, server, uid, tools.config.steps)
  const victim = { direction: 'dst', type: 'ip', value: server } as const
  // By what is listed: a program that goes round the servers of a range is at home all the same.
  if (isNew && isAnsweredAgain(answered, verdict, answer, tools.config.answeredMinutes)) {
    const times = hits.get(server)?.count ?? 1
    tools.report({
      key: `${verdict.value}|answered`,
      level: 'high',
      confidence: verdict.confidence,
      record,
      ...(through === '' ? {} : { victim }),
      description: `${srcIp} had to do with ${server}${through}${timesText(times)} and was answered again and again, ${listedBy(verdict)}.`,
      facts: { ...verdictFacts(verdict, times), answered: true },
    })
  }
  if (hit === null) return
  tools.report({
    ...listedPair(hit, verdict, {
      confidence: verdict.confidence,
      client: srcIp,
      server,
      description: `${server}, ${listedBy(verdict)}, was called by ${srcIp}${through}${timesText(hit.count)}.`,
    }),
    record,
    ...(through === '' ? {} : { victim }),
    description: `${srcIp} connected to ${server}${through}${timesText(hit.count)}, ${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, hit.count), answered: isAnswered },
  })
}

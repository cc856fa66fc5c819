import { canonicalAddress } from './address.ts'
import { type EveObject, isObject, objectAt, objectsAt, textAt, wholeAt } from './suricata-json.ts'

export type DnsMessage = {
  readonly query: string
  readonly qtype: string
  readonly rcode: string
  readonly answers: readonly string[]
  readonly ttls: readonly number[]
}

type Answer = {
  readonly name: string
  readonly type: string
  readonly data: string
  readonly ttl: number | null
}

/**
 * The messages that one `dns` object tells of, one for each question. Its forms: version 1, one event for each answer with
 * `rrname`, `rdata` and `ttl` at the top; version 2, `answers` and/or `grouped`; version 3 (Suricata 8), `queries` and
 * `answers`. A question that was not answered has no `rcode`.
 */
export function dnsMessages(dns: EveObject): DnsMessage[] {
  const type = textAt(dns, 'type')
  const isQuery = type === 'query' || type === 'request'
  const rcode = isQuery ? '' : textAt(dns, 'rcode')
  const answers = isQuery ? [] : answersOf(dns)
  const questions = objectsAt(dns, 'queries')
  if (questions.length === 0) {
    return [message(textAt(dns, 'rrname'), textAt(dns, 'rrtype'), rcode, answers)]
  }
  return questions.map((question) => {
    const name = textAt(question, 'rrname')
    const own = questions.length === 1 ? answers : answersTo(name, answers)
    return message(name, textAt(question, 'rrtype'), rcode, own)
  })
}

function message(query: string, qtype: string, rcode: string, answers: readonly Answer[]): DnsMessage {
  const ttls = answers.map((answer) => answer.ttl)
  return {
    query,
    qtype,
    rcode,
    answers: answers.map((answer) => answer.data),
    // One for each answer or none at all: a list with gaps would shift the others.
    ttls: ttls.every((ttl) => ttl !== null) ? ttls : [],
  }
}

/** Those of the answers that belong to a name, along its chain of aliases. */
function answersTo(name: string, answers: readonly Answer[]): readonly Answer[] {
  const chain = new Set([name.toLowerCase()])
  return answers.filter((answer) => {
    const own = chain.has(answer.name.toLowerCase())
    if (own && answer.type === 'CNAME') chain.add(answer.data.toLowerCase())
    return own
  })
}

function answersOf(dns: EveObject): readonly Answer[] {
  const listed = objectsAt(dns, 'answers')
  if (listed.length > 0) return listed.map(answerOf).filter((answer) => answer.data !== '')
  const grouped = objectAt(dns, 'grouped')
  const ttl = wholeAt(dns, 'ttl')
  const answers: Answer[] = []
  for (const [type, values] of Object.entries(grouped)) {
    if (!Array.isArray(values)) continue
    for (const value of values) {
      const data = dataOf(type, value)
      if (data !== '') answers.push({ name: textAt(dns, 'rrname'), type, data, ttl })
    }
  }
  if (answers.length > 0) return answers
  const only = answerOf(dns)
  return only.data === '' ? [] : [only]
}

function answerOf(answer: EveObject): Answer {
  const type = textAt(answer, 'rrtype')
  const value = answer.rdata ?? answer[type.toLowerCase()]
  return { name: textAt(answer, 'rrname'), type, data: dataOf(type, value), ttl: wholeAt(answer, 'ttl') }
}

/** Records with parts (SRV, SOA, MX) are told by the host they name. */
function dataOf(type: string, value: unknown): string {
  if (typeof value === 'string') {
    return type === 'A' || type === 'AAAA' ? (canonicalAddress(value) ?? value) : value
  }
  if (!isObject(value)) return ''
  return textAt(value, 'name') || textAt(value, 'mname') || textAt(value, 'rrname')
}

import type { Parsed } from './parser.ts'
import type { Fields } from './zeek-fields.ts'
import { connectionHeadOf, protoOf } from './zeek-head.ts'
import { numberOf } from './zeek-numbers.ts'

export function dnsOf(fields: Fields, site: string): Parsed {
  const head = connectionHeadOf(fields, site, protoOf(fields))
  if ('kind' in head) return head
  return {
    ...head,
    kind: 'dns',
    query: fields.text('query'),
    qclass: fields.text('qclass_name'),
    qtype: fields.text('qtype_name'),
    rcode: fields.text('rcode_name'),
    answers: fields.list('answers'),
    ttls: secondsOf(fields.list('TTLs')),
  }
}

function secondsOf(list: readonly string[]): number[] {
  const seconds: number[] = []
  for (const text of list) {
    const number = numberOf(text)
    if (number >= 0) seconds.push(number)
  }
  return seconds
}

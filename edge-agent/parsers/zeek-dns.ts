import type { Parsed } from './parser.ts'
import type { Fields } from './zeek-fields.ts'
import { connectionHeadOf, protoOf } from './zeek-head.ts'

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
    ttls: fields.numbers('TTLs'),
  }
}

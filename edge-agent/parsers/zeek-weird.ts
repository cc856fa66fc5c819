import type { Parsed } from './parser.ts'
import { skipped } from './zeek-fates.ts'
import type { Fields } from './zeek-fields.ts'
import { headOf } from './zeek-head.ts'

/** weird.log: oddities of the traffic itself; many are about no connection and are skipped. */
export function weirdOf(fields: Fields, site: string): Parsed {
  const head = headOf(fields, site, '')
  if ('kind' in head) return head
  if (head.srcIp === '') {
    if (head.dstIp === '') return skipped.noAddress
    head.srcIp = head.dstIp
    head.srcPort = head.dstPort
    head.dstIp = ''
    head.dstPort = null
  }
  return {
    ...head,
    kind: 'weird',
    name: fields.text('name'),
    addl: fields.text('addl'),
  }
}

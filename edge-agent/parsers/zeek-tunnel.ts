import type { Parsed } from './parser.ts'
import type { Fields } from './zeek-fields.ts'
import { connectionHeadOf, protoOf } from './zeek-head.ts'

export function tunnelOf(fields: Fields, site: string): Parsed {
  const head = connectionHeadOf(fields, site, protoOf(fields))
  if ('kind' in head) return head
  return {
    ...head,
    kind: 'tunnel',
    tunnelType: fields.text('tunnel_type'),
    action: fields.text('action'),
  }
}

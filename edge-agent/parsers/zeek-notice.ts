import type { Parsed } from './parser.ts'
import { rejected, skipped } from './zeek-fates.ts'
import { countOrNull, damaged, type Fields } from './zeek-fields.ts'
import { headOf, isIcmp, protoOf } from './zeek-head.ts'

/**
 * A notice's ends are its connection's, else its own `src`, `dst` and `p`; one that names a single host is about that host
 * on both ends.
 */
export function noticeOf(fields: Fields, site: string): Parsed {
  const proto = protoOf(fields)
  const head = headOf(fields, site, proto)
  if ('kind' in head) return head
  const src = fields.address('src')
  const dst = fields.address('dst')
  if (src === null || dst === null) return rejected.badAddress
  const port = fields.port('p')
  if (port === damaged) return rejected.badPort
  const srcIp = head.srcIp || src || head.dstIp || dst
  if (srcIp === '') return skipped.noAddress
  head.srcIp = srcIp
  head.dstIp = head.dstIp || dst || srcIp
  if (!isIcmp(proto)) head.dstPort ??= port
  return {
    ...head,
    kind: 'notice',
    note: fields.text('note'),
    message: fields.text('msg'),
    sub: fields.text('sub'),
    count: countOrNull(fields, 'n'),
  }
}

import { canonicalMac } from './address.ts'
import type { Parsed } from './parser.ts'
import { rejected } from './zeek-fates.ts'
import type { Fields } from './zeek-fields.ts'
import { headOf } from './zeek-head.ts'

/** arp.log, which is written by a script and not by Zeek itself (spec inputs.md section 10.2). */
export function arpOf(fields: Fields, site: string): Parsed {
  const head = headOf(fields, site, 'arp')
  if ('kind' in head) return head
  const sender = fields.address('orig_h')
  const target = fields.address('resp_h')
  if (sender === null || target === null || sender === '' || target === '') return rejected.badAddress
  head.srcIp = sender
  head.dstIp = target
  return {
    ...head,
    kind: 'arp',
    operation: fields.text('operation'),
    srcMac: canonicalMac(fields.text('src_mac')),
    dstMac: canonicalMac(fields.text('dst_mac')),
    srcHw: canonicalMac(fields.text('orig_hw')),
    dstHw: canonicalMac(fields.text('resp_hw')),
  }
}

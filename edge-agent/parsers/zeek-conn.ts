import { canonicalMac } from './address.ts'
import type { Parsed } from './parser.ts'
import { zeekEstablished } from './zeek-established.ts'
import { rejected } from './zeek-fates.ts'
import { damaged, type Fields } from './zeek-fields.ts'
import { connectionHeadOf, isIcmp, protoOf } from './zeek-head.ts'
import { durationOfSeconds } from './zeek-numbers.ts'

/** conn.log from JSON, and from TSV that is out of the ordinary; `zeek-conn-tsv.ts` says the same of ordinary TSV. */
export function connOf(fields: Fields, site: string): Parsed {
  const proto = protoOf(fields)
  const head = connectionHeadOf(fields, site, proto)
  if ('kind' in head) return head
  const seconds = fields.number('duration')
  const durationMs = seconds === null ? 0 : durationOfSeconds(seconds)
  const srcPkts = fields.count('orig_pkts') ?? 0
  const dstPkts = fields.count('resp_pkts') ?? 0
  const srcBytes = fields.count('orig_bytes') ?? 0
  const dstBytes = fields.count('resp_bytes') ?? 0
  if (
    durationMs === damaged ||
    srcPkts === damaged ||
    dstPkts === damaged ||
    srcBytes === damaged ||
    dstBytes === damaged
  ) {
    return rejected.badNumber
  }
  const icmp = isIcmp(proto)
  const state = fields.text('conn_state')
  const history = fields.text('history')
  return {
    tsMs: head.tsMs,
    observedMs: head.observedMs,
    site: head.site,
    sensor: head.sensor,
    source: 'zeek',
    uid: head.uid,
    srcIp: head.srcIp,
    srcPort: head.srcPort,
    dstIp: head.dstIp,
    dstPort: head.dstPort,
    proto,
    label: head.label,
    labelDetail: head.labelDetail,
    kind: 'conn',
    durationMs,
    service: fields.text('service').toLowerCase(),
    state,
    history: history === '' ? state : history,
    established: zeekEstablished(state),
    srcPkts,
    dstPkts,
    srcBytes,
    dstBytes,
    srcMac: canonicalMac(fields.text('orig_l2_addr')),
    dstMac: canonicalMac(fields.text('resp_l2_addr')),
    icmpType: icmp ? fields.port('id.orig_p') : null,
    icmpCode: icmp ? fields.port('id.resp_p') : null,
  }
}

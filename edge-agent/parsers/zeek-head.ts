import type { Head } from '@weir/schemas'
import type { Reject } from './parser.ts'
import { rejected } from './zeek-fates.ts'
import { damaged, type Fields, firstText } from './zeek-fields.ts'

/** A record's head, open to what its log knows better. */
export type OpenHead = { -readonly [K in keyof Head]: Head[K] }

export const protoOfUnknown = 'unknown_transport'

/** Zeek's `proto` in lower case; `''` where Zeek did not know. */
export function protoOf(fields: Fields): string {
  const proto = fields.text('proto').toLowerCase()
  return proto === protoOfUnknown ? '' : proto
}

export function isIcmp(proto: string): boolean {
  return proto === 'icmp' || proto === 'icmp6' || proto === 'ipv6-icmp'
}

/**
 * The head of any log's record. The ends are those of `id`, `''` and `null` where it is unset; ICMP's type and code,
 * which Zeek writes as ports, are left out. `observedMs` is the event time until the reader fills it.
 */
export function headOf(fields: Fields, site: string, proto: string): OpenHead | Reject {
  const tsMs = fields.time('ts')
  if (tsMs === null) return rejected.badTime
  const srcIp = fields.address('id.orig_h')
  const dstIp = fields.address('id.resp_h')
  if (srcIp === null || dstIp === null) return rejected.badAddress
  const srcPort = fields.port('id.orig_p')
  const dstPort = fields.port('id.resp_p')
  if (srcPort === damaged || dstPort === damaged) return rejected.badPort
  const hasPorts = !isIcmp(proto)
  const uid = fields.text('uid')
  const sensor = firstText(fields, '_node_name', '_system_name')
  return {
    tsMs,
    observedMs: tsMs,
    site,
    sensor: sensor === '' ? 'zeek' : sensor,
    source: 'zeek',
    uid: uid === '' ? fields.syntheticUid() : uid,
    srcIp,
    srcPort: hasPorts ? srcPort : null,
    dstIp,
    dstPort: hasPorts ? dstPort : null,
    proto,
    label: fields.text('label'),
    labelDetail: labelDetailOf(fields),
  }
}

/** `headOf`, for logs whose records are about one connection: both ends must be there. */
export function connectionHeadOf(fields: Fields, site: string, proto: string): OpenHead | Reject {
  const head = headOf(fields, site, proto)
  if ('kind' in head) return head
  return head.srcIp === '' || head.dstIp === '' ? rejected.badAddress : head
}

function labelDetailOf(fields: Fields): string {
  const detail = firstText(fields, 'detailedlabel', 'detailed-label')
  return detail === '' ? fields.text('detailed_label') : detail
}

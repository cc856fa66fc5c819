import type { Conn } from '@weir/schemas'
import { canonicalAddress, canonicalMac } from './address.ts'
import type { Draft, Reject } from './parser.ts'
import { parseTime, timeOfNumber } from './time.ts'
import { zeekEstablished } from './zeek-established.ts'
import { rejected } from './zeek-fates.ts'
import { isIcmp, protoOfUnknown } from './zeek-head.ts'
import type { JsonObject } from './zeek-json.ts'
import { durationOfSeconds } from './zeek-numbers.ts'

/** Not what Zeek itself writes there: a number as text, a list, a mark of unset, a value out of range. */
const odd = -2

/**
 * A conn record as Zeek's own JSON writer has it, as `connOf` would read it; `null` when anything in it is out of the
 * ordinary and it must be read the long way. Fields are named here one by one because that is what the engine is fast
 * at: half the cost of asking for them by a name that varies.
 */
export function ordinaryConn(
  object: JsonObject,
  site: string,
  timezoneMinutes: number,
): Draft | Reject | null {
  const uid = object.uid
  const source = object['id.orig_h']
  const destination = object['id.resp_h']
  const protoText = object.proto
  if (!isText(uid) || !isText(source) || !isText(destination) || !isText(protoText)) return null
  const service = object.service ?? ''
  const state = object.conn_state ?? ''
  const history = object.history ?? ''
  const label = object.label ?? ''
  const detail = object.detailedlabel ?? ''
  const sensor = object._node_name ?? object._system_name ?? 'zeek'
  if (!isPlain(service) || !isPlain(state) || !isPlain(history) || !isPlain(label) || !isPlain(detail))
    return null
  if (!isText(sensor) || object['detailed-label'] !== undefined || object.detailed_label !== undefined)
    return null
  const first = portOf(object['id.orig_p'])
  const second = portOf(object['id.resp_p'])
  const seconds = object.duration ?? 0
  const srcPkts = countOf(object.orig_pkts)
  const dstPkts = countOf(object.resp_pkts)
  const srcBytes = countOf(object.orig_bytes)
  const dstBytes = countOf(object.resp_bytes)
  if (first === odd || second === odd || typeof seconds !== 'number') return null
  if (srcPkts === odd || dstPkts === odd || srcBytes === odd || dstBytes === odd) return null
  const durationMs = durationOfSeconds(seconds)
  const srcMac = object.orig_l2_addr ?? ''
  const dstMac = object.resp_l2_addr ?? ''
  if (durationMs < 0 || typeof srcMac !== 'string' || typeof dstMac !== 'string') return null

  const ts = object.ts
  const tsMs =
    typeof ts === 'number' ? timeOfNumber(ts) : typeof ts === 'string' ? parseTime(ts, timezoneMinutes) : null
  if (tsMs === null) return rejected.badTime
  const srcIp = canonicalAddress(source)
  const dstIp = canonicalAddress(destination)
  if (srcIp === null || dstIp === null) return rejected.badAddress
  const lowered = protoText.toLowerCase()
  const proto = lowered === protoOfUnknown ? '' : lowered
  const icmp = isIcmp(proto)
  const conn: Conn & { observedMs: number } = {
    tsMs,
    observedMs: tsMs,
    site,
    sensor,
    source: 'zeek',
    uid,
    srcIp,
    srcPort: icmp ? null : first,
    dstIp,
    dstPort: icmp ? null : second,
    proto,
    label,
    labelDetail: detail,
    kind: 'conn',
    durationMs,
    service: service.toLowerCase(),
    state,
    history: history === '' ? state : history,
    established: zeekEstablished(state),
    srcPkts,
    dstPkts,
    srcBytes,
    dstBytes,
    srcMac: srcMac === '' ? '' : canonicalMac(srcMac),
    dstMac: dstMac === '' ? '' : canonicalMac(dstMac),
    icmpType: icmp ? first : null,
    icmpCode: icmp ? second : null,
  }
  return conn
}

/** Text, and neither empty nor a mark of unset or empty. */
function isText(value: unknown): value is string {
  return isPlain(value) && value !== ''
}

/** Text that is no mark of unset or empty. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && value !== '-' && value !== '(empty)'
}

function portOf(value: unknown): number | null {
  if (value === undefined || value === null) return null
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535
    ? value + 0
    : odd
}

function countOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + 0 : odd
}

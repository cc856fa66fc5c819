import type { Conn } from '@weir/schemas'
import { canonicalAddress, canonicalMac } from './address.ts'
import { nfdumpEstablished } from './established.ts'
import type { Draft, Reject } from './parser.ts'
import { protocolName } from './protocol-name.ts'
import { syntheticUid } from './synthetic-uid.ts'
import { durationMsOf, parseTime } from './time.ts'

/** One flow as nfdump printed it, cell by cell and trimmed; `''` for what the listing has no column for. */
export type NfdumpFlow = {
  readonly start: string
  readonly end: string
  readonly duration: string
  readonly proto: string
  readonly srcAddr: string
  readonly srcPort: string
  readonly dstAddr: string
  /** For ICMP `type.code`, or both in one number as NetFlow has it. */
  readonly dstPort: string
  readonly flags: string
  readonly srcPkts: string
  readonly srcBytes: string
  readonly dstPkts: string
  readonly dstBytes: string
  readonly icmpType: string
  readonly icmpCode: string
  readonly srcMac: string
  readonly dstMac: string
  readonly label: string
  /** The listing has no columns for the way back. */
  readonly oneWay: boolean
}

const badTime: Reject = { kind: 'reject', reason: 'bad-time' }
const badAddress: Reject = { kind: 'reject', reason: 'bad-address' }
const badPort: Reject = { kind: 'reject', reason: 'bad-port' }
const badNumber: Reject = { kind: 'reject', reason: 'bad-number' }
const badProtocol: Reject = { kind: 'reject', reason: 'bad-protocol' }

/** The connection record of a flow (spec inputs.md sections 3 and 13, «Weir:»); `text` and `lineNumber` make its id. */
export function nfdumpConn(
  flow: NfdumpFlow,
  site: string,
  timezoneMinutes: number,
  text: string,
  lineNumber: number,
): (Conn & Draft) | Reject {
  const tsMs = parseTime(flow.start, timezoneMinutes)
  if (tsMs === null) return badTime
  const srcIp = canonicalAddress(flow.srcAddr)
  const dstIp = canonicalAddress(flow.dstAddr)
  if (srcIp === null || dstIp === null) return badAddress
  const proto = protocolName(flow.proto)
  if (proto === '') return badProtocol

  const isIcmp = proto === 'icmp'
  const srcPort = isIcmp ? null : portOf(flow.srcPort)
  const dstPort = isIcmp ? null : portOf(flow.dstPort)
  if (srcPort === -1 || dstPort === -1) return badPort

  const srcPkts = abbreviatedCount(flow.srcPkts)
  const dstPkts = abbreviatedCount(flow.dstPkts)
  const srcBytes = abbreviatedCount(flow.srcBytes)
  const dstBytes = abbreviatedCount(flow.dstBytes)
  const durationMs = durationOf(flow, tsMs, timezoneMinutes)
  if (durationMs === null || Number.isNaN(srcPkts + dstPkts + srcBytes + dstBytes)) return badNumber

  return {
    kind: 'conn',
    tsMs,
    observedMs: 0,
    site,
    sensor: 'nfdump',
    source: 'nfdump',
    uid: syntheticUid(lineNumber, text),
    srcIp,
    srcPort,
    dstIp,
    dstPort,
    proto,
    label: flow.label,
    labelDetail: '',
    durationMs,
    service: '',
    state: flow.flags,
    history: flow.flags,
    established: nfdumpEstablished(proto, flow.flags, dstPkts, flow.oneWay),
    srcPkts,
    dstPkts,
    srcBytes,
    dstBytes,
    srcMac: macOf(flow.srcMac),
    dstMac: macOf(flow.dstMac),
    icmpType: isIcmp ? icmpTypeOf(flow) : null,
    icmpCode: isIcmp ? icmpCodeOf(flow) : null,
  }
}

const scales: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** A count such as `126`, `1.2 M` or `3.4G` (powers of 1000, rounded by nfdump); 0 when unset, `NaN` when it is no count. */
export function abbreviatedCount(text: string): number {
  if (text === '') return 0
  const scale = scales[text.charAt(text.length - 1)]
  const value = scale === undefined ? Number(text) : Math.round(Number(text.slice(0, -1)) * scale)
  return Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN
}

/** -1 for what is no port. */
function portOf(text: string): number | null {
  if (text === '') return null
  // Some versions print `0.0` or `8.0` in the port column of protocols that have none.
  const value = Number(text)
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : -1
}

function durationOf(flow: NfdumpFlow, tsMs: number, timezoneMinutes: number): number | null {
  if (flow.duration !== '') return clockDurationMs(flow.duration)
  if (flow.end === '') return 0
  const endMs = parseTime(flow.end, timezoneMinutes)
  // An end before the start is a clock that was set, not a length.
  return endMs === null || endMs <= tsMs ? 0 : Math.round((endMs - tsMs) * 1000) / 1000
}

/** Milliseconds of `7.719` or `00:01:07.719`, the hours of which may pass 24; `null` for what is no length of time. */
function clockDurationMs(text: string): number | null {
  let seconds = 0
  let parts = 0
  for (let from = 0; from <= text.length; parts++) {
    const colon = text.indexOf(':', from)
    const end = colon < 0 ? text.length : colon
    const part = text.slice(from, end)
    if (part === '' || parts === 3) return null
    seconds = seconds * 60 + Number(part)
    from = end + 1
  }
  return durationMsOf(seconds)
}

function icmpTypeOf(flow: NfdumpFlow): number | null {
  if (flow.icmpType !== '') return octet(flow.icmpType)
  const dot = flow.dstPort.indexOf('.')
  if (dot >= 0) return octet(flow.dstPort.slice(0, dot))
  const both = portOf(flow.dstPort)
  return both === null || both < 0 ? null : both >> 8
}

function icmpCodeOf(flow: NfdumpFlow): number | null {
  if (flow.icmpCode !== '') return octet(flow.icmpCode)
  const dot = flow.dstPort.indexOf('.')
  if (dot >= 0) return octet(flow.dstPort.slice(dot + 1))
  const both = portOf(flow.dstPort)
  return both === null || both < 0 ? null : both & 0xff
}

function octet(text: string): number | null {
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isInteger(value) && value >= 0 && value <= 255 ? value : null
}

/** All zeros is how nfdump writes a MAC that the exporter left out. */
function macOf(text: string): string {
  const mac = text === '' ? '' : canonicalMac(text)
  return mac === '00:00:00:00:00:00' ? '' : mac
}

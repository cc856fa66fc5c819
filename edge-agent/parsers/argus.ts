import { canonicalAddress, canonicalMac } from './address.ts'
import { type ArgusColumns, type ArgusLayout, argusLayoutOf, usualArgusLayout } from './argus-columns.ts'
import { portOfServiceName } from './argus-ports.ts'
import { DayClock } from './day-clock.ts'
import { argusEstablished } from './established.ts'
import { ownedText } from './owned-text.ts'
import type { LineParser, Parsed, Parser, ParserOptions, Reject, Skip } from './parser.ts'
import { protocolName } from './protocol-name.ts'
import { syntheticUid } from './synthetic-uid.ts'
import { durationMsOf, parseTime } from './time.ts'

/** Flows of Argus as text: `ra` with `-c`, binetflow files (spec inputs.md section 11). */
export const argusParser: Parser = {
  id: 'argus',
  reads: 'Argus flows as text (binetflow, `ra -c ,`), comma or TAB',
  makes: ['conn', 'arp'],
  recognises,
  open: (options) => new ArgusLines(options),
}

const blank: Skip = { kind: 'skip', reason: 'blank' }
const comment: Skip = { kind: 'skip', reason: 'comment' }
const header: Skip = { kind: 'skip', reason: 'header' }
const management: Skip = { kind: 'skip', reason: 'management' }
const notIp: Skip = { kind: 'skip', reason: 'not-ip' }
const tooFewColumns: Reject = { kind: 'reject', reason: 'too-few-columns' }
const badTime: Reject = { kind: 'reject', reason: 'bad-time' }
const badAddress: Reject = { kind: 'reject', reason: 'bad-address' }
const badPort: Reject = { kind: 'reject', reason: 'bad-port' }
const badNumber: Reject = { kind: 'reject', reason: 'bad-number' }

/** Ethernet types and link protocols that Argus reports as flows between MAC addresses. */
const linkProtocols = new Set([
  'llc',
  'rarp',
  'loop',
  'ipx',
  'decnet',
  'atalk',
  'aarp',
  'lldp',
  'stp',
  'cdp',
  'eap',
])

/** What Argus recognised inside UDP and names in the place of the protocol. */
const overUdp = new Set(['rtp', 'rtcp', 'udt'])

const digitZero = 48
const digitNine = 57
const blankCode = 32

class ArgusLines implements LineParser {
  readonly #site: string
  readonly #timezoneMinutes: number
  readonly #clock: DayClock
  #layout: ArgusLayout | null = null
  #columnsNeeded = 0

  constructor(options: ParserOptions) {
    this.#site = options.site
    this.#timezoneMinutes = options.timezoneMinutes
    this.#clock = new DayClock(options.timezoneMinutes)
  }

  line(text: string, lineNumber: number): Parsed {
    const first = text.charCodeAt(0)
    // Data begin with a time, so that only what does not can be a header: one appears again where files were joined.
    if (!(first >= digitZero && first <= digitNine)) {
      if (text.trim() === '') return blank
      if (first === 35) return comment
      const layout = argusLayoutOf(text)
      if (layout !== null) {
        this.#use(layout)
        return header
      }
    }
    const layout = this.#layout ?? this.#use(usualArgusLayout(text))
    const cells = text.split(layout.separator)
    if (cells.length <= this.#columnsNeeded) return tooFewColumns
    return this.#record(cells, layout.columns, text, lineNumber)
  }

  #use(layout: ArgusLayout): ArgusLayout {
    this.#layout = layout
    const { label: _, service: __, srcMac: ___, dstMac: ____, ...needed } = layout.columns
    this.#columnsNeeded = Math.max(...Object.values(needed))
    return layout
  }

  #record(cells: readonly string[], at: ArgusColumns, text: string, lineNumber: number): Parsed {
    const protoTold = cell(cells, at.proto)
    if (protoTold === 'man') return management
    let proto = protocolName(protoTold)
    if (linkProtocols.has(proto)) return notIp

    const srcText = cell(cells, at.srcAddr)
    const dstText = cell(cells, at.dstAddr)
    const srcIp = canonicalAddress(srcText)
    const dstIp = canonicalAddress(dstText)
    if (srcIp === null || dstIp === null) {
      return proto === 'arp' || isMac(srcText) || isMac(dstText) ? notIp : badAddress
    }

    const tsMs = this.#clock.parse(cell(cells, at.start))
    if (tsMs === null) return badTime

    const state = cell(cells, at.state)
    const label = ownedText(cell(cells, at.label))
    const srcMac = macOf(cell(cells, at.srcMac))
    const dstMac = macOf(cell(cells, at.dstMac))
    const uid = syntheticUid(lineNumber, text)

    if (proto === 'arp') {
      return {
        kind: 'arp',
        tsMs,
        observedMs: 0,
        site: this.#site,
        sensor: 'argus',
        source: 'argus',
        uid,
        srcIp,
        srcPort: null,
        dstIp,
        dstPort: null,
        proto,
        label,
        labelDetail: '',
        // Argus's one ARP flow is who asked for whom (`who`), answered (`CON`) or not.
        operation: 'request',
        srcMac,
        dstMac,
        srcHw: '',
        dstHw: '',
      }
    }

    let service = ''
    if (overUdp.has(proto)) {
      service = proto
      proto = 'udp'
    }
    const serviceTold = cell(cells, at.service)
    if (serviceTold !== '' && serviceTold !== '-') service = ownedText(serviceTold.toLowerCase())

    let srcPort: number | null = null
    let dstPort: number | null = null
    let icmpType: number | null = null
    let icmpCode: number | null = null
    const srcPortText = cell(cells, at.srcPort)
    const dstPortText = cell(cells, at.dstPort)
    if (proto === 'icmp') {
      icmpType = icmpTypeOf(srcPortText)
      icmpCode = icmpCodeOf(srcPortText, dstPortText)
    } else {
      srcPort = portOf(srcPortText)
      dstPort = portOf(dstPortText)
      if (srcPort === -1 || dstPort === -1) return badPort
    }

    const durationMs = this.#durationMs(cell(cells, at.duration), cell(cells, at.last), tsMs)
    const pkts = count(cell(cells, at.pkts))
    const bytes = count(cell(cells, at.bytes))
    let srcPkts = count(cell(cells, at.srcPkts))
    let dstPkts = count(cell(cells, at.dstPkts))
    let srcBytes = count(cell(cells, at.srcBytes))
    let dstBytes = count(cell(cells, at.dstBytes))
    if (durationMs === null || Number.isNaN(pkts + bytes + srcPkts + dstPkts + srcBytes + dstBytes)) {
      return badNumber
    }
    if (srcBytes < 0) srcBytes = rest(bytes, dstBytes)
    if (dstBytes < 0) dstBytes = rest(bytes, srcBytes)
    if (srcPkts < 0 && dstPkts < 0) dstPkts = shareOf(pkts, dstBytes, srcBytes + dstBytes)
    if (srcPkts < 0) srcPkts = rest(pkts, dstPkts)
    if (dstPkts < 0) dstPkts = rest(pkts, srcPkts)

    return {
      kind: 'conn',
      tsMs,
      observedMs: 0,
      site: this.#site,
      sensor: 'argus',
      source: 'argus',
      uid,
      srcIp,
      srcPort,
      dstIp,
      dstPort,
      proto,
      label,
      labelDetail: '',
      durationMs,
      service,
      state,
      history: state,
      established: argusEstablished(state, pkts < 0 ? srcPkts + dstPkts : pkts),
      srcPkts,
      dstPkts,
      srcBytes,
      dstBytes,
      srcMac,
      dstMac,
      icmpType,
      icmpCode,
    }
  }

  #durationMs(duration: string, last: string, tsMs: number): number | null {
    if (duration !== '' && duration !== '-') return durationMsOf(Number(duration))
    if (last === '' || last === '-') return 0
    const lastMs = parseTime(last, this.#timezoneMinutes)
    // An end before the start is a clock that was set, not a length.
    return lastMs === null || lastMs < tsMs ? 0 : Math.round((lastMs - tsMs) * 1000) / 1000
  }
}

/** Trimmed: `ra` pads `Dir`, and the last cell may end in a carriage return. `''` for a column that is not there. */
function cell(cells: readonly string[], column: number): string {
  if (column < 0) return ''
  const text = cells[column] ?? ''
  // `trim` is most of the cost of a cell that needs none.
  return text === '' || (text.charCodeAt(0) > blankCode && text.charCodeAt(text.length - 1) > blankCode)
    ? text
    : text.trim()
}

/** -1 when the sensor left it unset, `NaN` when it is no count. */
function count(text: string): number {
  if (text === '' || text === '-') return -1
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN
}

/** The other side's share of a total (spec inputs.md IN-6). */
function rest(total: number, known: number): number {
  return total > known ? total - Math.max(known, 0) : 0
}

/**
 * The receiver's packets where only the total is told: by its share of the bytes, at least one packet for the side that sent
 * any and at least one for the side that began. An estimate, which keeps the total exact and a silent side silent.
 */
function shareOf(pkts: number, bytes: number, totalBytes: number): number {
  if (pkts < 2 || bytes <= 0 || totalBytes <= 0) return 0
  return Math.min(pkts - 1, Math.max(1, Math.round((pkts * bytes) / totalBytes)))
}

/** `null` for none (`*` is an aggregate's wildcard), -1 for what is no port. */
function portOf(text: string): number | null {
  if (text === '' || text === '-' || text === '*') return null
  const first = text.charCodeAt(0)
  if (first >= digitZero && first <= digitNine) {
    const value = Number(text)
    return Number.isInteger(value) && value <= 65_535 ? value : -1
  }
  return portOfServiceName(text) ?? -1
}

/**
 * ICMP «ports»: newer Argus writes four hex digits for the source, code before type (`0x0303` port unreachable, `0x0008`
 * echo), and an identifier for the destination; older Argus two (`0x03`,`0x03`: type, code). ICMPv6 has type and code in
 * decimal.
 */
function icmpTypeOf(srcPort: string): number | null {
  const value = Number(srcPort)
  if (srcPort === '' || !(value >= 0)) return null
  return isLongHex(srcPort) ? value & 0xff : octet(value)
}

function icmpCodeOf(srcPort: string, dstPort: string): number | null {
  if (isLongHex(srcPort)) {
    const value = Number(srcPort)
    return value >= 0 ? octet(value >>> 8) : null
  }
  return srcPort === '' || dstPort === '' ? null : octet(Number(dstPort))
}

function isLongHex(text: string): boolean {
  return text.length > 4 && text.startsWith('0x')
}

function octet(value: number): number | null {
  return Number.isInteger(value) && value >= 0 && value <= 255 ? value : null
}

function isMac(text: string): boolean {
  return canonicalMac(text) !== ''
}

function macOf(text: string): string {
  if (text === '') return ''
  return text === 'Broadcast' ? 'ff:ff:ff:ff:ff:ff' : canonicalMac(text)
}

const directions = new Set([
  '->',
  '<-',
  '<->',
  '?>',
  '<?',
  '<?>',
  '-',
  'who',
  'o>',
  '<o',
  '<o>',
  '|>',
  '<|',
  '|',
  '',
])

function recognises(lines: readonly string[]): boolean {
  let seen = 0
  for (const line of lines) {
    if (line.startsWith('#') || line.trim() === '') continue
    if (argusLayoutOf(line) !== null || isUsualRow(line)) return true
    // Without a header the first rows may be Argus's own management records, which say nothing.
    if (++seen === 5) return false
  }
  return false
}

function isUsualRow(line: string): boolean {
  const { separator, columns } = usualArgusLayout(line)
  const cells = line.split(separator)
  return (
    cells.length >= 15 &&
    cells.length <= 17 &&
    parseTime(cell(cells, columns.start), 0) !== null &&
    Number(cell(cells, columns.duration)) >= 0 &&
    directions.has(cell(cells, columns.dir)) &&
    canonicalAddress(cell(cells, columns.srcAddr)) !== null &&
    canonicalAddress(cell(cells, columns.dstAddr)) !== null &&
    /^[a-z][a-z0-9-]*$/i.test(cell(cells, columns.proto))
  )
}

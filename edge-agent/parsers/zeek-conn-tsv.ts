import type { Conn } from '@weir/schemas'
import { addressBetween, addressOfBits, canonicalMac } from './address.ts'
import { ownedBetween } from './owned-text.ts'
import type { Draft, Reject } from './parser.ts'
import { syntheticUid } from './synthetic-uid.ts'
import { timeBetween } from './time.ts'
import { zeekEstablished } from './zeek-established.ts'
import { rejected } from './zeek-fates.ts'
import { damaged } from './zeek-fields.ts'
import { isIcmp, protoOfUnknown } from './zeek-head.ts'
import type { ZeekHeader } from './zeek-header.ts'
import { countBetween, durationBetween } from './zeek-numbers.ts'
import { wordBetween } from './zeek-words.ts'

// What becomes of a column. Numbers in a typed array, so that a row is walked without looking up a name.
const unread = 0
const ts = 1
const uid = 2
const origH = 3
const origP = 4
const respH = 5
const respP = 6
const proto = 7
const service = 8
const duration = 9
const origBytes = 10
const respBytes = 11
const connState = 12
const history = 13
const origPkts = 14
const respPkts = 15
const origMac = 16
const respMac = 17
const label = 18
const labelDetail = 19

const slots: ReadonlyMap<string, number> = new Map([
  ['ts', ts],
  ['uid', uid],
  ['id.orig_h', origH],
  ['id.orig_p', origP],
  ['id.resp_h', respH],
  ['id.resp_p', respP],
  ['proto', proto],
  ['service', service],
  ['duration', duration],
  ['orig_bytes', origBytes],
  ['resp_bytes', respBytes],
  ['conn_state', connState],
  ['history', history],
  ['orig_pkts', origPkts],
  ['resp_pkts', respPkts],
  ['orig_l2_addr', origMac],
  ['resp_l2_addr', respMac],
  ['label', label],
  ['detailedlabel', labelDetail],
  ['detailed-label', labelDetail],
  ['detailed_label', labelDetail],
])

/** A log that has these names its sensor, row by row. */
const sensorColumns = ['_node_name', '_system_name']

const tab = 9
const carriageReturn = 13
const parenthesis = 40
const hyphen = 45
const point = 46
const zero = 48
const empty = '(empty)'

/** 2099: times and durations beyond go the long way, which knows what to say of them. */
const mostSeconds = 4_102_444_799

// The line as bytes: reading a typed array costs a sixth of asking a string for its characters. Longer lines are rare.
const bytes = new Uint8Array(4096)
const encoder = new TextEncoder()

/**
 * Reads rows of a conn.log with Zeek's usual header in one pass, as `connOf` would. Nine in ten lines of a sensor are such
 * rows: nothing here is looked up by name, cut out twice or made twice. The object is the row's only garbage.
 */
export class ConnRows {
  readonly #plan: Uint8Array
  readonly #site: string
  readonly #timezoneMinutes: number

  /** `null` for a header that asks for more than this reader knows. */
  static of(header: ZeekHeader, site: string, timezoneMinutes: number): ConnRows | null {
    const { columns } = header
    const usual = header.separator === '\t' && header.unset === '-' && header.empty === empty
    const read = columns.map((column) => slots.get(column)).filter((slot) => slot !== undefined)
    // Of two columns for one field the long way knows which to take.
    if (!usual || columns.length < 2 || new Set(read).size < read.length) return null
    if (columns.some((column) => sensorColumns.includes(column))) return null
    return new ConnRows(columns, site, timezoneMinutes)
  }

  private constructor(columns: readonly string[], site: string, timezoneMinutes: number) {
    this.#plan = Uint8Array.from(columns, (column) => slots.get(column) ?? unread)
    this.#site = site
    this.#timezoneMinutes = timezoneMinutes
  }

  /** `null` when the row is out of the ordinary (escapes, columns missing or joined) and must be read the long way. */
  read(line: string, lineNumber: number): Draft | Reject | null {
    const end = line.length
    if (end > bytes.length) return null
    // Byte and character are one thing in ASCII only.
    if (encoder.encodeInto(line, bytes).written !== end) return null
    if (line.indexOf('\\') >= 0 || bytes[end - 1] === carriageReturn) return null
    let tsMs: number | null = null
    let uidText = ''
    let srcIp: string | null = ''
    let dstIp: string | null = ''
    let first = -2
    let second = -2
    let protoText = ''
    let serviceText = ''
    let durationMs = 0
    let srcBytes = 0
    let dstBytes = 0
    let state = ''
    let historyText = ''
    let srcPkts = 0
    let dstPkts = 0
    let srcMac = ''
    let dstMac = ''
    let labelText = ''
    let detail = ''

    const plan = this.#plan
    const last = plan.length - 1
    let from = 0
    for (let column = 0; column <= last; column++) {
      let to = from
      while (to < end && bytes[to] !== tab) to++
      // The row ends before its last column, or goes on after it.
      if ((to === end) !== (column === last)) return null
      const length = to - from
      if (length > 1 || (length === 1 && bytes[from] !== hyphen)) {
        switch (plan[column]) {
          case ts:
            tsMs = timeAt(line, from, to, this.#timezoneMinutes)
            break
          case uid:
            uidText = textAt(line, from, to)
            break
          case origH:
            srcIp = addressAt(line, from, to)
            break
          case origP:
            first = portAt(from, to)
            break
          case respH:
            dstIp = addressAt(line, from, to)
            break
          case respP:
            second = portAt(from, to)
            break
          case proto:
            protoText = protoAt(line, from, to)
            break
          case service:
            serviceText = wordAt(line, from, to).toLowerCase()
            break
          case duration:
            durationMs = durationAt(line, from, to)
            break
          case origBytes:
            srcBytes = countAt(line, from, to)
            break
          case respBytes:
            dstBytes = countAt(line, from, to)
            break
          case connState:
            state = wordAt(line, from, to)
            break
          case history:
            historyText = wordAt(line, from, to)
            break
          case origPkts:
            srcPkts = countAt(line, from, to)
            break
          case respPkts:
            dstPkts = countAt(line, from, to)
            break
          case origMac:
            srcMac = canonicalMac(line.slice(from, to))
            break
          case respMac:
            dstMac = canonicalMac(line.slice(from, to))
            break
          case label:
            labelText = wordAt(line, from, to)
            break
          case labelDetail:
            detail = wordAt(line, from, to)
            break
        }
      }
      from = to + 1
    }

    if (tsMs === null) return rejected.badTime
    if (srcIp === null || dstIp === null) return rejected.badAddress
    if (first === damaged || second === damaged) return rejected.badPort
    if (srcIp === '' || dstIp === '') return rejected.badAddress
    // Damaged is -1 and nothing else is negative.
    if (durationMs < 0 || srcPkts < 0 || dstPkts < 0 || srcBytes < 0 || dstBytes < 0)
      return rejected.badNumber
    const icmp = isIcmp(protoText)
    const srcPort = first < 0 ? null : first
    const dstPort = second < 0 ? null : second
    const conn: Conn & { observedMs: number } = {
      tsMs,
      observedMs: tsMs,
      site: this.#site,
      sensor: 'zeek',
      source: 'zeek',
      uid: uidText === '' ? syntheticUid(lineNumber, line) : uidText,
      srcIp,
      srcPort: icmp ? null : srcPort,
      dstIp,
      dstPort: icmp ? null : dstPort,
      proto: protoText,
      label: labelText,
      labelDetail: detail,
      kind: 'conn',
      durationMs,
      service: serviceText,
      state,
      history: historyText === '' ? state : historyText,
      established: zeekEstablished(state),
      srcPkts,
      dstPkts,
      srcBytes,
      dstBytes,
      srcMac,
      dstMac,
      icmpType: icmp ? srcPort : null,
      icmpCode: icmp ? dstPort : null,
    }
    return conn
  }
}

function isEmptyAt(line: string, from: number, to: number): boolean {
  return bytes[from] === parenthesis && to - from === empty.length && line.startsWith(empty, from)
}

function textAt(line: string, from: number, to: number): string {
  return isEmptyAt(line, from, to) ? '' : ownedBetween(line, from, to)
}

function wordAt(line: string, from: number, to: number): string {
  return isEmptyAt(line, from, to) ? '' : wordBetween(line, bytes, from, to)
}

function protoAt(line: string, from: number, to: number): string {
  const text = wordAt(line, from, to).toLowerCase()
  return text === protoOfUnknown ? '' : text
}

/** The digits at `[from, to)` as a number; -1 when there are none, too many to be exact, or others among them. */
function digitsAt(from: number, to: number): number {
  if (to === from || to - from > 15) return -1
  let number = 0
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] ?? 0) - zero
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** Microseconds of Zeek's `seconds.micros`, the latter of six digits; -1 when the text has another form. */
function microsAt(from: number, to: number): number {
  const dot = to - 7
  if (dot <= from || bytes[dot] !== point) return -1
  const seconds = digitsAt(from, dot)
  const micros = digitsAt(dot + 1, to)
  return seconds < 0 || seconds > mostSeconds || micros < 0 ? -1 : seconds * 1e6 + micros
}

function timeAt(line: string, from: number, to: number, timezoneMinutes: number): number | null {
  const micros = microsAt(from, to)
  return micros < 0 ? timeBetween(line, from, to, timezoneMinutes) : micros / 1000
}

function durationAt(line: string, from: number, to: number): number {
  const micros = microsAt(from, to)
  return micros < 0 ? durationBetween(line, from, to) : micros / 1000
}

function countAt(line: string, from: number, to: number): number {
  const count = digitsAt(from, to)
  return count < 0 ? countBetween(line, from, to) : count
}

function portAt(from: number, to: number): number {
  const port = to - from > 5 ? damaged : digitsAt(from, to)
  return port <= 65_535 ? port : damaged
}

function addressAt(line: string, from: number, to: number): string | null {
  let bits = 0
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] ?? 0) - zero
    if (digit >= 0 && digit <= 9) {
      // A leading zero, or a fourth digit: no dotted decimal.
      if (digits > 0 && (octet === 0 || digits === 3)) return addressBetween(line, from, to)
      octet = octet * 10 + digit
      digits++
    } else {
      if (digit !== point - zero || digits === 0 || octet > 255) return addressBetween(line, from, to)
      bits = (bits << 8) | octet
      octet = 0
      digits = 0
      dots++
    }
  }
  if (dots !== 3 || digits === 0 || octet > 255) return addressBetween(line, from, to)
  return addressOfBits((bits << 8) | octet)
}

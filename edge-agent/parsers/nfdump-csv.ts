import { canonicalAddress } from './address.ts'
import { nfdumpConn } from './nfdump-conn.ts'
import { rejected, skipped } from './nfdump-fates.ts'
import { isNfdumpTrailer } from './nfdump-trailer.ts'
import { ownedText } from './owned-text.ts'
import type { LineParser, Parsed, Parser, ParserOptions } from './parser.ts'
import { parseTime } from './time.ts'

/** `nfdump -o csv` of versions 1.6 and 1.7, and `-o csv:…` of later ones, by header names (spec inputs.md section 13). */
export const nfdumpCsvParser: Parser = {
  id: 'nfdump-csv',
  reads: '`nfdump -o csv`, versions 1.6 and 1.7',
  makes: ['conn'],
  recognises,
  open: (options) => new CsvLines(options),
}

/** The tags of versions 1.6 to 1.7.1 and the names of 1.7.2 and later, in lower case. */
const names = {
  start: ['ts', 'firstseen', 'tfs'],
  end: ['te', 'lastseen'],
  duration: ['td', 'duration'],
  proto: ['pr', 'proto'],
  srcAddr: ['sa', 'srcaddr'],
  srcPort: ['sp', 'srcport'],
  dstAddr: ['da', 'dstaddr'],
  dstPort: ['dp', 'dstport'],
  flags: ['flg', 'flags'],
  srcPkts: ['ipkt', 'packets', 'inpackets', 'pkt'],
  srcBytes: ['ibyt', 'bytes', 'inbytes', 'byt'],
  dstPkts: ['opkt', 'outpackets'],
  dstBytes: ['obyt', 'outbytes'],
  icmpType: ['icmptype', 'it'],
  icmpCode: ['icmpcode', 'ic'],
  srcMac: ['ismc', 'insrcmac'],
  dstMac: ['odmc', 'outdstmac'],
  label: ['lbl', 'label'],
}

type Columns = { readonly [K in keyof typeof names]: number }

/** The beginning of the columns that 1.6 prints; with `-q` it prints no header. */
const olderColumns = columnsOf('ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt')
const olderColumnCount = 48

function columnsOf(line: string): Columns | null {
  const cells = line.split(',').map((cell) => cell.trim().toLowerCase())
  const at = (field: keyof typeof names) => cells.findIndex((cell) => names[field].includes(cell))
  if (at('start') < 0 || at('proto') < 0 || at('srcAddr') < 0 || at('dstAddr') < 0) return null
  if (at('srcPkts') < 0 && at('srcBytes') < 0) return null
  return {
    start: at('start'),
    end: at('end'),
    duration: at('duration'),
    proto: at('proto'),
    srcAddr: at('srcAddr'),
    srcPort: at('srcPort'),
    dstAddr: at('dstAddr'),
    dstPort: at('dstPort'),
    flags: at('flags'),
    srcPkts: at('srcPkts'),
    srcBytes: at('srcBytes'),
    dstPkts: at('dstPkts'),
    dstBytes: at('dstBytes'),
    icmpType: at('icmpType'),
    icmpCode: at('icmpCode'),
    srcMac: at('srcMac'),
    dstMac: at('dstMac'),
    label: at('label'),
  }
}

class CsvLines implements LineParser {
  readonly #site: string
  readonly #timezoneMinutes: number
  #columns: Columns | null = null
  #columnsNeeded = 0
  #inTrailer = false
  /** Whether a row told of packets that came back: without `-b` nfdump prints those columns too, and only zeros in them. */
  #tellsOfAnswers = false

  constructor(options: ParserOptions) {
    this.#site = options.site
    this.#timezoneMinutes = options.timezoneMinutes
  }

  line(text: string, lineNumber: number): Parsed {
    const first = text.charCodeAt(0)
    // Data begin with a digit, be it of a time or of a count.
    if (!(first >= 48 && first <= 57)) {
      if (text.trim() === '') return skipped.blank
      if (first === 35) return skipped.comment
      const columns = columnsOf(text)
      if (columns !== null) {
        this.#columns = columns
        this.#columnsNeeded = Math.max(...Object.values(columns))
        this.#inTrailer = false
        return skipped.header
      }
      if (isNfdumpTrailer(text)) {
        // Two lines follow in version 1.6 and 1.7.1, the names and values of the sums; nothing else but another header.
        this.#inTrailer = text.startsWith('Summary')
        return skipped.summary
      }
    }
    if (this.#inTrailer) return skipped.summary

    const cells = text.split(',')
    if (this.#columns === null) {
      if (olderColumns === null || cells.length !== olderColumnCount) return rejected.noHeader
      this.#columns = olderColumns
      this.#columnsNeeded = Math.max(...Object.values(olderColumns))
    }
    const at = this.#columns
    if (cells.length <= this.#columnsNeeded) return rejected.tooFewColumns
    const dstPkts = cell(cells, at.dstPkts)
    if (!this.#tellsOfAnswers && saysMoreThanZero(dstPkts)) this.#tellsOfAnswers = true
    return nfdumpConn(
      {
        start: cell(cells, at.start),
        end: cell(cells, at.end),
        duration: cell(cells, at.duration),
        proto: cell(cells, at.proto),
        srcAddr: cell(cells, at.srcAddr),
        srcPort: cell(cells, at.srcPort),
        dstAddr: cell(cells, at.dstAddr),
        dstPort: cell(cells, at.dstPort),
        flags: cell(cells, at.flags),
        srcPkts: cell(cells, at.srcPkts),
        srcBytes: cell(cells, at.srcBytes),
        dstPkts,
        dstBytes: cell(cells, at.dstBytes),
        icmpType: cell(cells, at.icmpType),
        icmpCode: cell(cells, at.icmpCode),
        srcMac: cell(cells, at.srcMac),
        dstMac: cell(cells, at.dstMac),
        label: ownedText(cell(cells, at.label)),
        oneWay: !this.#tellsOfAnswers,
      },
      this.#site,
      this.#timezoneMinutes,
      text,
      lineNumber,
    )
  }
}

/** Trimmed, since `-o fmt:` pads; `''` for a column that is not there. */
function cell(cells: readonly string[], column: number): string {
  return column < 0 ? '' : (cells[column] ?? '').trim()
}

/** Whether a count that may be abbreviated is not zero. */
function saysMoreThanZero(count: string): boolean {
  for (let i = 0; i < count.length; i++) {
    const digit = count.charCodeAt(i)
    if (digit >= 49 && digit <= 57) return true
  }
  return false
}

function recognises(lines: readonly string[]): boolean {
  for (const line of lines) {
    if (line.startsWith('#') || line.trim() === '') continue
    if (columnsOf(line) !== null) return true
    const cells = line.split(',')
    return (
      olderColumns !== null &&
      cells.length === olderColumnCount &&
      parseTime(cell(cells, olderColumns.start), 0) !== null &&
      canonicalAddress(cell(cells, olderColumns.srcAddr)) !== null &&
      canonicalAddress(cell(cells, olderColumns.dstAddr)) !== null
    )
  }
  return false
}

import { addressBetween } from './address.ts'
import { ownedBetween, ownedText } from './owned-text.ts'
import { syntheticUid } from './synthetic-uid.ts'
import { timeBetween } from './time.ts'
import { unescaped } from './zeek-escape.ts'
import type { Fields } from './zeek-fields.ts'
import type { ZeekHeader } from './zeek-header.ts'
import { countBetween, numberBetween, portBetween } from './zeek-numbers.ts'

const backslash = '\\'
const carriageReturn = 13

/** A row of a Zeek TSV log. One object serves all rows under a header; `split` moves it to the next. */
export class TsvRow implements Fields {
  readonly #header: ZeekHeader
  readonly #timezoneMinutes: number
  readonly #columns = new Map<string, number>()
  /** `#types` says set, vector or table, or says nothing. */
  readonly #maySplit: boolean[] = []
  /** Where each column begins; the one after the last too. */
  readonly #starts: Int32Array
  #line = ''
  #written = ''
  #lineNumber = 0
  #escaped = false

  constructor(header: ZeekHeader, timezoneMinutes: number) {
    this.#header = header
    this.#timezoneMinutes = timezoneMinutes
    for (const [index, column] of header.columns.entries()) {
      if (!this.#columns.has(column)) this.#columns.set(column, index)
      const type = header.types[index]
      this.#maySplit.push(type === undefined || /^(?:set|vector|table)\b/.test(type))
    }
    this.#starts = new Int32Array(header.columns.length + 1)
  }

  has(name: string): boolean {
    return this.#columns.has(name)
  }

  /** 0 when the row has as many columns as the header, else on which side it missed. */
  split(written: string, lineNumber: number): -1 | 0 | 1 {
    this.#written = written
    this.#lineNumber = lineNumber
    const cut = written.charCodeAt(written.length - 1) === carriageReturn
    let line = cut ? written.slice(0, -1) : written
    const { separator, columns, joinedTail } = this.#header
    if (separator === '\t' && columns.length > 1 && line.indexOf('\t') < 0) {
      line = line.trim().split(/ {2,}/).join('\t')
    }
    let miss = this.#walk(line)
    if (miss < 0 && joinedTail) {
      const tail = line.lastIndexOf(separator) + separator.length
      line = line.slice(0, tail) + line.slice(tail).trim().split(/ {2,}/).join(separator)
      miss = this.#walk(line)
    }
    return miss
  }

  #walk(line: string): -1 | 0 | 1 {
    const { separator } = this.#header
    const count = this.#header.columns.length
    this.#line = line
    this.#escaped = line.indexOf(backslash) >= 0
    this.#starts[0] = 0
    let found = 0
    for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + separator.length)) {
      found++
      if (found === count) return 1
      this.#starts[found] = at + separator.length
    }
    if (found < count - 1) return -1
    this.#starts[count] = line.length + separator.length
    return 0
  }

  #from(column: number): number {
    return this.#starts[column] ?? 0
  }

  #to(column: number): number {
    return (this.#starts[column + 1] ?? 0) - this.#header.separator.length
  }

  /** The column of a field that is set in this row, else -1. */
  #set(name: string): number {
    const column = this.#columns.get(name)
    if (column === undefined) return -1
    const from = this.#from(column)
    const to = this.#to(column)
    return to === from || this.#isMark(this.#header.unset, from, to) ? -1 : column
  }

  text(name: string): string {
    const column = this.#set(name)
    if (column < 0) return ''
    return this.#textBetween(this.#from(column), this.#to(column))
  }

  time(name: string): number | null {
    const column = this.#set(name)
    if (column < 0) return null
    return timeBetween(this.#line, this.#from(column), this.#to(column), this.#timezoneMinutes)
  }

  address(name: string): string | null {
    const column = this.#set(name)
    return column < 0 ? '' : addressBetween(this.#line, this.#from(column), this.#to(column))
  }

  port(name: string): number | null {
    const column = this.#set(name)
    return column < 0 ? null : portBetween(this.#line, this.#from(column), this.#to(column))
  }

  count(name: string): number | null {
    const column = this.#set(name)
    return column < 0 ? null : countBetween(this.#line, this.#from(column), this.#to(column))
  }

  number(name: string): number | null {
    const column = this.#set(name)
    return column < 0 ? null : numberBetween(this.#line, this.#from(column), this.#to(column))
  }

  flag(name: string): boolean | null {
    const column = this.#set(name)
    if (column < 0) return null
    const from = this.#from(column)
    return flagOf(this.#line.slice(from, Math.min(this.#to(column), from + 6)))
  }

  list(name: string): string[] {
    const list: string[] = []
    const column = this.#set(name)
    if (column < 0 || this.#isMark(this.#header.empty, this.#from(column), this.#to(column))) return list
    const end = this.#to(column)
    for (let from = this.#from(column); from <= end; ) {
      const to = this.#elementEnd(column, from, end)
      if (!this.#isMark(this.#header.unset, from, to)) list.push(this.#textBetween(from, to))
      from = to + this.#header.setSeparator.length
    }
    return list
  }

  numbers(name: string): number[] {
    const numbers: number[] = []
    const column = this.#set(name)
    if (column < 0) return numbers
    const end = this.#to(column)
    for (let from = this.#from(column); from <= end; ) {
      const to = this.#elementEnd(column, from, end)
      const number = numberBetween(this.#line, from, to)
      if (number >= 0) numbers.push(number + 0)
      from = to + this.#header.setSeparator.length
    }
    return numbers
  }

  /** Where the element of a list that begins at `from` ends; a scalar ends with its column. */
  #elementEnd(column: number, from: number, end: number): number {
    if (this.#maySplit[column] !== true) return end
    const at = this.#line.indexOf(this.#header.setSeparator, from)
    return at < 0 || at > end ? end : at
  }

  #isMark(mark: string, from: number, to: number): boolean {
    return to - from === mark.length && this.#line.startsWith(mark, from)
  }

  #textBetween(from: number, to: number): string {
    if (this.#isMark(this.#header.empty, from, to)) return ''
    const text = ownedBetween(this.#line, from, to)
    return this.#escaped ? ownedText(unescaped(text)) : text
  }

  syntheticUid(): string {
    return syntheticUid(this.#lineNumber, this.#written)
  }
}

/** Zeek writes T and F; the words and digits are of tools that rewrite its logs. */
export function flagOf(text: string): boolean | null {
  switch (text) {
    case 'T':
    case 'true':
    case 'True':
    case '1':
      return true
    case 'F':
    case 'false':
    case 'False':
    case '0':
      return false
    default:
      return null
  }
}

import { unescaped } from './zeek-escape.ts'

/**
 * The header of a Zeek TSV log, as read so far. The lines, in the order Zeek writes them:
 *
 *   #separator \x09              the column separator, escaped; a blank stands before it
 *   #set_separator<sep>,         between the elements of sets and vectors
 *   #empty_field<sep>(empty)     an empty set, or text of no characters
 *   #unset_field<sep>-
 *   #path<sep>conn               the log's name
 *   #open<sep>2019-…
 *   #fields<sep>ts<sep>uid…
 *   #types<sep>time<sep>string…
 *   #close<sep>2019-…            the end; more may follow when logs were joined
 */
export class ZeekHeader {
  separator = '\t'
  setSeparator = ','
  empty = '(empty)'
  unset = '-'
  path = ''
  columns: readonly string[] = []
  /** By column; shorter than `columns` where the log did not say. */
  types: readonly string[] = []
  /**
   * Whether the last columns may be joined by runs of blanks instead of the separator, as label columns are that some
   * tools append (IoT-23).
   */
  joinedTail = false

  /** Takes a line that begins with `#`: whether it was part of a header, a comment, or a header that cannot be used. */
  take(written: string): 'header' | 'comment' | 'bad-header' {
    const line = written.endsWith('\r') ? written.slice(0, -1) : written
    const name = directive.exec(line)?.[1]
    if (name === undefined) return 'comment'
    const value = line.slice(name.length + 2)
    switch (name) {
      case 'separator':
        // A separator opens a new header: nothing of the one before it holds.
        Object.assign(this, new ZeekHeader())
        this.separator = unescaped(value.slice(0, longestMark * 4)).slice(0, longestMark) || '\t'
        break
      case 'set_separator':
        this.setSeparator = this.#mark(line, name) || ','
        break
      case 'empty_field':
        this.empty = this.#mark(line, name)
        break
      case 'unset_field':
        this.unset = this.#mark(line, name)
        break
      case 'path':
        this.path = this.#mark(line, name)
        break
      case 'fields':
        this.types = []
        return this.#takeFields(line)
      case 'types':
        this.types = this.#cells(line, name)
        break
    }
    return 'header'
  }

  #takeFields(line: string): 'header' | 'bad-header' {
    const columns = this.#cells(line, 'fields')
    const labels = columns.indexOf('label')
    this.joinedTail = this.#isJoined(line) || (labels >= 0 && labels >= columns.length - 2)
    const good = columns.length > 0 && columns.length <= mostColumns && !columns.includes('')
    this.columns = good ? columns : []
    return good ? 'header' : 'bad-header'
  }

  /** The one value of a header line, wherever exactly its separator is. */
  #mark(line: string, name: string): string {
    const start = name.length + 1
    const skipped = line.startsWith(this.separator, start)
      ? this.separator.length
      : /^\s*/.exec(line.slice(start))?.[0].length
    return unescaped(line.slice(start + (skipped ?? 0)).slice(0, longestMark * 4)).slice(0, longestMark)
  }

  /** Names and types hold no blanks, so that blanks always part them, whatever the separator is. */
  #cells(line: string, name: string): string[] {
    const start = name.length + 1
    const rest = line.startsWith(this.separator, start)
      ? line.slice(start + this.separator.length)
      : line.slice(start)
    const cells: string[] = []
    for (const cell of rest.split(this.separator)) {
      for (const part of cell.trim().split(/\s+/)) cells.push(unescaped(part))
      if (cells.length > mostColumns) break
    }
    return cells
  }

  #isJoined(line: string): boolean {
    return line
      .slice(line.lastIndexOf(this.separator) + this.separator.length)
      .trim()
      .includes(' ')
  }
}

const directive =
  /^#(separator|set_separator|empty_field|unset_field|path|open|close|fields|types)(?:\s|$|\W)/

/** Zeek's widest logs have some hundred; more is damage or malice, and every row would pay for it. */
const mostColumns = 4096

/** A judgement; Zeek's own marks have one to seven characters. */
const longestMark = 32

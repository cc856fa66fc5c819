/**
 * Lists as text: an indicator a line, columns, hosts files, Zeek's `.intel` files. Which column holds the indicators is told by the
 * header, which may be the last comment ahead of the data, and without one by what the first rows hold.
 */
import { hashOfNothing, indicatorKinds, parseIndicatorValue } from '../indicator-value.ts'
import { isBareAddress, maskLength, prefixesOf } from './address-span.ts'
import { csvCells } from './csv-cells.ts'
import { type FeedItem, isBlank, levelNamed, timeOf } from './feed-row.ts'
import { type FieldRoles, fieldName, rolesByName, rowsOf } from './field-roles.ts'
import { kindNamed } from './kind-words.ts'
import { textLines } from './text-lines.ts'

/** Rows looked at to tell the columns. */
const SAMPLE_ROWS = 20
const MAX_LINE = 65_536
const separators = ['\t', ',', ';', '|', '#'] as const

type Layout = {
  readonly roles: FieldRoles
  cellsOf(line: string): string[]
}

/** `about`: what the list is called, beside what its comments say. */
export function* textFeed(text: string, about = ''): Generator<FeedItem> {
  const preamble: string[] = []
  const held: string[] = []
  let layout: Layout | null = null
  for (const line of textLines(text)) {
    const bare = joinedSpan(line.trim())
    if (bare === '' || isComment(bare)) {
      if (bare !== '' && held.length === 0 && layout === null && preamble.length < 200) preamble.push(bare)
      continue
    }
    if (bare.length > MAX_LINE) {
      yield { reject: 'a line too long' }
      continue
    }
    // Parted into columns they would list what they spare, or the site that shows what they hide.
    if (bare.startsWith('@@') || partOfPage.test(bare)) {
      yield { reject: bare.startsWith('@@') ? 'an exception from the list' : 'a rule for parts of pages' }
      continue
    }
    if (layout !== null) {
      yield* rowsOf(layout.cellsOf(bare), layout.roles)
      continue
    }
    held.push(bare)
    if (held.length < SAMPLE_ROWS) continue
    layout = layoutOf(held, preamble, about)
    if (layout === null) break
    for (const row of held.splice(0)) yield* rowsOf(layout.cellsOf(row), layout.roles)
  }
  if (held.length === 0) return
  layout = layoutOf(held, preamble, about)
  if (layout === null) {
    yield { reject: 'no column of indicators' }
    return
  }
  for (const row of held) yield* rowsOf(layout.cellsOf(row), layout.roles)
}

/** `example.com##.banner` and its like, in the lists of ad blockers. */
const partOfPage = /^[^\s#/]*#[@?$%]{0,2}#\S/

/** The two ends of a range that begins a line, without blanks between them, which part columns. */
function joinedSpan(line: string): string {
  if (!line.includes(' - ')) return line
  const [whole = '', first = '', last = ''] = /^([0-9a-f:.]+) +- +([0-9a-f:.]+)/i.exec(line) ?? []
  return isBareAddress(first) && isBareAddress(last) ? `${first}-${last}${line.slice(whole.length)}` : line
}

function isComment(line: string): boolean {
  return line.startsWith('#') || line.startsWith(';') || line.startsWith('//') || line.startsWith('!')
}

/** Takes a header out of `rows`. */
function layoutOf(rows: string[], preamble: readonly string[], about: string): Layout | null {
  const cellsOf = splitterOf(rows, preamble)
  const first = cellsOf(rows[0] ?? '')
  const isHeader = first.length > 0 && isHeaderRow(first)
  if (isHeader) rows.shift()
  const aboutCertificates = preamble.some((line) => /certificate/i.test(line))
  const named = isHeader ? rolesByName(first) : rolesOfComment(preamble, cellsOf)
  const roles = named ?? rolesByContent(rows.map(cellsOf))
  if (roles === null) return null
  const aboutJa3 = saysJa3(about) || preamble.some(saysJa3)
  const values = roles.values.map(({ at, kind }) => ({
    at,
    // The lists of certificates say so above their columns and call those by the hash alone.
    kind:
      aboutCertificates && kind === 'file_sha1'
        ? ('certificate_sha1' as const)
        : aboutCertificates && kind === 'file_sha256'
          ? ('certificate_sha256' as const)
          : aboutJa3 && (kind ?? 'file_md5') === 'file_md5' && rows.every((row) => isMd5(cellsOf(row)[at]))
            ? ('ja3' as const)
            : kind,
  }))
  return { roles: { ...roles, values }, cellsOf }
}

/** A fingerprint of a client and the hash of a file look alike. */
function saysJa3(text: string): boolean {
  return /(?:^|[^a-z0-9])ja3(?:[^a-z0-9]|$)/i.test(text)
}

function isMd5(cell: string | undefined): boolean {
  return cell !== undefined && /^[0-9a-f]{32}$/i.test(cell.trim())
}

type Splitter = (line: string) => string[]

function isHeaderRow(cells: readonly string[]): boolean {
  return !cells.some(isIndicator) && rolesByName(cells) !== null
}

const wholeRow: Splitter = (row) => [row.replaceAll('"', '')]

/**
 * What parts the columns is told by all rows together: a comma may stand in one URL of a list of URLs, or in every one. Whatever names its
 * columns has them; else rows that are indicators as they stand are not parted, unless something else that is known stands behind them.
 */
function splitterOf(rows: readonly string[], preamble: readonly string[]): Splitter {
  if (rows.filter((row) => /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+\S/.test(row)).length * 2 > rows.length) {
    // Hosts files give the name a place that is nowhere.
    return (row) => [row.replace(/#.*$/, '').trim().split(/\s+/)[1] ?? '']
  }
  const splitters: Splitter[] = separators
    .filter((separator) => rows.some((row) => row.replaceAll(/"[^"]*"/g, 'x').indexOf(separator) > 0))
    .map((separator) => (row: string) => csvCells(row, separator))
  const withHeader = splitters.find((cellsOf) => {
    const header = cellsOf(rows[0] ?? '')
    const isNamed = header.length > 1 && isHeaderRow(header)
    return isNamed || rolesOfComment(preamble, cellsOf) !== null
  })
  if (withHeader !== undefined) return withHeader
  if (rows.some((row) => /^\S+\s+\S/.test(row))) splitters.push(firstWord)
  const holding = rows.filter((row) => !/[\s"]/.test(row) && isIndicator(row)).length
  let best: { readonly cellsOf: Splitter; readonly held: number; readonly rank: number } | null = null
  for (const cellsOf of splitters) {
    const table = rows.map(cellsOf)
    const width = table[0]?.length ?? 0
    const isEven = width > 1 && table.every((cells) => cells.length === width)
    const held = mostHeld(table)
    const hasLevels = levelColumn(table, () => rows.length) > 0
    const rank = hasLevels || (isEven && saysMore(table, width)) ? SAYS_MORE : isEven ? 1 : 0
    if (best === null || held > best.held || (held === best.held && rank > best.rank))
      best = { cellsOf, held, rank }
  }
  if (best === null) return wholeRow
  return holding > 0 && holding >= best.held && best.rank < SAYS_MORE ? wholeRow : best.cellsOf
}

/** Rank of a separator that parts all rows alike, and a column that is known for what it is from the indicators. */
const SAYS_MORE = 2

const firstWord: Splitter = (row) => {
  const blank = row.search(/\s/)
  if (blank < 0) return [row]
  const [head, rest] = [row.slice(0, blank), row.slice(blank).trim()]
  // The last address or the mask of a range is a column of its own.
  const [, second = '', more = ''] = /^(\S+)\s+(\S.*)$/.exec(rest) ?? []
  return isBareAddress(second) ? [head, second, more] : [head, rest]
}

/** Of the column that holds most indicators, how many. */
function mostHeld(table: readonly (readonly string[])[]): number {
  const width = Math.max(0, ...table.map((cells) => cells.length))
  let most = 0
  for (let at = 0; at < width; at += 1)
    most = Math.max(most, table.filter((cells) => isIndicator(cells[at] ?? '')).length)
  return most
}

/** Whether a column behind the first holds levels, times, numbers, kinds or other indicators throughout: no part of a URL does. */
function saysMore(table: readonly (readonly string[])[], width: number): boolean {
  const isKnown = (cell: string) =>
    levelNamed(cell) !== null ||
    timeOf(cell) !== null ||
    kindNamed(cell) !== null ||
    /^\d+(?:\.\d+)?$/.test(cell) ||
    (isIndicator(cell) && !cell.includes('/'))
  for (let at = 1; at < width; at += 1) if (table.every((cells) => isKnown(cells[at] ?? ''))) return true
  return false
}

/** Zeek's `#fields`, or the last comment when it names columns. */
function rolesOfComment(preamble: readonly string[], cellsOf: (line: string) => string[]): FieldRoles | null {
  const line = preamble.findLast((each) => each.startsWith('#fields') || cellsOf(each).length > 1)
  if (line === undefined) return null
  const names = line.startsWith('#fields')
    ? line.split('\t').slice(1)
    : cellsOf(line.replace(/^[#;!/\s]+/, ''))
  // A sentence is no header.
  return names.some((name) => fieldName(name).split('_').length > 4) ? null : rolesByName(names)
}

/** The first column of which at least half holds indicators; the last other one describes them. */
function rolesByContent(rows: readonly (readonly string[])[]): FieldRoles | null {
  const width = Math.max(0, ...rows.map((row) => row.length))
  for (let at = 0; at < width; at += 1) {
    const holding = rows.filter((row) => isIndicator(row[at] ?? '')).length
    if (holding === 0 || holding * 2 < rows.length) continue
    const level = levelColumn(rows, (said) => said)
    const end = isMostly(rows, at, isLast) ? at + 1 : -1
    const mask = end < 0 && isMostly(rows, at, isMask) ? at + 1 : -1
    return {
      values: [{ at, kind: null }],
      subjects: [],
      end,
      mask,
      type: -1,
      level,
      confidence: -1,
      isPercent: false,
      expires: -1,
      tags: -1,
      description: lastColumn(rows, Math.max(at, end, mask), level),
    }
  }
  return null
}

/** Whether what stands behind most of the addresses of a column belongs to them. */
function isMostly(
  rows: readonly (readonly string[])[],
  at: number,
  isIt: (address: string, next: string) => boolean,
): boolean {
  const pairs = rows
    .map((row): [string, string] => [row[at] ?? '', row[at + 1] ?? ''])
    .filter(([address, next]) => isBareAddress(address) && !isBlank(next))
  return pairs.filter(([address, next]) => isIt(address, next)).length * 2 > pairs.length
}

/** Of two hosts that are listed side by side, half would stand in this order, and few so near to each other. */
function isLast(address: string, next: string): boolean {
  return Array.isArray(prefixesOf(`${address}-${next}`))
}

/** A number may count anything: it is the length of a prefix where the address is that of a network. */
function isMask(address: string, next: string): boolean {
  const length = maskLength(next)
  if (length === null || length === 32 || length === 128) return false
  const parsed = parseIndicatorValue(`${address}/${length}`)
  return 'kind' in parsed || parsed.reject.startsWith('not a public')
}

/**
 * The first column that holds levels in at least half of so many rows, told from how many say anything there; -1 for none. One row that says
 * none, or one that cannot be read, must not take theirs from all others.
 */
function levelColumn(rows: readonly (readonly string[])[], outOf: (said: number) => number): number {
  const width = Math.max(0, ...rows.map((row) => row.length))
  for (let at = 0; at < width; at += 1) {
    const cells = rows.map((row) => row[at] ?? '').filter((cell) => !isBlank(cell))
    const levels = cells.filter((cell) => levelNamed(cell) !== null).length
    if (levels > 0 && levels * 2 >= outOf(cells.length)) return at
  }
  return -1
}

/** The last one that more than half of the rows have of those that say more than value and level; -1 for none. */
function lastColumn(rows: readonly (readonly string[])[], value: number, level: number): number {
  const widths = rows
    .map((row) => row.length)
    .filter((width) => width > value + 2 || (width === value + 2 && level !== value + 1))
    .sort((a, b) => a - b)
  const last = (widths[(widths.length - 1) >> 1] ?? 0) - 1
  const described = last === level ? last - 1 : last
  return described > value ? described : -1
}

/** Also what would be refused for where it points, or for pointing at nothing: a list may begin with private addresses. */
function isIndicator(cell: string): boolean {
  const parsed = parseIndicatorValue(cell)
  if ('kind' in parsed) return indicatorKinds.includes(parsed.kind)
  const { reject } = parsed
  return (
    prefixesOf(cell) !== null ||
    reject.startsWith('not a public') ||
    reject === 'host bits set in a range' ||
    reject === hashOfNothing
  )
}

/**
 * Lists as text: an indicator a line, columns, hosts files, Zeek's `.intel` files. Which column holds the indicators is told by the
 * header, which may be the last comment ahead of the data, and without one by what the first rows hold.
 */
import { indicatorKinds, parseIndicatorValue } from '../indicator-value.ts'
import { csvCells } from './csv-cells.ts'
import { type FeedItem, levelNamed } from './feed-row.ts'
import { type FieldRoles, fieldName, rolesByName, rowsOf } from './field-roles.ts'
import { textLines } from './text-lines.ts'

/** Rows looked at to tell the columns. */
const SAMPLE_ROWS = 20
const MAX_LINE = 65_536
const separators = ['\t', ',', ';', '|', '#'] as const

type Layout = {
  readonly roles: FieldRoles
  cellsOf(line: string): string[]
}

export function* textFeed(text: string): Generator<FeedItem> {
  const preamble: string[] = []
  const held: string[] = []
  let layout: Layout | null = null
  for (const line of textLines(text)) {
    const bare = line.trim()
    if (bare === '' || isComment(bare)) {
      if (bare !== '' && held.length === 0 && layout === null && preamble.length < 200) preamble.push(bare)
      continue
    }
    if (bare.length > MAX_LINE) {
      yield { reject: 'a line too long' }
      continue
    }
    if (layout !== null) {
      yield* rowsOf(layout.cellsOf(bare), layout.roles)
      continue
    }
    held.push(bare)
    if (held.length < SAMPLE_ROWS) continue
    layout = layoutOf(held, preamble)
    if (layout === null) break
    for (const row of held.splice(0)) yield* rowsOf(layout.cellsOf(row), layout.roles)
  }
  if (held.length === 0) return
  layout = layoutOf(held, preamble)
  if (layout === null) {
    yield { reject: 'no column of indicators' }
    return
  }
  for (const row of held) yield* rowsOf(layout.cellsOf(row), layout.roles)
}

function isComment(line: string): boolean {
  return line.startsWith('#') || line.startsWith(';') || line.startsWith('//') || line.startsWith('!')
}

/** Takes a header out of `rows`. */
function layoutOf(rows: string[], preamble: readonly string[]): Layout | null {
  const cellsOf = splitterOf(rows.at(-1) ?? '')
  const first = cellsOf(rows[0] ?? '')
  const isHeader = first.length > 0 && !first.some(isIndicator) && rolesByName(first) !== null
  if (isHeader) rows.shift()
  const aboutCertificates = preamble.some((line) => /certificate/i.test(line))
  const named = isHeader ? rolesByName(first) : rolesOfComment(preamble, cellsOf)
  const roles = named ?? rolesByContent(rows.map(cellsOf))
  if (roles === null) return null
  const values = roles.values.map(({ at, kind }) => ({
    at,
    // The lists of certificates say so above their columns and call those by the hash alone.
    kind:
      aboutCertificates && kind === 'file_sha1'
        ? ('certificate_sha1' as const)
        : aboutCertificates && kind === 'file_sha256'
          ? ('certificate_sha256' as const)
          : kind,
  }))
  return { roles: { ...roles, values }, cellsOf }
}

function splitterOf(line: string): (line: string) => string[] {
  // Hosts files give the name a place that is nowhere.
  if (/^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+\S/.test(line)) {
    return (row) => [row.replace(/#.*$/, '').trim().split(/\s+/)[1] ?? '']
  }
  const unquoted = line.replaceAll(/"[^"]*"/g, 'x')
  const separator = separators.find((each) => unquoted.indexOf(each) > 0)
  if (separator !== undefined) return (row) => csvCells(row, separator)
  if (/^\S+\s+\S/.test(unquoted)) {
    return (row) => {
      const blank = row.search(/\s/)
      return blank < 0 ? [row] : [row.slice(0, blank), row.slice(blank).trim()]
    }
  }
  return (row) => [row.replaceAll('"', '')]
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
    const level = columnOf(rows, width, (cell) => levelNamed(cell) !== null)
    const last = width - 1 === level ? width - 2 : width - 1
    return {
      values: [{ at, kind: null }],
      type: -1,
      level,
      confidence: -1,
      expires: -1,
      tags: -1,
      description: last > at ? last : -1,
    }
  }
  return null
}

function columnOf(
  rows: readonly (readonly string[])[],
  width: number,
  isIt: (cell: string) => boolean,
): number {
  for (let at = 0; at < width; at += 1) if (rows.every((row) => isIt(row[at] ?? ''))) return at
  return -1
}

/** Also what would be refused for where it points: a list may begin with private addresses. */
function isIndicator(cell: string): boolean {
  const parsed = parseIndicatorValue(cell)
  if ('kind' in parsed) return indicatorKinds.includes(parsed.kind)
  return parsed.reject.startsWith('not a public') || parsed.reject === 'host bits set in a range'
}

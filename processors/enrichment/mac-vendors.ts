/**
 * Who made a network card, by the longest registered prefix of its MAC address. Prefixes have 6, 7 or 9 hexadecimal digits (the IEEE registries
 * MA-L, MA-M, MA-S). Held as sorted numbers: under 10 bytes a prefix beside the makers' names.
 */
export type MacVendors = {
  /** The maker, or `''`: unknown, no MAC at all, or one that software made up. */
  vendorOf(mac: string): string
}

export const noMacVendors: MacVendors = { vendorOf: () => '' }

/** Digits of a prefix: the longest first, as parts of a prefix are registered to others than the whole. */
const LENGTHS = [9, 7, 6] as const

/** The registries have about half as many. */
const MAX_NAMES = 65_536

/** Addresses that are not from a registry have the second lowest bit of their first octet set; groups have the lowest. */
const REGISTERED = '048c'

export class MacVendorTable implements MacVendors {
  readonly #names: readonly string[]
  readonly #tables: readonly Table[]

  private constructor(names: readonly string[], tables: readonly Table[]) {
    this.#names = names
    this.#tables = tables
  }

  /**
   * From the text of a table: lines of maker, tab, prefixes; or of the IEEE's own CSV (`MA-L,286FB9,"Nokia …","…"`). Lines that
   * are neither are passed over. `null` when there is not one prefix in it.
   */
  static read(text: string): MacVendorTable | null {
    const names: string[] = []
    const byLength = new Map<number, number[]>(LENGTHS.map((length) => [length, []]))
    let count = 0
    for (const { name, prefixes } of rowsOf(text)) {
      if (names.length === MAX_NAMES) break
      for (const prefix of prefixes) {
        const bits = Number.parseInt(prefix, 16)
        if (Number.isNaN(bits)) continue
        byLength.get(prefix.length)?.push(bits * MAX_NAMES + names.length)
        count += 1
      }
      names.push(name)
    }
    if (count === 0) return null
    const tables = LENGTHS.map((length) => tableOf(length, byLength.get(length) ?? []))
    return new MacVendorTable(names, tables)
  }

  /** Registered prefixes. */
  get size(): number {
    return this.#tables.reduce((sum, { prefixes }) => sum + prefixes.length, 0)
  }

  /** `mac` in lower case with colons, as the parsers give it. */
  vendorOf(mac: string): string {
    if (mac.length !== 17 || !REGISTERED.includes(mac.charAt(1))) return ''
    const digits = mac.replaceAll(':', '')
    for (const table of this.#tables) {
      const at = find(table.prefixes, Number.parseInt(digits.slice(0, table.length), 16))
      if (at >= 0) return this.#names[table.names[at] ?? -1] ?? ''
    }
    return ''
  }
}

type Table = { readonly length: number; readonly prefixes: Float64Array; readonly names: Uint16Array }

/** `rows`: prefix times `MAX_NAMES` plus name, 52 bits at most, so that they are sorted as numbers. */
function tableOf(length: number, rows: readonly number[]): Table {
  const sorted = Float64Array.from(rows).sort()
  return {
    length,
    prefixes: sorted.map((row) => Math.floor(row / MAX_NAMES)),
    names: Uint16Array.from(sorted, (row) => row % MAX_NAMES),
  }
}

function find(sorted: Float64Array, value: number): number {
  let from = 0
  let to = sorted.length - 1
  while (from <= to) {
    const middle = (from + to) >> 1
    const found = sorted[middle] ?? Number.NaN
    if (found === value) return middle
    if (found < value) from = middle + 1
    else to = middle - 1
  }
  return -1
}

const CSV_ROW = /^MA-[LMS],([0-9A-Fa-f]{6,9}),(?:"((?:[^"]|"")*)"|([^,]*))/

function* rowsOf(text: string): Generator<{ readonly name: string; readonly prefixes: readonly string[] }> {
  for (const line of text.split(/\r?\n/)) {
    const csv = line.startsWith('MA-') ? CSV_ROW.exec(line) : null
    if (csv !== null) {
      const [, prefix = '', quoted, plain = ''] = csv
      const name = (quoted?.replaceAll('""', '"') ?? plain).trim()
      if (name !== '' && name !== 'Private' && name !== 'IEEE Registration Authority')
        yield { name, prefixes: [prefix.toLowerCase()].filter(isPrefix) }
      continue
    }
    const tab = line.indexOf('\t')
    if (tab <= 0 || line.startsWith('#')) continue
    yield {
      name: line.slice(0, tab),
      prefixes: line
        .slice(tab + 1)
        .split(' ')
        .filter(isPrefix),
    }
  }
}

function isPrefix({ length }: string): boolean {
  return length === 6 || length === 7 || length === 9
}

/** The tables that evidence is told apart with, from the files that were named; what is missing is absent, and is said once. */
import { readFileSync } from 'node:fs'
import {
  type EvidenceContext,
  type MacVendors,
  MacVendorTable,
  type Place,
  type Whereabouts,
} from '@weir/processors'
import { reasonOf } from '../system-error.ts'
import { openMmdb } from './mmdb-file.ts'

export type ContextPaths = {
  /** MMDB files; `null`: none. */
  readonly geo: string | null
  readonly asn: string | null
  /** A table of makers other than our own: the IEEE's CSV, or lines of maker, tab, prefixes. */
  readonly macVendors: string | null
}

export type ContextFiles = {
  readonly context: EvidenceContext
  /** What each table is, for the summary: its build, `none`, or `absent: ` and why. The same tables, the same text. */
  readonly tables: Readonly<Record<'geo' | 'asn' | 'macVendors', string>>
  /** Sentences for people on what was named and could not be had. */
  readonly missing: readonly string[]
}

const OWN_VENDORS = new URL('mac-vendors.txt', import.meta.url)

export function openContextFiles(paths: ContextPaths): ContextFiles {
  const missing: string[] = []
  const named = (what: string, path: string | null): { table: Whereabouts | null; says: string } => {
    if (path === null) return { table: null, says: 'none' }
    const opened = openMmdb(path)
    if ('whereabouts' in opened) return { table: opened.whereabouts, says: opened.build }
    missing.push(`evidence has no ${what}: ${path} cannot be used: ${opened.why}`)
    return { table: null, says: `absent: ${opened.why}` }
  }
  const geo = named('countries', paths.geo)
  const asn = paths.asn === paths.geo ? { table: null, says: geo.says } : named('AS numbers', paths.asn)
  const macVendors = vendorsOf(paths.macVendors, missing)
  return {
    context: {
      whereabouts: new JoinedWhereabouts([geo.table, asn.table].filter((table) => table !== null)),
      macVendors,
    },
    tables: { geo: geo.says, asn: asn.says, macVendors: macVendors.says },
    missing,
  }
}

/** What several databases know of one address; the first that knows a thing is believed. */
class JoinedWhereabouts implements Whereabouts {
  readonly #tables: readonly Whereabouts[]

  constructor(tables: readonly Whereabouts[]) {
    this.#tables = tables
  }

  placeOf(ip: string): Place | null {
    let place: Place | null = null
    for (const table of this.#tables) {
      const found = table.placeOf(ip)
      if (found === null) continue
      place =
        place === null
          ? found
          : {
              country: place.country || found.country,
              asn: place.asn || found.asn,
              asName: place.asName || found.asName,
            }
    }
    return place
  }
}

/** Read when the first MAC address is asked for: most logs have none. A file that was named is read at once, to say what is wrong with it. */
class LazyMacVendors implements MacVendors {
  readonly says: string
  #table: MacVendors | null

  constructor(says: string, table: MacVendors | null) {
    this.says = says
    this.#table = table
  }

  vendorOf(mac: string): string {
    this.#table ??= ownVendors()
    return this.#table.vendorOf(mac)
  }
}

function vendorsOf(path: string | null, missing: string[]): LazyMacVendors {
  if (path === null) return new LazyMacVendors('IEEE 2026-08-26', null)
  try {
    const table = MacVendorTable.read(readFileSync(path, 'utf8'))
    if (table !== null) return new LazyMacVendors(`${table.size} prefixes of ${path}`, table)
    missing.push(`makers of network cards are our own: ${path} holds no MAC prefix`)
  } catch (error) {
    missing.push(`makers of network cards are our own: ${path} cannot be read: ${reasonOf(error)}`)
  }
  return new LazyMacVendors('IEEE 2026-08-26', null)
}

function ownVendors(): MacVendors {
  const table = MacVendorTable.read(readFileSync(OWN_VENDORS, 'utf8'))
  if (table === null) throw new Error('the table of MAC prefixes that comes with Weir is empty')
  return table
}

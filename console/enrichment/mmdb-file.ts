/**
 * Databases of addresses in MaxMind's MMDB format, whoever made them: GeoLite2 and GeoIP2, DB-IP Lite, IPinfo Lite and what people make themselves name
 * the same things differently. Any of them may say countries, AS numbers or both.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Place, Whereabouts } from '@weir/processors'
import { Reader, type Response } from 'mmdb-lib'
import { reasonOf } from '../system-error.ts'

export type OpenedDatabase = {
  readonly whereabouts: Whereabouts
  /** Tells one build from another: type, time it was built, the beginning of the file's SHA-256. */
  readonly build: string
}

/** The database, or why there is none: what is missing or broken must not keep anybody from an analysis. */
export function openMmdb(path: string): OpenedDatabase | { readonly why: string } {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    return { why: reasonOf(error) }
  }
  try {
    const reader = new Reader<Response>(bytes)
    const { databaseType, buildEpoch, ipVersion } = reader.metadata
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
    return {
      whereabouts: new MmdbWhereabouts(reader, ipVersion),
      build: `${databaseType} ${buildEpoch.toISOString().slice(0, 19)}Z ${digest}`,
    }
  } catch {
    return { why: 'it is no MMDB file, or a damaged one' }
  }
}

class MmdbWhereabouts implements Whereabouts {
  readonly #reader: Reader<Response>
  readonly #ipVersion: number

  constructor(reader: Reader<Response>, ipVersion: number) {
    this.#reader = reader
    this.#ipVersion = ipVersion
  }

  placeOf(ip: string): Place | null {
    if (this.#ipVersion === 4 && ip.includes(':')) return null
    try {
      return placeIn(this.#reader.get(ip))
    } catch {
      // Text that is no address, or a part of the file that was damaged after it was written: nothing is known.
      return null
    }
  }
}

type Row = Readonly<Record<string, unknown>>

function placeIn(found: unknown): Place | null {
  if (!isRow(found)) return null
  const country =
    [codeIn(found.country), codeIn(found.registered_country), codeOf(found.country_code)].find(Boolean) ?? ''
  const asn = numberOf(found.autonomous_system_number) || numberOf(found.asn)
  const asName =
    textOf(found.autonomous_system_organization) || textOf(found.as_name) || textOf(found.as_organization)
  return country === '' && asn === 0 ? null : { country, asn, asName }
}

/** `{ iso_code: 'NL' }`, or the code itself. */
function codeIn(value: unknown): string {
  return isRow(value) ? codeOf(value.iso_code) : codeOf(value)
}

function codeOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value) ? value : ''
}

/** 15169, or `AS15169`. */
function numberOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(/^(?:AS)?(\d{1,10})$/.exec(value)?.[1] ?? 0) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : 0
}

const LONGEST_NAME = 100

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_NAME) : ''
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { canonicalAddress } from './address.ts'
import { syntheticUid } from './synthetic-uid.ts'
import { parseTime, timeOfNumber } from './time.ts'
import { damaged, type Fields } from './zeek-fields.ts'
import { countBetween, numberOf, portBetween } from './zeek-numbers.ts'
import { flagOf } from './zeek-tsv.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Other ways to write a name that has a dot: `id_orig_h`, and `orig_h` within `id`. */
type Dotted = { readonly flat: string; readonly outer: string; readonly inner: string }

const dotted = new Map<string, Dotted>(
  [
    'id.orig_h',
    'id.orig_p',
    'id.resp_h',
    'id.resp_p',
    'data_channel.resp_p',
    'version.major',
    'version.minor',
  ].map((name) => {
    const dot = name.indexOf('.')
    return [name, { flat: name.replace('.', '_'), outer: name.slice(0, dot), inner: name.slice(dot + 1) }]
  }),
)

/** A record of a Zeek JSON log. One object serves all lines of a stream; `parse` moves it to the next. */
export class JsonRow implements Fields {
  readonly #timezoneMinutes: number
  #object: JsonObject = {}
  #line = ''
  #lineNumber = 0

  constructor(timezoneMinutes: number) {
    this.#timezoneMinutes = timezoneMinutes
  }

  /** Whether the line is a JSON object. */
  parse(line: string, lineNumber: number): boolean {
    this.#line = line
    this.#lineNumber = lineNumber
    const object = objectOf(line)
    this.#object = object ?? {}
    return object !== null
  }

  /** The line's object. */
  get object(): JsonObject {
    return this.#object
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined
  }

  #get(name: string): unknown {
    const value = this.#object[name]
    if (value !== undefined) return value
    const other = dotted.get(name)
    if (other === undefined) return undefined
    const flat = this.#object[other.flat]
    if (flat !== undefined) return flat
    const outer = this.#object[other.outer]
    return isObject(outer) ? outer[other.inner] : undefined
  }

  text(name: string): string {
    return textOf(this.#get(name))
  }

  time(name: string): number | null {
    const value = this.#get(name)
    if (typeof value === 'number') return timeOfNumber(value)
    return typeof value === 'string' ? parseTime(value, this.#timezoneMinutes) : null
  }

  address(name: string): string | null {
    const value = this.#get(name)
    if (typeof value !== 'string') return isUnset(value) ? '' : null
    return isUnset(value) ? '' : canonicalAddress(value)
  }

  port(name: string): number | null {
    const value = this.#get(name)
    if (typeof value === 'number')
      return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value + 0 : damaged
    if (isUnset(value)) return null
    return typeof value === 'string' ? portBetween(value, 0, value.length) : damaged
  }

  count(name: string): number | null {
    const value = this.#get(name)
    // The sum turns -0 into 0.
    if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value + 0 : damaged
    if (isUnset(value)) return null
    return typeof value === 'string' ? countBetween(value, 0, value.length) : damaged
  }

  number(name: string): number | null {
    const value = this.#get(name)
    if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN
    if (isUnset(value)) return null
    return typeof value === 'string' ? numberOf(value) : Number.NaN
  }

  flag(name: string): boolean | null {
    const value = this.#get(name)
    if (typeof value === 'boolean') return value
    if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : null
    return typeof value === 'string' ? flagOf(value) : null
  }

  list(name: string): string[] {
    const value = this.#get(name)
    if (!Array.isArray(value)) {
      const text = textOf(value)
      return text === '' ? [] : [text]
    }
    const list: string[] = []
    for (const element of value) {
      if (element !== null && typeof element !== 'object') list.push(scalarText(element))
    }
    return list
  }

  numbers(name: string): number[] {
    const value = this.#get(name)
    const numbers: number[] = []
    for (const element of Array.isArray(value) ? value : [value]) {
      const number =
        typeof element === 'number' ? element : typeof element === 'string' ? numberOf(element) : Number.NaN
      // The sum turns -0 into 0.
      if (number >= 0 && number < Number.POSITIVE_INFINITY) numbers.push(number + 0)
    }
    return numbers
  }

  syntheticUid(): string {
    return syntheticUid(this.#lineNumber, this.#line)
  }
}

/** The object a line of JSON holds, else `null`: also for what is nested too deeply to be read. */
export function objectOf(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Tools that turn TSV into JSON keep its marks. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '-' || value === '(empty)'
}

function textOf(value: unknown): string {
  if (isUnset(value)) return ''
  if (Array.isArray(value)) {
    return value
      .filter((element) => element !== null && typeof element !== 'object')
      .map(scalarText)
      .join(',')
  }
  return typeof value === 'object' ? '' : scalarText(value)
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  return ''
}

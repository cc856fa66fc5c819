/** What a line of EVE holds: anything, until looked at. */
export type EveObject = { readonly [key: string]: unknown }

export const noObject: EveObject = {}

export function isObject(value: unknown): value is EveObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object under a key; an empty one when there is none. */
export function objectAt(from: EveObject, key: string): EveObject {
  const value = from[key]
  return isObject(value) ? value : noObject
}

/** Text, or a number as text; `''` for anything else. */
export function textAt(from: EveObject, key: string): string {
  const value = from[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}

/** A number that is whole and not negative, from a number or its digits; `null` for anything else. */
export function wholeAt(from: EveObject, key: string): number | null {
  const value = from[key]
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

/** A byte or packet counter: what is not told is 0. */
export function counterAt(from: EveObject, key: string): number {
  return wholeAt(from, key) ?? 0
}

export function booleanAt(from: EveObject, key: string): boolean | null {
  const value = from[key]
  return typeof value === 'boolean' ? value : null
}

/** The texts of a list, or of one text that stands where a list may. Anything else in it is left out. */
export function textsAt(from: EveObject, key: string): string[] {
  const value = from[key]
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The objects of a list; empty when there is none. */
export function objectsAt(from: EveObject, key: string): EveObject[] {
  const value = from[key]
  return Array.isArray(value) ? value.filter(isObject) : []
}

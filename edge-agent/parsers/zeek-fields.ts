/** A value that is there and cannot be what its field holds, such as a port of `8x` or 70000. */
export const damaged = -1

/**
 * One record of a Zeek log by field name, whether it was TSV or JSON. Names are Zeek's own, with dots (`id.orig_h`). A
 * field is unset when it is absent, `null`, `-` or, as text, `(empty)`. Valid until the next line is read.
 */
export type Fields = {
  /** `''` when unset. */
  text(name: string): string
  /** Epoch milliseconds; `null` when unset or not a time. */
  time(name: string): number | null
  /** Canonical; `''` when unset, `null` when it is no address. */
  address(name: string): string | null
  /** 0 to 65535; `null` when unset, `damaged` when it is no port. */
  port(name: string): number | null
  /** A whole number, not negative and exact in a double; `null` when unset, `damaged` when it is none. */
  count(name: string): number | null
  /** Any finite number; `null` when unset, `NaN` when it is none. */
  number(name: string): number | null
  /** `null` when unset or neither. */
  flag(name: string): boolean | null
  /** Elements of a set or vector, in the order written; a scalar is a list of one. Elements that are unset are left out. */
  list(name: string): string[]
  /** The elements of a list that are numbers and not negative. */
  numbers(name: string): number[]
  /** An id made from the line and its number. */
  syntheticUid(): string
}

/** `fields.count(name)`, where a damaged count is as good as none. */
export function countOrNull(fields: Fields, name: string): number | null {
  const count = fields.count(name)
  return count === damaged ? null : count
}

/** The first of the names that is set, else `''`. */
export function firstText(fields: Fields, name: string, otherwise: string): string {
  const text = fields.text(name)
  return text === '' ? fields.text(otherwise) : text
}

/** The first of the names that has elements. */
export function firstList(fields: Fields, name: string, otherwise: string): string[] {
  const list = fields.list(name)
  return list.length === 0 ? fields.list(otherwise) : list
}

/** An address that a record can do without: `''` when unset or damaged. */
export function addressOrNone(fields: Fields, name: string): string {
  return fields.address(name) ?? ''
}

/** Canonical addresses of a list; what is no address is left out. */
export function addressList(
  fields: Fields,
  name: string,
  canonical: (text: string) => string | null,
): string[] {
  const addresses: string[] = []
  for (const text of fields.list(name)) {
    const address = canonical(text)
    if (address !== null) addresses.push(address)
  }
  return addresses
}

/**
 * A map from names that is small in nearly all of the thousands of places it stands in. An empty `Map` takes some 200 bytes and one of five
 * entries 350; `null` takes none, and a list of names and values 48 and 16 for each entry. Plain data.
 */

/**
 * Names and what they stand for, in the order they were added: nothing, a list of a few (name, value, name, value …), or a `Map` of many. Held in
 * a field that takes what the functions below give back; nobody else changes it.
 */
export type SmallMap<V extends object | number> = null | (string | V)[] | Map<string, V>

/** Entries of a list: so many texts are compared as fast as one is looked up. Two places each. */
const FEW = 32

export function sizeOfMap<V extends object | number>(map: SmallMap<V>): number {
  if (map === null) return 0
  return Array.isArray(map) ? map.length / 2 : map.size
}

export function valueUnder<V extends object | number>(map: SmallMap<V>, name: string): V | undefined {
  if (map === null) return undefined
  if (!Array.isArray(map)) return map.get(name)
  const at = placeOf(map, name)
  return at < 0 ? undefined : valueAt(map, at)
}

/** With the value under the name: in its place where it has one, else as the last. */
export function withValue<V extends object | number>(map: SmallMap<V>, name: string, value: V): SmallMap<V> {
  if (map === null) return [name, value]
  if (!Array.isArray(map)) return map.set(name, value)
  const at = placeOf(map, name)
  if (at >= 0) {
    map[at + 1] = value
    return map
  }
  if (map.length >= 2 * FEW) return new Map(entriesOf(map)).set(name, value)
  // A new list: one that grows has room for seventeen more at once.
  return map.toSpliced(map.length, 0, name, value)
}

export function withoutName<V extends object | number>(map: SmallMap<V>, name: string): SmallMap<V> {
  if (map === null) return null
  if (!Array.isArray(map)) {
    map.delete(name)
    return map.size === 0 ? null : map
  }
  const at = placeOf(map, name)
  if (at < 0) return map
  return map.length === 2 ? null : map.toSpliced(at, 2)
}

/** Without the one that was added first. */
export function withoutFirst<V extends object | number>(map: SmallMap<V>): SmallMap<V> {
  for (const [name] of entriesOf(map)) return withoutName(map, name)
  return map
}

/** The same as `withValue`, with at most `most` names: for a new one beyond them the one that was added first goes. */
export function withNewest<V extends object | number>(
  map: SmallMap<V>,
  name: string,
  value: V,
  most: number,
): SmallMap<V> {
  const isFull = sizeOfMap(map) >= most && valueUnder(map, name) === undefined
  return withValue(isFull ? withoutFirst(map) : map, name, value)
}

/** In the order they were added. The map may lose names meanwhile. */
export function* entriesOf<V extends object | number>(map: SmallMap<V>): Iterable<readonly [string, V]> {
  if (map === null) return
  if (!Array.isArray(map)) {
    yield* map
    return
  }
  for (let at = 0; at < map.length; at += 2) {
    const name = map[at]
    const value = valueAt(map, at)
    if (typeof name === 'string' && value !== undefined) yield [name, value]
  }
}

function placeOf(list: readonly unknown[], name: string): number {
  for (let at = 0; at < list.length; at += 2) if (list[at] === name) return at
  return -1
}

function valueAt<V extends object | number>(list: readonly (string | V)[], at: number): V | undefined {
  const value = list[at + 1]
  return typeof value === 'string' ? undefined : value
}

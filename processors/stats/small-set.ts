/**
 * A set that holds one thing or none in nearly all of the thousands of places it stands in: of the hosts tried at a port there is most often one. An
 * empty `Set` takes some 150 bytes, a single text or number nothing beyond itself. Plain data.
 */

/**
 * Nothing, one thing, or a list or `Set` of several, in the order they were added. Held in a field that takes what `withItem` gives back; nobody
 * else changes it.
 */
export type SmallSet<T extends string | number> = null | T | readonly T[] | Set<T>

/** Things of a list: so many are compared as fast as one is looked up. */
const FEW = 8

export function sizeOfSet<T extends string | number>(set: SmallSet<T>): number {
  if (set === null) return 0
  if (typeof set !== 'object') return 1
  return set instanceof Set ? set.size : set.length
}

export function hasItem<T extends string | number>(set: SmallSet<T>, item: T): boolean {
  if (set === null || typeof set !== 'object') return set === item
  return set instanceof Set ? set.has(item) : set.includes(item)
}

export function withItem<T extends string | number>(set: SmallSet<T>, item: T): SmallSet<T> {
  if (set === null) return item
  if (typeof set !== 'object') return set === item ? set : [set, item]
  if (set instanceof Set) return set.add(item)
  if (set.includes(item)) return set
  // A new list: one that grows has room for seventeen more at once.
  return set.length < FEW ? set.concat(item) : new Set(set).add(item)
}

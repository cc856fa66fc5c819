import { entriesOf, type SmallMap, sizeOfMap, withoutName } from './small-map.ts'

/**
 * Drops the smallest entries until `keep` are left; among equals the ones added first go first, so the newest stay. Those
 * that stay keep their order. Meant to be called when a map is full, with half of what it may hold: then adding stays cheap.
 */
export function keepLargest<V>(map: Map<string, V>, keep: number, sizeOf: (value: V) => number): void {
  for (const key of smallest(map, map.size - keep, sizeOf)) map.delete(key)
}

/** The same of a map that is most often small; gives what is left. */
export function withLargest<V extends object | number>(
  map: SmallMap<V>,
  keep: number,
  sizeOf: (value: V) => number,
): SmallMap<V> {
  let left = map
  for (const key of smallest(entriesOf(map), sizeOfMap(map) - keep, sizeOf)) left = withoutName(left, key)
  return left
}

function smallest<V>(
  entries: Iterable<readonly [string, V]>,
  count: number,
  sizeOf: (value: V) => number,
): readonly string[] {
  if (count <= 0) return []
  const ranked = [...entries].map(([key, value], at) => ({ key, size: sizeOf(value), at }))
  ranked.sort((a, b) => a.size - b.size || a.at - b.at)
  return ranked.slice(0, count).map(({ key }) => key)
}

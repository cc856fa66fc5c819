/**
 * Drops the smallest entries until `keep` are left; among equals the ones added first go first, so the newest stay. Those
 * that stay keep their order. Meant to be called when a map is full, with half of what it may hold: then adding stays cheap.
 */
export function keepLargest<V>(map: Map<string, V>, keep: number, sizeOf: (value: V) => number): void {
  if (map.size <= keep) return
  const ranked = [...map].map(([key, value], at) => ({ key, size: sizeOf(value), at }))
  ranked.sort((a, b) => a.size - b.size || a.at - b.at)
  for (const { key } of ranked.slice(0, map.size - keep)) map.delete(key)
}

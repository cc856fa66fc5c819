/**
 * Counts one more under the key: the count when that is one of the steps, at which it is to be said, else 0. Of keys beyond
 * `limit` nothing is counted or said.
 */
export function tellAtSteps<K>(
  tally: Map<K, number>,
  key: K,
  steps: readonly number[],
  limit: number,
): number {
  const known = tally.get(key)
  if (known === undefined && tally.size >= limit) return 0
  const count = (known ?? 0) + 1
  tally.set(key, count)
  return steps.includes(count) ? count : 0
}

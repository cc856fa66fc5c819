/** The name someone may have meant, ` (did you mean x?)`, or `''` when none is near enough. */
export function didYouMean(given: string, names: Iterable<string>): string {
  let best = ''
  // Beyond a third of the letters it is another word.
  let least = Math.floor(given.length / 3) + 1
  for (const name of names) {
    if (Math.abs(name.length - given.length) >= least) continue
    const distance = distanceOf(given.toLowerCase(), name.toLowerCase())
    if (distance < least) [best, least] = [name, distance]
  }
  return best === '' ? '' : ` (did you mean ${best}?)`
}

/** Letters to add, drop or change to make one of the other. Both are names, and short. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

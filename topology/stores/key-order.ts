/**
 * The order of keys everywhere: that of their UTF-8 bytes, so that a memory store, a disk and a Java reader agree. It differs
 * from JavaScript's own order only in that a surrogate pair (four bytes) comes after every unit that stands alone.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

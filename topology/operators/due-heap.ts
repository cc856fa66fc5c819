export type Due = { readonly dueMs: number; readonly key: string }

/** A binary heap of due times, earliest first, equal times in the order of keys. Entries that no longer hold are for the caller to pass over. */
export class DueHeap {
  readonly #items: Due[] = []

  get size(): number {
    return this.#items.length
  }

  peek(): Due | undefined {
    return this.#items[0]
  }

  push(item: Due): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent] as Due
      if (!before(item, above)) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }

  pop(): Due | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && before(items[child + 1] as Due, items[child] as Due)) child += 1
      const below = items[child] as Due
      if (!before(below, last)) break
      items[at] = below
      at = child
    }
    items[at] = last
    return first
  }
}

function before(a: Due, b: Due): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.key < b.key)
}

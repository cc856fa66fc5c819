import type { RecordSource } from './record-source.ts'

/** Open sources, the one whose record comes next on top: by key, then by rank. A binary heap. */
export class SourceHeap {
  readonly #sources: RecordSource[] = []

  get size(): number {
    return this.#sources.length
  }

  top(): RecordSource | undefined {
    return this.#sources[0]
  }

  /** All of them, in no order. */
  all(): readonly RecordSource[] {
    return this.#sources
  }

  push(source: RecordSource): void {
    const sources = this.#sources
    let at = sources.length
    sources.push(source)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = sources[above]
      if (parent === undefined || !precedes(source, parent)) break
      sources[at] = parent
      at = above
    }
    sources[at] = source
  }

  /** Puts the top back in its place after its key has grown. */
  sink(): void {
    const sources = this.#sources
    const source = sources[0]
    if (source === undefined) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      let child = sources[left]
      if (child === undefined) break
      let place = left
      const right = sources[left + 1]
      if (right !== undefined && precedes(right, child)) {
        child = right
        place = left + 1
      }
      if (!precedes(child, source)) break
      sources[at] = child
      at = place
    }
    sources[at] = source
  }

  /** Takes the top away. */
  pop(): void {
    const last = this.#sources.pop()
    if (last === undefined || this.#sources.length === 0) return
    this.#sources[0] = last
    this.sink()
  }
}

function precedes(a: RecordSource, b: RecordSource): boolean {
  return a.keyMs < b.keyMs || (a.keyMs === b.keyMs && a.rank < b.rank)
}

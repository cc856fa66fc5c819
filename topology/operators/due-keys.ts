import { grown } from '../kit/columns.ts'
import { KeyRows } from '../kit/key-rows.ts'

const firstRows = 64

/**
 * Keys and when each is due: the earliest first, equal times in the order of keys. A key has a row, a small number that is its own until it
 * is removed; what others know of it they may keep in columns by it. Numbers lie outside of the heap that is collected: there are as many
 * keys as hosts were ever seen, and as objects those that say nothing would be looked at by every collection.
 */
export class DueKeys {
  readonly #keys = new KeyRows()
  #dueMs = new Float64Array(firstRows)
  /** By row, where it is in `#heap`; -1 for what is never due. */
  #places = new Int32Array(firstRows)
  /** A binary heap of rows. */
  #heap = new Int32Array(firstRows)
  #due = 0

  /** Rows are below this. */
  get rows(): number {
    return this.#keys.rows
  }

  /** Of a key that is known. */
  rowOf(key: string): number | undefined {
    const row = this.#keys.rowOf(key)
    return row < 0 ? undefined : row
  }

  /** The row of the key, which is never due where it was not known before. */
  add(key: string): number {
    const { size } = this.#keys
    const row = this.#keys.add(key)
    if (this.#keys.size === size) return row
    if (row >= this.#dueMs.length) this.#grow()
    this.#dueMs[row] = Number.POSITIVE_INFINITY
    this.#places[row] = -1
    return row
  }

  keyOf(row: number): string {
    return this.#keys.keyOf(row)
  }

  remove(row: number): void {
    this.set(row, Number.POSITIVE_INFINITY)
    this.#keys.remove(row)
  }

  clear(): void {
    this.#keys.clear()
    this.#due = 0
  }

  /** Infinite: never. */
  dueMs(row: number): number {
    return this.#dueMs[row] ?? Number.POSITIVE_INFINITY
  }

  set(row: number, dueMs: number): void {
    const before = this.dueMs(row)
    this.#dueMs[row] = dueMs
    let place = this.#places[row] ?? -1
    if (dueMs === Number.POSITIVE_INFINITY) {
      if (place >= 0) this.#takeOut(row, place)
      return
    }
    if (place < 0) {
      place = this.#due
      this.#due += 1
    }
    if (dueMs > before) this.#sink(row, place)
    else this.#rise(row, place)
  }

  /** The row that is due first; -1 when none ever is. */
  first(): number {
    return this.#due === 0 ? -1 : (this.#heap[0] ?? -1)
  }

  #takeOut(row: number, place: number): void {
    this.#due -= 1
    this.#places[row] = -1
    if (place === this.#due) return
    const last = this.#heap[this.#due] ?? 0
    const parent = this.#heap[(place - 1) >> 1]
    if (place > 0 && parent !== undefined && this.#isBefore(last, parent)) this.#rise(last, place)
    else this.#sink(last, place)
  }

  #rise(row: number, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const other = this.#heap[above] ?? 0
      if (!this.#isBefore(row, other)) break
      this.#put(other, place)
      place = above
    }
    this.#put(row, place)
  }

  #sink(row: number, from: number): void {
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= this.#due) break
      let other = this.#heap[below] ?? 0
      const sibling = this.#heap[below + 1] ?? 0
      if (below + 1 < this.#due && this.#isBefore(sibling, other)) {
        below += 1
        other = sibling
      }
      if (!this.#isBefore(other, row)) break
      this.#put(other, place)
      place = below
    }
    this.#put(row, place)
  }

  #put(row: number, place: number): void {
    this.#heap[place] = row
    this.#places[row] = place
  }

  #isBefore(row: number, other: number): boolean {
    const dueMs = this.dueMs(row)
    const otherMs = this.dueMs(other)
    return dueMs < otherMs || (dueMs === otherMs && this.#keys.compare(row, other) < 0)
  }

  #grow(): void {
    const rows = this.#dueMs.length * 2
    this.#dueMs = grown(this.#dueMs, new Float64Array(rows))
    this.#places = grown(this.#places, new Int32Array(rows))
    this.#heap = grown(this.#heap, new Int32Array(rows))
  }
}

import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { guarded, LineFile } from './line-file.ts'
import { temporary } from './result-files.ts'

/** What bounds memory; others in tests. */
export type SortLimits = {
  /** Held before it is sorted and put aside: whichever comes first. */
  readonly lines: number
  readonly characters: number
  /** Files open while merging; when there are as many, they are merged into one. */
  readonly runs: number
}

const LIMITS: SortLimits = { lines: 4_096, characters: 1 << 24, runs: 64 }
const READ_BYTES = 1 << 18

type Item = { readonly key: string; readonly line: string }

/**
 * Sorts lines by a key in bounded memory: full runs are sorted and put aside in files, and merged at the end. Of the lines
 * of one key the least counts, whatever the order they came in. Keys and lines are compared by UTF-16 units; a key holds no
 * TAB, neither holds a line break. Errors are `CONSOLE_UNWRITABLE`.
 */
export class SortedLines {
  readonly #folder: string
  readonly #name: string
  readonly #limits: SortLimits
  #run: Item[] = []
  #characters = 0
  #runFiles: string[] = []
  #filesMade = 0
  #isDiscarded = false

  /** Runs are files in `folder` whose names begin with `name`; removed by `drain` and `discard`. */
  constructor(folder: string, name: string, limits: SortLimits = LIMITS) {
    this.#folder = folder
    this.#name = name
    this.#limits = limits
  }

  /** Nothing once it is discarded. */
  add(key: string, line: string): void {
    if (this.#isDiscarded) return
    this.#run.push({ key, line })
    this.#characters += key.length + line.length
    const { lines, characters } = this.#limits
    if (this.#run.length >= lines || this.#characters >= characters) this.#putAside()
  }

  /** Hands the line of every key to `write` in order, and the other lines of a key to `surplus`; then nothing is left. */
  drain(write: (line: string) => void, surplus: (line: string) => void = () => {}): void {
    this.#run.sort(compareItems)
    let last: string | null = null
    for (const { key, line } of merged([...this.#runFiles.map(readRun), this.#run.values()])) {
      if (key === last) surplus(line)
      else write(line)
      last = key
    }
    this.#clear()
  }

  /** Removes what was put aside, and takes nothing more. */
  discard(): void {
    this.#isDiscarded = true
    this.#clear()
  }

  #clear(): void {
    for (const file of this.#runFiles) rmSync(file, { force: true })
    this.#runFiles = []
    this.#run = []
    this.#characters = 0
  }

  #putAside(): void {
    this.#run.sort(compareItems)
    this.#writeRun(this.#run.values())
    this.#run = []
    this.#characters = 0
    if (this.#runFiles.length < this.#limits.runs) return
    const runs = this.#runFiles
    this.#runFiles = [...runs]
    this.#writeRun(merged(runs.map(readRun)))
    for (const file of runs) rmSync(file, { force: true })
    this.#runFiles = this.#runFiles.filter((file) => !runs.includes(file))
  }

  #writeRun(items: Iterable<Item>): void {
    const path = temporary(join(this.#folder, `${this.#name}.${this.#filesMade++}.run`))
    this.#runFiles.push(path)
    const file = LineFile.create(path)
    for (const { key, line } of items) file.write(`${key}\t${line}`)
    file.close()
  }
}

function compareItems(a: Item, b: Item): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.line < b.line ? -1 : a.line > b.line ? 1 : 0
}

/** Sorted sources as one. A linear scan: there are few sources. */
function* merged(sources: readonly Iterator<Item, undefined>[]): Generator<Item, undefined> {
  const heads: { head: Item; rest: Iterator<Item, undefined> }[] = []
  for (const rest of sources) {
    const next = rest.next()
    if (next.done !== true) heads.push({ head: next.value, rest })
  }
  for (;;) {
    let least = heads[0]
    if (least === undefined) return
    for (const source of heads) if (compareItems(source.head, least.head) < 0) least = source
    yield least.head
    const next = least.rest.next()
    if (next.done === true) heads.splice(heads.indexOf(least), 1)
    else least.head = next.value
  }
}

function* readRun(path: string): Generator<Item, undefined> {
  const fd = guarded(path, () => openSync(path, 'r'))
  try {
    const chunk = Buffer.allocUnsafe(READ_BYTES)
    const read = () => guarded(path, () => readSync(fd, chunk, 0, chunk.length, null))
    let rest = Buffer.alloc(0)
    for (let size = read(); size > 0; size = read()) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)])
      let from = 0
      for (let to = bytes.indexOf(10, from); to >= 0; to = bytes.indexOf(10, from)) {
        const text = bytes.toString('utf8', from, to)
        const tab = text.indexOf('\t')
        yield { key: text.slice(0, tab), line: text.slice(tab + 1) }
        from = to + 1
      }
      rest = bytes.subarray(from)
    }
  } finally {
    closeSync(fd)
  }
  return undefined
}

import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { consoleError } from '../errors.ts'
import { reasonOf } from '../system-error.ts'

const BUFFERED_CHARACTERS = 1 << 16

/** A file of lines, written through a buffer. Errors are `CONSOLE_UNWRITABLE`. */
export class LineFile {
  readonly #path: string
  readonly #fd: number
  #pending: string[] = []
  #size = 0
  #isOpen = true

  private constructor(path: string, fd: number) {
    this.#path = path
    this.#fd = fd
  }

  /** Empties a file that is there. */
  static create(path: string): LineFile {
    return new LineFile(
      path,
      guarded(path, () => openSync(path, 'w')),
    )
  }

  /** Nothing once the file is closed or discarded. */
  write(line: string): void {
    if (!this.#isOpen) return
    this.#pending.push(line, '\n')
    this.#size += line.length + 1
    if (this.#size >= BUFFERED_CHARACTERS) this.#flush()
  }

  /** What was written is in the file when this returns. */
  close(): void {
    if (!this.#isOpen) return
    this.#flush()
    this.#isOpen = false
    guarded(this.#path, () => closeSync(this.#fd))
  }

  /** Removes the file unless it was closed. */
  discard(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#pending = []
    closeSync(this.#fd)
    rmSync(this.#path, { force: true })
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending.join(''))
    this.#pending = []
    this.#size = 0
    guarded(this.#path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at)
    })
  }
}

/** Does work on a file; what the system refuses is `CONSOLE_UNWRITABLE`. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw consoleError.UNWRITABLE({ path, why: reasonOf(error) }, error)
  }
}

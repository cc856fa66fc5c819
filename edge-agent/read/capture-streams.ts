import type { Converted } from '../convert/converted.ts'
import { type ByteSource, IterableBytes } from './byte-source.ts'

/** One stream of a converted capture; closing the last of them closes the conversion. */
export type CaptureStream = { readonly name: string; readonly bytes: ByteSource }

/** Sorted by name. */
export function streamsOf(converted: Converted): CaptureStream[] {
  let open = converted.streams.length
  const closeOne = async () => {
    if (--open === 0) await converted.close()
  }
  return converted.streams
    .map(({ name, chunks }) => ({ name, bytes: new StreamBytes(new IterableBytes(chunks), closeOne) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

class StreamBytes implements ByteSource {
  readonly damage = null
  readonly #bytes: ByteSource
  readonly #onClose: () => Promise<void>
  #closed = false

  constructor(bytes: ByteSource, onClose: () => Promise<void>) {
    this.#bytes = bytes
    this.#onClose = onClose
  }

  next(): Promise<Uint8Array | null> {
    return this.#bytes.next()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#bytes.close()
    await this.#onClose()
  }
}

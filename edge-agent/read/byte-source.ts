/** Why bytes ended before their time. */
export type Damage = 'gz-truncated' | 'gz-corrupt'

/** Bytes in order, a chunk at a time: the next is fetched only when asked for, so a slow reader slows the writer down. */
export type ByteSource = {
  /** The next chunk, never empty and good until the next call; `null` at the end. */
  next(): Promise<Uint8Array | null>
  /** Set once `next` has given `null`. */
  readonly damage: Damage | null
  /** By whoever opened it; also before the end. */
  close(): Promise<void>
}

/** Chunks that come from elsewhere: standard input, a named pipe, a converted capture. */
export class IterableBytes implements ByteSource {
  readonly damage = null
  readonly #chunks: AsyncIterator<Uint8Array>
  #waiting = false
  #done = false

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async next(): Promise<Uint8Array | null> {
    while (!this.#done) {
      this.#waiting = true
      const { done, value } = await this.#chunks.next()
      this.#waiting = false
      if (done === true) this.#done = true
      else if (value.length > 0) return value
    }
    return null
  }

  async close(): Promise<void> {
    if (this.#done) return
    this.#done = true
    const returned = this.#chunks.return?.()
    // A generator answers only after the chunk it is waiting for, and an idle pipe may never send one.
    if (this.#waiting) returned?.catch(() => {})
    else await returned
  }
}

/** Chunks already taken from a source, then the rest of it. */
export class ReplayedBytes implements ByteSource {
  readonly #taken: readonly Uint8Array[]
  readonly #rest: ByteSource
  #given = 0

  constructor(taken: readonly Uint8Array[], rest: ByteSource) {
    this.#taken = taken
    this.#rest = rest
  }

  get damage(): Damage | null {
    return this.#rest.damage
  }

  async next(): Promise<Uint8Array | null> {
    return this.#taken[this.#given++] ?? this.#rest.next()
  }

  close(): Promise<void> {
    return this.#rest.close()
  }
}

/** Up to `bytes` bytes, copied, in one piece; fewer only at the end, `whole` then. */
export async function takeHead(source: ByteSource, bytes: number): Promise<{ head: Buffer; whole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  while (length < bytes) {
    const chunk = await source.next()
    if (chunk === null) return { head: Buffer.concat(chunks), whole: source.damage === null }
    chunks.push(Uint8Array.from(chunk))
    length += chunk.length
  }
  return { head: Buffer.concat(chunks), whole: false }
}

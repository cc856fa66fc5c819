import { createGunzip, type Gunzip } from 'node:zlib'
import type { ByteSource, Damage } from './byte-source.ts'

const chunkBytes = 64 * 1024

/**
 * zlib gives nothing of the piece of input in which it finds damage, which can be all of a small file. So the piece is tried
 * again in smaller ones, from the beginning of the file: the last round loses nothing before the damaged byte.
 */
const finerBytes = [512, 1]

/**
 * The content of a gzip stream of any number of members; zeros after the last are padding. Everything before damage is
 * given if the source can be opened again, else all but the piece in which it lies. Memory: one chunk in and one out,
 * however much the input unpacks to.
 */
export class GunzippedBytes implements ByteSource {
  damage: Damage | null = null
  readonly #source: ByteSource
  readonly #chunks: AsyncGenerator<Uint8Array, void>
  #started = false

  /** `reopen` gives the same bytes from their beginning once more; `null` when they come only once. */
  constructor(source: ByteSource, reopen: (() => Promise<ByteSource>) | null) {
    this.#source = source
    this.#chunks = this.#unpacked(source, reopen)
  }

  async next(): Promise<Uint8Array | null> {
    this.#started = true
    const { done, value } = await this.#chunks.next()
    return done === true ? null : value
  }

  async close(): Promise<void> {
    // A generator that never ran has nothing to clean up.
    if (!this.#started) await this.#source.close()
    await this.#chunks.return()
  }

  async *#unpacked(first: ByteSource, reopen: (() => Promise<ByteSource>) | null) {
    let source = first
    let given = 0
    const round: Round = { damagedFrom: Number.POSITIVE_INFINITY, pieceBytes: chunkBytes, damage: null }
    for (let finer = 0; ; finer++) {
      let skip = given
      try {
        for await (const chunk of inflate(source, round)) {
          if (skip >= chunk.length) {
            skip -= chunk.length
            continue
          }
          const fresh = skip === 0 ? chunk : chunk.subarray(skip)
          skip = 0
          given += fresh.length
          yield fresh
        }
      } finally {
        await source.close()
      }
      const pieceBytes = finerBytes[finer]
      if (round.damage !== 'gz-corrupt' || reopen === null || pieceBytes === undefined) break
      round.pieceBytes = pieceBytes
      source = await reopen()
    }
    this.damage = round.damage
  }
}

type Round = {
  /** Input before this offset is known to be sound. Set to the beginning of the piece in which damage was found. */
  damagedFrom: number
  /** The size of the pieces from there on. */
  pieceBytes: number
  damage: Damage | null
}

async function* inflate(source: ByteSource, round: Round): AsyncGenerator<Uint8Array, void> {
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  const signal = new Signal(gunzip)
  const sound = round.damagedFrom
  round.damage = null
  let offset = 0
  try {
    for (let chunk = await source.next(); chunk !== null && !signal.over; chunk = await source.next()) {
      for (let at = 0; at < chunk.length && !signal.over; ) {
        const soundLeft = sound - offset
        const length = Math.min(chunk.length - at, soundLeft > 0 ? soundLeft : round.pieceBytes)
        signal.written = false
        gunzip.write(chunk.subarray(at, at + length), () => signal.wrote())
        yield* signal.outputUntilWritten()
        if (signal.failure !== null) round.damagedFrom = offset
        at += length
        offset += length
      }
    }
    if (!signal.over) {
      signal.written = false
      gunzip.end()
      yield* signal.outputUntilWritten()
    }
    if (signal.failure !== null) round.damage = signal.failure
  } finally {
    gunzip.destroy()
  }
}

/** Turns the stream's events into something to wait for; only one waits at a time. */
class Signal {
  written = false
  failure: Damage | null = null
  #ended = false
  #wake: (() => void) | null = null
  readonly #gunzip: Gunzip

  constructor(gunzip: Gunzip) {
    this.#gunzip = gunzip
    gunzip.on('readable', () => this.#wakeUp())
    gunzip.on('end', () => {
      this.#ended = true
      this.#wakeUp()
    })
    gunzip.on('error', (error) => {
      this.failure = 'code' in error && error.code === 'Z_BUF_ERROR' ? 'gz-truncated' : 'gz-corrupt'
      this.#wakeUp()
    })
  }

  get over(): boolean {
    return this.#ended || this.failure !== null
  }

  wrote(): void {
    this.written = true
    this.#wakeUp()
  }

  /** All output of what was written; the rest of it waits in the stream until the caller asks for more. */
  async *outputUntilWritten(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      // Also what was unpacked before a failure is still in the stream.
      for (let chunk = this.#read(); chunk !== null; chunk = this.#read()) yield chunk
      if (this.written || this.over) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #read(): Uint8Array | null {
    const chunk: unknown = this.#gunzip.read()
    return chunk instanceof Uint8Array ? chunk : null
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

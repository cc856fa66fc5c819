import { type Codec, decoderFrom, sameOnTheWire } from './codec.ts'
import { SchemaError } from './schema-error.ts'

/**
 * The frame of Confluent's schema registry, in front of a value's Avro:
 *
 *     0 magic byte, always 0
 *     1 id of the writer's schema, uint32, big endian
 */
const headBytes = 5
/** So many schemas that cannot be used are remembered as such: ids in damaged records may be anything. */
const mostRefused = 10_000

type Decode<T> = (bytes: Uint8Array) => T

/**
 * Values behind the id of the schema they were written with. Encoding and decoding are synchronous; what an id stands for is
 * learnt before its values are decoded: whoever reads them asks `unknownId` of each and lets the codec `learn` the answer.
 */
export class FramedCodec<T> implements Codec<T> {
  readonly schema: string
  readonly #codec: Codec<T>
  /** Of the present schema; `null` for those who only read. */
  readonly #id: number | null
  readonly #others = new Map<number, Decode<T>>()
  readonly #refused = new Map<number, string>()

  constructor(codec: Codec<T>, id: number | null) {
    this.#codec = codec
    this.#id = id
    this.schema = codec.schema
  }

  encode(value: T): Uint8Array {
    if (this.#id === null) {
      throw new SchemaError('SCHEMA_NOT_ENCODABLE', 'a codec without the id of its schema only reads')
    }
    const bytes = this.#codec.encode(value)
    const framed = Buffer.allocUnsafe(headBytes + bytes.length)
    framed[0] = 0
    framed.writeUInt32BE(this.#id, 1)
    framed.set(bytes, headBytes)
    return framed
  }

  /** Besides what every codec throws: `SCHEMA_BAD_BYTES` for a value without a frame or of a schema that is not known. */
  decode(bytes: Uint8Array): T {
    const id = idOf(bytes)
    if (id !== null) {
      const value = bytes.subarray(headBytes)
      if (id === this.#id) return this.#codec.decode(value)
      const decode = this.#others.get(id)
      if (decode !== undefined) return decode(value)
    }
    // Any bytes that begin with a zero look as if they had an id.
    if (isOne(this.#codec, bytes)) {
      const why = 'it was written without a schema registry; this process was started with --registry'
      throw new SchemaError('SCHEMA_BAD_BYTES', why)
    }
    if (id === null) throw new SchemaError('SCHEMA_BAD_BYTES', 'the value has no schema id in front')
    const why = this.#refused.get(id) ?? 'was not asked for, as with too many others nobody knows it'
    throw new SchemaError('SCHEMA_BAD_BYTES', `schema ${id} of the value ${why}`)
  }

  /** The schema id of these bytes if it has still to be learnt, else `null`. */
  unknownId(bytes: Uint8Array): number | null {
    const id = idOf(bytes)
    return id === null || this.knows(id) ? null : id
  }

  /** Whether this id has been learnt, be it that there is no such schema. */
  knows(id: number): boolean {
    return id === this.#id || this.#others.has(id) || this.#refused.has(id)
  }

  /** `writerSchema` is `null` when there is no such schema. Never rejects: what cannot be read fails when it is decoded. */
  async learn(id: number, writerSchema: string | null): Promise<void> {
    if (writerSchema === null) return this.#refuse(id, 'is not in the registry')
    try {
      const isOwn = await sameOnTheWire(writerSchema, this.schema)
      const decode: Decode<T> = isOwn
        ? (bytes) => this.#codec.decode(bytes)
        : await decoderFrom(this.#codec, writerSchema)
      this.#others.set(id, decode)
    } catch (error) {
      this.#refuse(id, `cannot be used: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  #refuse(id: number, why: string): void {
    if (this.#refused.size >= mostRefused) this.#refused.clear()
    this.#refused.set(id, why)
  }
}

/**
 * The codec of those who have no registry: as it is, but of a value that has the id of a schema in front it says so. Only of one
 * of the present schema: what another one wrote cannot be told from any other bytes.
 */
export function unframedCodec<T>(codec: Codec<T>): Codec<T> {
  return {
    schema: codec.schema,
    encode: (value) => codec.encode(value),
    decode: (bytes) => {
      try {
        return codec.decode(bytes)
      } catch (error) {
        const id = idOf(bytes)
        if (id === null || !isOne(codec, bytes.subarray(headBytes))) throw error
        const why = `it was written with a schema registry (as schema ${id}); this process was started without --registry`
        throw new SchemaError('SCHEMA_BAD_BYTES', why)
      }
    },
  }
}

function isOne<T>(codec: Codec<T>, bytes: Uint8Array): boolean {
  try {
    codec.decode(bytes)
    return true
  } catch {
    return false
  }
}

function idOf(bytes: Uint8Array): number | null {
  const [magic, a, b, c, d] = bytes
  if (magic !== 0 || a === undefined || b === undefined || c === undefined || d === undefined) return null
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}

import { type AvroType, parseAvroSchema } from './avro-schema.ts'
import {
  alertSchema,
  allowRuleSchema,
  evidenceSchema,
  flowSchema,
  indicatorSchema,
  readAlert,
  readAllowRule,
  readEvidence,
  readFlow,
  readIndicator,
  readSuppressed,
  suppressedSchema,
  writeAlert,
  writeAllowRule,
  writeEvidence,
  writeFlow,
  writeIndicator,
  writeSuppressed,
} from './record-codecs.ts'
import type { Alert, AllowRule, Evidence, FlowRecord, Indicator, Suppressed } from './records.ts'
import { SchemaError } from './schema-error.ts'
import { skim } from './skim.ts'
import { Reader, Writer } from './wire.ts'

/**
 * A value to bytes and back. The bytes are bare Avro, without a schema id: whoever frames them (a registry's magic byte and
 * id, a header) does so in front, and hands in what is behind.
 */
export type Codec<T> = {
  /** The bytes are the caller's. Throws `SCHEMA_NOT_ENCODABLE` for a value that its type does not allow. */
  encode(value: T): Uint8Array
  /**
   * Throws `SCHEMA_BAD_BYTES` unless the bytes are exactly one value written with `schema`. Time and memory are bounded by
   * a small multiple of the bytes' length, whatever they say. The bytes may be reused afterwards.
   */
  decode(bytes: Uint8Array): T
  /** The Avro schema as one line of JSON that refers to nothing outside itself: what a schema registry is given. */
  readonly schema: string
}

const writer = new Writer()
const reader = new Reader()

/** Any kind of record; which one is told by its branch of the union. */
export const flowCodec: Codec<FlowRecord> = recordCodec(flowSchema, writeFlow, readFlow)
export const evidenceCodec: Codec<Evidence> = recordCodec(evidenceSchema, writeEvidence, readEvidence)
export const alertCodec: Codec<Alert> = recordCodec(alertSchema, writeAlert, readAlert)
export const indicatorCodec: Codec<Indicator> = recordCodec(indicatorSchema, writeIndicator, readIndicator)
export const allowRuleCodec: Codec<AllowRule> = recordCodec(allowRuleSchema, writeAllowRule, readAllowRule)
export const suppressedCodec: Codec<Suppressed> = recordCodec(
  suppressedSchema,
  writeSuppressed,
  readSuppressed,
)

/** The bytes as they are, for topics that carry what could not be decoded. */
export const bytesCodec: Codec<Uint8Array> = {
  encode: (bytes) => bytes,
  decode: (bytes) => bytes,
  schema: '"bytes"',
}

/**
 * A decoder of bytes that another version of `codec.schema` wrote: fields are matched by name, new ones take their default.
 * Far slower than `codec.decode`, whose promises it keeps; for what is left on a topic after an upgrade. Rejects with
 * `SCHEMA_BAD_SCHEMA` when the two versions do not fit.
 */
export async function decoderFrom<T>(
  codec: Codec<T>,
  writerSchema: string,
): Promise<(bytes: Uint8Array) => T> {
  const written = parseSchema(writerSchema)
  const { Type } = await avro()
  const [from, to] = [avroType(Type, writerSchema), avroType(Type, codec.schema)]
  const resolver = resolverOf(from, to)
  return (bytes) => {
    // The library trusts counts and lengths, so they are checked first.
    reader.start(bytes)
    skim(written, reader)
    reader.finish()
    let rewritten: Uint8Array
    try {
      rewritten = to.toBuffer(to.fromBuffer(Buffer.from(bytes), resolver))
    } catch (cause) {
      throw new SchemaError('SCHEMA_BAD_BYTES', 'the bytes cannot be read with the present schema', cause)
    }
    return codec.decode(rewritten)
  }
}

/**
 * Why a reader with `readerSchema` cannot read all that `writerSchema` wrote; `null` when it can. Rejects with
 * `SCHEMA_BAD_SCHEMA` when one of them is not Avro.
 */
export async function incompatibility(writerSchema: string, readerSchema: string): Promise<string | null> {
  const { Type } = await avro()
  const [from, to] = [avroType(Type, writerSchema), avroType(Type, readerSchema)]
  try {
    to.createResolver(from)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whether a reader with `readerSchema` can read all that `writerSchema` wrote. */
export async function compatible(writerSchema: string, readerSchema: string): Promise<boolean> {
  return (await incompatibility(writerSchema, readerSchema)) === null
}

/**
 * Whether two schemas give every value the same bytes, however they are spelt: registries write schemas anew, and leave out
 * names of namespaces, for instance. Rejects with `SCHEMA_BAD_SCHEMA` when one of them is not Avro.
 */
export async function sameOnTheWire(a: string, b: string): Promise<boolean> {
  if (a === b) return true
  const { Type } = await avro()
  // Parsing canonical form (Avro specification): full names, nothing that is of no account for the bytes.
  return JSON.stringify(avroType(Type, a).schema()) === JSON.stringify(avroType(Type, b).schema())
}

function recordCodec<T>(
  schema: string,
  write: (writer: Writer, value: T) => void,
  read: (reader: Reader) => T,
): Codec<T> {
  return {
    schema,
    encode(value) {
      writer.start()
      write(writer, value)
      return writer.finish()
    },
    decode(bytes) {
      reader.start(bytes)
      const value = read(reader)
      reader.finish()
      return value
    },
  }
}

/** Loaded when first needed: it takes longer to load than all the rest of this folder, and most runs never need it. */
async function avro(): Promise<typeof import('avsc')> {
  return (await import('avsc')).default
}

type Avro = typeof import('avsc')
type LibraryType = InstanceType<Avro['Type']>

function avroType(Type: Avro['Type'], schema: string): LibraryType {
  try {
    return Type.forSchema(JSON.parse(schema))
  } catch (cause) {
    throw new SchemaError('SCHEMA_BAD_SCHEMA', `not an Avro schema: ${schema.slice(0, 80)}`, cause)
  }
}

function resolverOf(from: LibraryType, to: LibraryType): ReturnType<LibraryType['createResolver']> {
  try {
    return to.createResolver(from)
  } catch (cause) {
    throw new SchemaError('SCHEMA_BAD_SCHEMA', 'the present schema cannot read what this one wrote', cause)
  }
}

function parseSchema(schema: string): AvroType {
  try {
    const json: unknown = JSON.parse(schema)
    return parseAvroSchema(json, new Map())
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause
    throw new SchemaError('SCHEMA_BAD_SCHEMA', `not an Avro schema: ${schema.slice(0, 80)}`, cause)
  }
}

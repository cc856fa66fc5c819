import { alertLine, type CanonicalAlert, parseAlertLine } from './canonical.ts'
import type { Codec } from './codec.ts'
import { SchemaError } from './schema-error.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Alerts as `alerts.jsonl` has them, one line without its break, in UTF-8: for readers without Avro. See `json/alert.schema.json`. */
export const alertJsonCodec: Codec<CanonicalAlert> = {
  encode: (alert) => encoder.encode(alertLine(alert)),
  decode(bytes) {
    let text: string
    try {
      text = decoder.decode(bytes)
    } catch (cause) {
      throw new SchemaError('SCHEMA_BAD_BYTES', 'the bytes are not UTF-8', cause)
    }
    return parseAlertLine(text)
  },
  // To Avro the text is nothing but bytes.
  schema: '"bytes"',
}

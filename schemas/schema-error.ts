export type SchemaErrorCode =
  | 'SCHEMA_BAD_BYTES'
  | 'SCHEMA_BAD_LINE'
  | 'SCHEMA_NOT_ENCODABLE'
  | 'SCHEMA_BAD_SCHEMA'

const fixes: Readonly<Record<SchemaErrorCode, string>> = {
  SCHEMA_BAD_BYTES: 'Send the bytes to the dead letters: they were damaged, or written with another schema.',
  SCHEMA_BAD_LINE: 'Compare the line with its schema in schemas/json.',
  SCHEMA_NOT_ENCODABLE: 'Mend the code that made the record: its value has no form on the wire.',
  SCHEMA_BAD_SCHEMA: 'Mend the schema: it is not Avro, or uses a form that schemas/README.md does not allow.',
}

/**
 * The one error this folder throws. `code` is for programs, `message` says what is wrong, `fix` what to do about it. It has
 * the same fields as every other error of Weir, and is made here because this folder imports nothing of Weir.
 */
export class SchemaError extends Error {
  readonly code: SchemaErrorCode
  readonly fix: string

  constructor(code: SchemaErrorCode, says: string, cause?: unknown) {
    super(says, cause === undefined ? undefined : { cause })
    this.name = 'SchemaError'
    this.code = code
    this.fix = fixes[code]
  }
}

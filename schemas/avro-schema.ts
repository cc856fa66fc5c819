import { SchemaError } from './schema-error.ts'

/** The forms of Avro that Weir's schemas are written in. Named types are shared objects, so a name is defined once. */
export type AvroType =
  | { readonly form: 'primitive'; readonly name: Primitive; readonly isTime: boolean }
  | AvroEnum
  | AvroRecord
  | { readonly form: 'array'; readonly items: AvroType }
  | { readonly form: 'map'; readonly values: AvroType }
  | { readonly form: 'union'; readonly branches: readonly AvroType[] }

export type Primitive = 'null' | 'boolean' | 'int' | 'long' | 'double' | 'string'

export type AvroEnum = {
  readonly form: 'enum'
  readonly name: string
  readonly doc: string
  readonly symbols: readonly string[]
}

export type AvroRecord = {
  readonly form: 'record'
  readonly name: string
  readonly doc: string
  /** The record kind it stands for in the flow union; `''` for every other record. */
  readonly kind: string
  readonly fields: readonly AvroField[]
}

export type AvroField = { readonly name: string; readonly doc: string; readonly type: AvroType }

/** The namespace of every named type. */
export const namespace = 'org.weir'

/**
 * Reads a schema as parsed from JSON. `named` is filled with the types defined on the way and may hold others that the
 * schema refers to. Throws `SCHEMA_BAD_SCHEMA` for anything that is not one of the forms above.
 */
export function parseAvroSchema(json: unknown, named: Map<string, AvroType>): AvroType {
  if (typeof json === 'string') return reference(json, named)
  if (Array.isArray(json)) {
    return { form: 'union', branches: json.map((branch) => parseAvroSchema(branch, named)) }
  }
  const schema = asObject(json)
  switch (schema.type) {
    case 'record':
      return define(named, parseRecord(schema, named))
    case 'enum':
      return define(named, {
        form: 'enum',
        name: text(schema.name),
        doc: text(schema.doc ?? ''),
        symbols: list(schema.symbols).map(text),
      })
    case 'array':
      return { form: 'array', items: parseAvroSchema(schema.items, named) }
    case 'map':
      return { form: 'map', values: parseAvroSchema(schema.values, named) }
    case 'long':
      return { form: 'primitive', name: 'long', isTime: schema.logicalType === 'timestamp-micros' }
    default:
      return parseAvroSchema(text(schema.type), named)
  }
}

function parseRecord(schema: Readonly<Record<string, unknown>>, named: Map<string, AvroType>): AvroRecord {
  return {
    form: 'record',
    name: text(schema.name),
    doc: text(schema.doc ?? ''),
    kind: text(schema.kind ?? ''),
    fields: list(schema.fields).map((item) => {
      const field = asObject(item)
      return {
        name: text(field.name),
        doc: text(field.doc ?? ''),
        type: parseAvroSchema(field.type, named),
      }
    }),
  }
}

function define<T extends AvroEnum | AvroRecord>(named: Map<string, AvroType>, type: T): T {
  if (named.has(type.name)) throw new SchemaError('SCHEMA_BAD_SCHEMA', `'${type.name}' is defined twice`)
  named.set(type.name, type)
  return type
}

function reference(name: string, named: ReadonlyMap<string, AvroType>): AvroType {
  if (isPrimitive(name)) return { form: 'primitive', name, isTime: false }
  const type = named.get(name.startsWith(`${namespace}.`) ? name.slice(namespace.length + 1) : name)
  if (type === undefined)
    throw new SchemaError('SCHEMA_BAD_SCHEMA', `'${name}' is not defined before its use`)
  return type
}

const primitives: ReadonlySet<string> = new Set<Primitive>([
  'null',
  'boolean',
  'int',
  'long',
  'double',
  'string',
])

function isPrimitive(name: string): name is Primitive {
  return primitives.has(name)
}

function asObject(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw notAvro(json, 'an object')
  return Object.fromEntries(Object.entries(json))
}

function list(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw notAvro(json, 'a list')
  return json
}

function text(json: unknown): string {
  if (typeof json !== 'string') throw notAvro(json, 'a text')
  return json
}

function notAvro(json: unknown, wanted: string): SchemaError {
  return new SchemaError('SCHEMA_BAD_SCHEMA', `${wanted} was wanted, and ${JSON.stringify(json)} given`)
}

import type { AvroField, AvroRecord, AvroType } from '../avro-schema.ts'
import { docComment } from './doc-comment.ts'
import { enumOf, recordOf, type SchemaFolder } from './schema-folder.ts'

/** Of the project's formatter. */
const LINE_WIDTH = 110

/** The text of `records.ts`. */
export function recordTypes(folder: SchemaFolder): string {
  const record = (name: string) => recordType(recordOf(folder, name))
  const alias = (name: string) => {
    const type = enumOf(folder, name)
    const line = `export type ${name} = ${literals(type.symbols)}`
    const list = type.symbols.map((symbol) => `\n  | '${symbol}'`).join('')
    return `${docComment(type.doc, '')}${line.length <= LINE_WIDTH ? line : `export type ${name} =${list}`}\n`
  }
  return [
    conventions,
    alias('Source'),
    record('Head'),
    ...folder.kinds.map(recordType),
    `export type FlowRecord =\n${folder.kinds.map((kind) => `  | ${kind.name}`).join('\n')}\n`,
    "export type RecordKind = FlowRecord['kind']\n",
    `${docComment("The record type of a kind: `RecordOf<'dns'>` is `Dns`.", '')}export type RecordOf<K extends RecordKind> = Extract<FlowRecord, { kind: K }>\n`,
    `export const recordKinds: readonly RecordKind[] = [\n${folder.kinds.map((kind) => `  '${kind.kind}',`).join('\n')}\n]\n`,
    alias('Level'),
    ...['Endpoint', 'TimeWindow', 'Evidence', 'Party', 'Alert'].map(record),
    alias('IndicatorKind'),
    record('Indicator'),
    ...['AllowRule', 'Suppressed'].map(record),
  ].join('\n')
}

/**
 * The name a field has in memory. A time is microseconds on the wire and milliseconds in memory, and says so in its name
 * (`ts`, `tsMs`).
 */
export function memoryName(field: AvroField): string {
  return isTime(field.type) ? `${field.name}Ms` : field.name
}

/** Whether a field holds what every kind of record begins with: nested on the wire, flat in memory. */
export function isHead(field: AvroField): boolean {
  return field.name === 'head' && field.type.form === 'record' && field.type.name === 'Head'
}

/** The type that `null` is an alternative to; `null` when the type is not of that form. */
export function nullable(type: AvroType): AvroType | null {
  if (type.form !== 'union') return null
  const [first, second] = type.branches
  const isNullFirst = first?.form === 'primitive' && first.name === 'null'
  return isNullFirst && second !== undefined && type.branches.length === 2 ? second : null
}

function isTime(type: AvroType): boolean {
  const inner = nullable(type) ?? type
  return inner.form === 'primitive' && inner.isTime
}

function recordType(record: AvroRecord): string {
  const fields = record.fields.filter((field) => !isHead(field))
  const hasHead = fields.length < record.fields.length
  const members = fields.map((field) => ({
    doc: docComment(field.doc, '  '),
    line: `readonly ${memoryName(field)}: ${typeText(field.type)}`,
  }))
  const doc = docComment(record.doc, '')
  const small = members.length < 3 && members.every((member) => member.doc === '')
  if (!hasHead && small) {
    return `${doc}export type ${record.name} = { ${members.map((member) => member.line).join('; ')} }\n`
  }
  const kind = record.kind === '' ? '' : `  readonly kind: '${record.kind}'\n`
  const body = members.map((member) => `${member.doc}  ${member.line}\n`).join('')
  return `${doc}export type ${record.name} = ${hasHead ? 'Head & ' : ''}{\n${kind}${body}}\n`
}

function typeText(type: AvroType): string {
  const inner = nullable(type)
  if (inner !== null) return `${typeText(inner)} | null`
  switch (type.form) {
    case 'primitive':
      return primitiveTexts[type.name]
    case 'enum':
      return aliased.has(type.name) ? type.name : literals(type.symbols)
    case 'record':
      return type.name
    case 'array':
      return `readonly ${typeText(type.items)}[]`
    case 'map':
      return `Readonly<Record<string, ${typeText(type.values)}>>`
    case 'union':
      return type.branches.map((branch) => typeText(branch)).join(' | ')
  }
}

/** Enums with a name of their own in memory; the others are spelt out where they are used. */
const aliased: ReadonlySet<string> = new Set(['Source', 'Level', 'IndicatorKind'])

const primitiveTexts = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  string: 'string',
} as const

function literals(symbols: readonly string[]): string {
  return symbols.map((symbol) => `'${symbol}'`).join(' | ')
}

const conventions = `/**
 * The normalised records every sensor's lines become, one type per kind. Generated from \`avro/*.avsc\`.
 *
 * Units and conventions, for every field of every kind:
 * - times are epoch milliseconds with microseconds as the fraction, always \`micros / 1000\` of a whole number of
 *   microseconds, so that the Avro form (\`timestamp-micros\`) and this one convert without loss;
 * - addresses are text in canonical form (RFC 5952 for IPv6, dotted decimal for IPv4); MACs are lower case with colons;
 * - text that the sensor left unset is \`''\`, lists are empty, numbers and booleans that it left unset are \`null\`, but
 *   byte and packet counters, which are 0;
 * - protocol and service names are lower case; \`service\` may be a comma-separated set, as Zeek writes it (\`ssl,http\`).
 */
`

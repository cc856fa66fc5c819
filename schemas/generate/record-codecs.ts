import type { AvroEnum, AvroField, AvroRecord, AvroType } from '../avro-schema.ts'
import { SchemaError } from '../schema-error.ts'
import { isHead, memoryName, nullable } from './record-types.ts'
import { recordOf, type SchemaFolder } from './schema-folder.ts'

/** Records that stand on topics of their own. */
const rootNames = ['Evidence', 'Alert', 'Indicator', 'AllowRule', 'Suppressed'] as const

/** The text of `record-codecs.ts`. */
export function recordCodecs(folder: SchemaFolder): string {
  const enums = [...folder.named.values()].filter((type) => type.form === 'enum')
  const shared = ['Endpoint', 'TimeWindow', 'Party'].map((name) => recordOf(folder, name))
  const roots = rootNames.map((name) => recordOf(folder, name))
  const records = [...folder.kinds, ...shared, ...roots]
  const typeNames = [...records.map((record) => record.name), 'FlowRecord'].sort()
  return [
    '/** Records to and from the bytes of their Avro form, field by field. Generated from `avro/*.avsc`. */',
    `import type {\n${typeNames.map((name) => `  ${name},`).join('\n')}\n} from './records.ts'`,
    "import type { Reader, Writer } from './wire.ts'\n",
    ...(['flow', ...rootNames] as const).map(
      (root) =>
        `export const ${lowerFirst(root)}Schema =\n  '${folder.schemaOf(root).replaceAll("'", "\\'")}'\n`,
    ),
    ...enums.map(enumTables),
    flowWriter(folder.kinds),
    flowReader(folder.kinds),
    ...records.flatMap((record) => [writer(record), reader(record)]),
    factWriter,
    factReader,
  ].join('\n')
}

function enumTables(type: AvroEnum): string {
  const name = type.name.slice(0, 1).toLowerCase() + type.name.slice(1)
  const symbols = type.symbols.map((symbol) => `'${symbol}'`)
  const positions = type.symbols.map((symbol, position) => `${symbol}: ${position}`)
  return (
    constant(`${name}Symbols`, `[${symbols.join(', ')}]`, `[\n${lines(symbols)}]`) +
    constant(`${name}Positions`, `{ ${positions.join(', ')} }`, `{\n${lines(positions)}}`)
  )
}

/** Of the project's formatter. */
const LINE_WIDTH = 110

function constant(name: string, short: string, long: string): string {
  const line = `const ${name} = ${short} as const`
  return `${line.length <= LINE_WIDTH ? line : `const ${name} = ${long} as const`}\n`
}

function lines(items: readonly string[]): string {
  return items.map((item) => `  ${item},\n`).join('')
}

function flowWriter(kinds: readonly AvroRecord[]): string {
  const cases = kinds.map(
    ({ kind, name }, position) =>
      `    case '${kind}':\n      writer.branch(${position})\n      write${name}(writer, record)\n      return\n`,
  )
  return `export function writeFlow(writer: Writer, record: FlowRecord): void {\n  switch (record.kind) {\n${cases.join('')}  }\n}\n`
}

function flowReader(kinds: readonly AvroRecord[]): string {
  const cases = kinds.map(({ name }, position) => `    case ${position}:\n      return read${name}(reader)\n`)
  return `export function readFlow(reader: Reader): FlowRecord {\n  switch (reader.branch(${kinds.length})) {\n${cases.join('')}    default:\n      throw reader.bad('a record of unknown kind')\n  }\n}\n`
}

function writer(record: AvroRecord): string {
  const lines = flatFields(record).map((field) => `  ${writeField(field)}\n`)
  return `${exportOf(record)}function write${record.name}(writer: Writer, record: ${record.name}): void {\n${lines.join('')}}\n`
}

function reader(record: AvroRecord): string {
  const lines: string[] = []
  const hasHead = record.fields.some(isHead)
  const kind = record.kind === '' ? '' : `    kind: '${record.kind}',\n`
  for (const field of record.fields) {
    if (isHead(field)) lines.push(...headFields(field).map(readField), kind)
    else lines.push(readField(field))
  }
  if (!hasHead) lines.unshift(kind)
  return `${exportOf(record)}function read${record.name}(reader: Reader): ${record.name} {\n  return {\n${lines.join('')}  }\n}\n`
}

function exportOf(record: AvroRecord): string {
  return rootNames.some((name) => name === record.name) ? 'export ' : ''
}

function flatFields(record: AvroRecord): readonly AvroField[] {
  return record.fields.flatMap((field) => (isHead(field) ? headFields(field) : [field]))
}

function headFields(field: AvroField): readonly AvroField[] {
  return field.type.form === 'record' ? field.type.fields : []
}

function writeField(field: AvroField): string {
  const value = `record.${memoryName(field)}`
  const inner = nullable(field.type)
  if (inner === null) return writeValue(field.type, value)
  const present = `{\n    writer.branch(1)\n    ${writeValue(inner, value)}\n  }`
  return `if (${value} === null) writer.branch(0)\n  else ${present}`
}

function readField(field: AvroField): string {
  const inner = nullable(field.type)
  const value = inner === null ? readValue(field.type) : `reader.present() ? ${readValue(inner)} : null`
  return `    ${memoryName(field)}: ${value},\n`
}

function writeValue(type: AvroType, value: string): string {
  switch (type.form) {
    case 'primitive':
      return `writer.${type.isTime ? 'time' : type.name}(${value})`
    case 'enum':
      return `writer.symbol(${lowerFirst(type.name)}Positions[${value}])`
    case 'record':
      return `write${type.name}(writer, ${value})`
    case 'array':
      return `writer.list(${value}, write${itemName(type.items)})`
    case 'map':
      return `writer.map(${value}, write${itemName(type.values)})`
    case 'union':
      throw notSupported(type)
  }
}

function readValue(type: AvroType): string {
  switch (type.form) {
    case 'primitive':
      return `reader.${type.isTime ? 'time' : type.name}()`
    case 'enum':
      return `reader.symbol(${lowerFirst(type.name)}Symbols)`
    case 'record':
      return `read${type.name}(reader)`
    case 'array':
      return `reader.list(read${itemName(type.items)})`
    case 'map':
      return `reader.map(read${itemName(type.values)})`
    case 'union':
      throw notSupported(type)
  }
}

/** `readText` and its like stand at the end of the generated file; an item that has none there fails its type check. */
function itemName(type: AvroType): string {
  if (type.form === 'record') return type.name
  if (type.form === 'primitive' && type.name === 'string') return 'Text'
  if (type.form === 'primitive' && type.name === 'double') return 'Double'
  if (type.form === 'union' && !type.branches.some((branch) => branch.form !== 'primitive')) return 'Fact'
  throw notSupported(type)
}

function notSupported(type: AvroType): SchemaError {
  return new SchemaError('SCHEMA_BAD_SCHEMA', `the generator has no form for ${JSON.stringify(type)}`)
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1)
}

const factWriter = `function writeText(writer: Writer, text: string): void {
  writer.string(text)
}

function writeDouble(writer: Writer, value: number): void {
  writer.double(value)
}

function writeFact(writer: Writer, fact: number | string | boolean): void {
  switch (typeof fact) {
    case 'number':
      writer.branch(0)
      writer.double(fact)
      return
    case 'string':
      writer.branch(1)
      writer.string(fact)
      return
    case 'boolean':
      writer.branch(2)
      writer.boolean(fact)
  }
}
`

const factReader = `function readText(reader: Reader): string {
  return reader.string()
}

function readDouble(reader: Reader): number {
  return reader.double()
}

function readFact(reader: Reader): number | string | boolean {
  switch (reader.branch(3)) {
    case 0:
      return reader.double()
    case 1:
      return reader.string()
    default:
      return reader.boolean()
  }
}
`

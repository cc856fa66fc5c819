import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AvroEnum, type AvroRecord, type AvroType, namespace, parseAvroSchema } from '../avro-schema.ts'
import { SchemaError } from '../schema-error.ts'

/** What the files of `avro/` say. */
export type SchemaFolder = {
  readonly named: ReadonlyMap<string, AvroType>
  /** The record kinds, in the order of the flow union: their position is on the wire, so new ones come last. */
  readonly kinds: readonly AvroRecord[]
  /** A schema and all it refers to as one line of JSON: names defined at first use, docs left out. */
  schemaOf(root: 'flow' | 'Evidence' | 'Alert' | 'Indicator' | 'AllowRule' | 'Suppressed'): string
}

export function readSchemaFolder(folder: string): SchemaFolder {
  const sources = new Map<string, unknown>()
  let union: readonly unknown[] = []
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.avsc')) continue
    const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    if (file === 'flow.avsc' && Array.isArray(json)) union = json
    else sources.set(checkedName(file, json), json)
  }

  const named = new Map<string, AvroType>()
  const kinds = union.map((name) => {
    const type = parseAvroSchema(selfContained(name, sources, new Set(named.keys())), named)
    if (type.form !== 'record' || type.kind === '') {
      throw new SchemaError(
        'SCHEMA_BAD_SCHEMA',
        `flow.avsc lists ${String(name)}, which names no record kind`,
      )
    }
    return type
  })
  for (const name of sources.keys()) {
    if (!named.has(name)) parseAvroSchema(selfContained(name, sources, new Set(named.keys())), named)
  }

  return {
    named,
    kinds,
    schemaOf: (root) =>
      JSON.stringify(withoutDocs(selfContained(root === 'flow' ? union : root, sources, new Set()))),
  }
}

/** The record of that name; throws when `avro/` has none. */
export function recordOf(folder: SchemaFolder, name: string): AvroRecord {
  const type = folder.named.get(name)
  if (type?.form !== 'record') throw new SchemaError('SCHEMA_BAD_SCHEMA', `avro/ has no record '${name}'`)
  return type
}

/** The enum of that name; throws when `avro/` has none. */
export function enumOf(folder: SchemaFolder, name: string): AvroEnum {
  const type = folder.named.get(name)
  if (type?.form !== 'enum') throw new SchemaError('SCHEMA_BAD_SCHEMA', `avro/ has no enum '${name}'`)
  return type
}

/** `time-window.avsc` must define `TimeWindow` in our namespace: the file of a type is then found by its name. */
function checkedName(file: string, json: unknown): string {
  const name = file
    .slice(0, -'.avsc'.length)
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
  const isOurs =
    typeof json === 'object' &&
    json !== null &&
    'name' in json &&
    json.name === name &&
    'namespace' in json &&
    json.namespace === namespace
  if (!isOurs) throw new SchemaError('SCHEMA_BAD_SCHEMA', `${file} does not define ${namespace}.${name}`)
  return name
}

/** Puts the definition of each name in the place of its first use. */
function selfContained(json: unknown, sources: ReadonlyMap<string, unknown>, defined: Set<string>): unknown {
  if (typeof json === 'string') {
    const name = json.startsWith(`${namespace}.`) ? json.slice(namespace.length + 1) : json
    const source = sources.get(name)
    if (source === undefined) return json
    if (defined.has(name)) return `${namespace}.${name}`
    defined.add(name)
    return selfContained(source, sources, defined)
  }
  if (Array.isArray(json)) return json.map((item) => selfContained(item, sources, defined))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      isReference(key) ? selfContained(value, sources, defined) : value,
    ]),
  )
}

function withoutDocs(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key, value: unknown) => (key === 'doc' ? undefined : value))
}

function isReference(key: string): boolean {
  return key === 'type' || key === 'items' || key === 'values' || key === 'fields'
}

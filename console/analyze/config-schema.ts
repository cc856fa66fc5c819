/** The JSON Schema of the settings file, made from the tables that the file is read by. */
import { detectors, evidenceTypes } from '@weir/processors'
import { enrichmentSectionSchema } from '../enrichment/enrichment-section.ts'
import { kafkaSectionSchema } from '../kafka/connection-settings.ts'
import { dataSectionSchema } from './data-files.ts'
import { domainPattern, durationPattern } from './setting-checks.ts'
import { directions, fileSettings, popularChoices } from './settings-file.ts'

type Json = Readonly<Record<string, unknown>>
type Detector = (typeof detectors)[number]
type Setting = Detector['settings'][string]

const DURATION = { type: 'string', pattern: durationPattern, examples: ['90s', '5m', '1h', '1d'] }

const kinds: Readonly<Record<Setting['kind'], Json>> = {
  count: { type: 'integer', minimum: 0 },
  ratio: { type: 'number', minimum: 0, maximum: 1 },
  number: { type: 'number', minimum: 0 },
  flag: { type: 'boolean' },
  texts: { type: 'array', items: { type: 'string', minLength: 1 } },
  steps: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1, uniqueItems: true },
}

/** What a schema can say of each setting. The reader checks more: addresses and the order of lists; and it takes more spellings of evidence types. */
const forms: Readonly<Record<keyof typeof fileSettings, Json>> = {
  site: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
  window: DURATION,
  grace: DURATION,
  homeNetworks: {
    type: 'array',
    items: { type: 'string', minLength: 1, examples: ['10.0.0.0/8', 'fd00::/8'] },
  },
  direction: { enum: directions },
  alertWeight: { type: 'number', exclusiveMinimum: 0 },
  popularSites: { enum: popularChoices },
  popularDomains: {
    type: 'array',
    items: { type: 'string', pattern: domainPattern, examples: ['example.com'] },
  },
  data: dataSectionSchema(),
  disabled: { type: 'array', items: { enum: [...evidenceTypes, ...evidenceTypes.map(asIds)] } },
  detectors: {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(detectors.map((detector) => [detector.id, ofDetector(detector)])),
  },
  enrichment: enrichmentSectionSchema(),
  kafka: kafkaSectionSchema(),
}

/** `LONG_CONNECTION` in the manner of detectors. */
function asIds(type: string): string {
  return type.toLowerCase().replaceAll('_', '-')
}

/** Indented as the project's formatter does it, with a line break at its end. */
export function configSchemaText(): string {
  return `${formatJson(configSchema(), '')}\n`
}

/** JSON Schema 2020-12. */
export function configSchema(): Json {
  const properties: Record<string, Json> = {
    $schema: { description: 'Where editors find this schema.', type: 'string' },
  }
  for (const [name, { says, default: standard }] of Object.entries(fileSettings)) {
    properties[name] = { description: says, ...formOf(name), default: standard }
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:weir:schema:config',
    title: 'Settings file',
    description: 'What --config of the weir commands reads, as YAML or JSON. Every setting may be left out.',
    type: 'object',
    additionalProperties: false,
    properties,
  }
}

function formOf(name: string): Json {
  return Object.entries(forms).find(([key]) => key === name)?.[1] ?? {}
}

function ofDetector({ claim, settings }: Detector): Json {
  const properties = Object.entries(settings).map(([name, setting]) => [name, ofSetting(setting)])
  return {
    description: claim,
    anyOf: [
      { const: false },
      { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) },
    ],
  }
}

function ofSetting({ kind, says, most, default: standard }: Setting): Json {
  return { description: says, ...(most === null ? kinds[kind] : bounded(kind, most)), default: standard }
}

function bounded(kind: Setting['kind'], most: number): Json {
  if (kind !== 'steps') return { ...kinds[kind], maximum: most }
  return { ...kinds.steps, items: { ...kinds.count, maximum: most } }
}

const LINE_WIDTH = 110

/** Lists of plain values stand on one line where they fit. */
function formatJson(value: unknown, indent: string, used = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    const isPlain = value.every((item) => typeof item !== 'object')
    if (isPlain && used + line.length < LINE_WIDTH) return line
    const items = value.map((item) => `${inner}${formatJson(item, inner, inner.length)}`)
    return `[\n${items.join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => {
    const start = `${inner}${JSON.stringify(key)}: `
    return `${start}${formatJson(item, inner, start.length)}`
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

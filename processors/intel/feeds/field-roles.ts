/** What the fields of a table or an object mean, by their names: where the value stands, and what is said of it. */
import type { IndicatorKind } from '@weir/schemas'
import { confidenceOf, expiryOf, type FeedItem, levelNamed } from './feed-row.ts'
import { kindNamed } from './kind-words.ts'

export type FieldRoles = {
  readonly values: readonly { readonly at: number; readonly kind: IndicatorKind | null }[]
  /** Fields by number, -1 for none. */
  readonly type: number
  readonly level: number
  readonly confidence: number
  /** The name of that field says so. */
  readonly isPercent: boolean
  readonly expires: number
  readonly tags: number
  readonly description: number
}

/** Columns that hold indicators of any kind. */
const anyKind = new Set(['ioc', 'ioc_value', 'indicator', 'indicator_value', 'observable', 'value'])

const valueNames: Readonly<Record<string, IndicatorKind>> = {
  ip: 'ip',
  ip_v4: 'ip',
  ipv4: 'ip',
  ip_address: 'ip',
  ipaddress: 'ip',
  dst_ip: 'ip',
  src_ip: 'ip',
  attacker_ip: 'ip',
  cidr: 'range',
  network: 'range',
  subnet: 'range',
  prefix: 'range',
  domain: 'domain',
  domainaddress: 'domain',
  hostname: 'domain',
  fqdn: 'domain',
  url: 'url',
  asn: 'asn',
  ja3: 'ja3',
  ja3_md5: 'ja3',
  ja3s: 'ja3s',
  ja3s_md5: 'ja3s',
  ja4: 'ja4',
  jarm: 'jarm',
  jarm_hash: 'jarm',
  md5: 'file_md5',
  md5_hash: 'file_md5',
  sha1: 'file_sha1',
  sha1_hash: 'file_sha1',
  sha256: 'file_sha256',
  sha256_hash: 'file_sha256',
}

const typeNames = ['ioc_type', 'indicator_type', 'type', 'kind']
const levelNames = ['level', 'threat_level', 'severity']
const percentNames = ['confidence_level', 'confidence_percent', 'confidence_percentage']
const confidenceNames = ['confidence', ...percentNames]
const expiresNames = ['valid_until', 'expires', 'expires_at', 'expiration', 'expiration_date', 'expiry']
const tagNames = ['tags', 'tag', 'tags_str']
/** Parts of names, the one looked for first in front. */
const descriptionParts = [
  'desc',
  'reason',
  'malware_printable',
  'malware',
  'signature',
  'threat',
  'comment',
  'collect',
  'source',
  'src_name',
]

/** `null` when no field is known to hold an indicator. */
export function rolesByName(names: readonly string[]): FieldRoles | null {
  const folded = names.map(fieldName)
  const generic = folded.findIndex((name) => anyKind.has(name))
  const values =
    generic >= 0
      ? [{ at: generic, kind: null }]
      : folded.flatMap((name, at) => {
          const kind = Object.hasOwn(valueNames, name) ? valueNames[name] : undefined
          return kind === undefined ? [] : [{ at, kind }]
        })
  if (values.length === 0) return null
  const confidence = firstOf(folded, confidenceNames)
  // Where a URL is listed, its host alone is not: it may be anybody's.
  const hasUrl = values.some(({ kind }) => kind === 'url')
  const isHost = (kind: IndicatorKind | null) => kind === 'ip' || kind === 'domain' || kind === 'asn'
  return {
    values: hasUrl ? values.filter(({ kind }) => !isHost(kind)) : values,
    type: generic < 0 ? -1 : firstOf(folded, typeNames),
    level: firstOf(folded, levelNames),
    confidence,
    isPercent: percentNames.includes(folded[confidence] ?? ''),
    expires: firstOf(folded, expiresNames),
    tags: firstOf(folded, tagNames),
    description: descriptionField(
      folded,
      values.map(({ at }) => at),
    ),
  }
}

/** Lower case, words joined by `_`, without quotes and comment signs. */
export function fieldName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

/** One item for each value of the row. Fields that are empty say nothing. */
export function* rowsOf(cells: readonly string[], roles: FieldRoles): Generator<FeedItem> {
  const cell = (at: number): string => (at < 0 ? '' : (cells[at] ?? '').trim())
  const level = levelNamed(cell(roles.level))
  const confidence = confidenceOf(cell(roles.confidence))
  if (confidence === 'unreadable') {
    yield { reject: 'a confidence that cannot be read' }
    return
  }
  const expiresMs = expiryOf(cell(roles.expires))
  // Taken without its end it would count for ever.
  if (expiresMs === 'unreadable') {
    yield { reject: 'an expiry that cannot be read' }
    return
  }
  const description = cell(roles.description)
  const tags = cell(roles.tags)
  const confidencePart =
    confidence === null
      ? {}
      : 'share' in confidence
        ? { confidence: confidence.share }
        : roles.isPercent
          ? { confidence: confidence.stated / 100 }
          : { statedConfidence: confidence.stated }
  let found = false
  for (const { at, kind } of roles.values) {
    const value = cell(at)
    if (value === '') continue
    found = true
    const word = cell(roles.type)
    const named = word === '' ? kind : kindNamed(word)
    if (word !== '' && named === null && !/hash/i.test(word)) {
      yield { reject: 'a type that is not looked for' }
      continue
    }
    yield {
      value,
      kind: named,
      ...(level === null ? {} : { level }),
      ...confidencePart,
      ...(expiresMs === null ? {} : { expiresMs }),
      ...(description === '' || description === 'None' ? {} : { description }),
      ...(tags === '' || tags === 'None'
        ? {}
        : { tags: tags.split(/[,;|]\s*|\s+/).filter((tag) => tag !== '') }),
    }
  }
  if (!found) yield { reject: 'no value' }
}

function firstOf(names: readonly string[], wanted: readonly string[]): number {
  for (const name of wanted) {
    const at = names.indexOf(name)
    if (at >= 0) return at
  }
  return -1
}

function descriptionField(names: readonly string[], values: readonly number[]): number {
  for (const part of descriptionParts) {
    const at = names.findIndex((name, i) => name.includes(part) && !values.includes(i))
    if (at >= 0) return at
  }
  return -1
}

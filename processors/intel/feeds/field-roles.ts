/** What the fields of a table or an object mean, by their names: where the value stands, and what is said of it. */
import type { IndicatorKind } from '@weir/schemas'
import { maskLength } from './address-span.ts'
import { confidenceOf, expiryOf, type FeedItem, isBlank, levelOf } from './feed-row.ts'
import { kindNamed } from './kind-words.ts'

type ValueField = { readonly at: number; readonly kind: IndicatorKind | null }

export type FieldRoles = {
  /** Each holds an indicator. */
  readonly values: readonly ValueField[]
  /**
   * The first of these that a row fills is what the row lists: the others say where that was seen, by whom it is let and what
   * it is called, which may be anybody's.
   */
  readonly subjects: readonly ValueField[]
  /** Fields by number, -1 for none. Where an address is the first of a range: that of the last one, or of the mask. */
  readonly end: number
  readonly mask: number
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
  start_ip: 'ip',
  ip_start: 'ip',
  ip_from: 'ip',
  first_ip: 'ip',
  start_address: 'ip',
  range_start: 'ip',
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

/** No plain `end`: that may be a time. */
const endNames = ['end_ip', 'ip_end', 'ip_to', 'last_ip', 'end_address', 'range_end']
const maskNames = ['netmask', 'mask', 'subnet_mask', 'network_mask', 'prefix_length', 'mask_length']
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

/** What a host is called by its provider, as a rule. */
const reverseName = 'hostname'
/** Of an address, who lets it: a domain beside it is theirs. */
const addressNames = ['isp', 'usage_type', 'usagetype']
/** The registry that gave out a network or a number. */
const registryName = 'rir'

/** `null` when no field is known to hold an indicator. */
export function rolesByName(names: readonly string[]): FieldRoles | null {
  const folded = names.map(fieldName)
  const generic = folded.findIndex((name) => anyKind.has(name))
  const named: readonly ValueField[] =
    generic >= 0
      ? [{ at: generic, kind: null }]
      : folded.flatMap((name, at) => {
          const kind = Object.hasOwn(valueNames, name) ? valueNames[name] : undefined
          return kind === undefined ? [] : [{ at, kind }]
        })
  if (named.length === 0) return null
  const values = named.filter(({ kind }) => !isSubject(kind))
  const subjects = subjectsOf(
    named.filter(({ kind }) => isSubject(kind)),
    folded,
  )
  const confidence = firstOf(folded, confidenceNames)
  return {
    values,
    subjects,
    end: firstOf(folded, endNames),
    mask: firstOf(folded, maskNames),
    type: generic < 0 ? -1 : firstOf(folded, typeNames),
    level: firstOf(folded, levelNames),
    confidence,
    isPercent: percentNames.includes(folded[confidence] ?? ''),
    expires: firstOf(folded, expiresNames),
    tags: firstOf(folded, tagNames),
    description: descriptionField(
      folded,
      named.map(({ at }) => at),
    ),
  }
}

/** Of hashes of files, several may be of one file; all else in a row is about one thing. */
function isSubject(kind: IndicatorKind | null): boolean {
  return kind !== null && !kind.startsWith('file_')
}

/**
 * In the order in which they are taken. A URL goes before all else; then what stands first in the row. Networks, names that providers
 * give and numbers of networks hold others as well, and are listed where nothing else is: one alone.
 */
function subjectsOf(fields: readonly ValueField[], names: readonly string[]): readonly ValueField[] {
  const ofAddress = addressNames.some((name) => names.includes(name))
  const ofNumber = names.includes(registryName)
  const rankOf = ({ at, kind }: ValueField): number => {
    if (kind === 'url') return 0
    if (kind === 'range') return WIDE
    if (kind === 'asn') return WIDE + 2
    if (kind !== 'domain') return 1
    if (ofNumber) return WIDE + 3
    return ofAddress || names[at] === reverseName ? WIDE + 1 : 1
  }
  const ordered = fields.toSorted((a, b) => rankOf(a) - rankOf(b) || a.at - b.at)
  const narrow = ordered.filter((field) => rankOf(field) < WIDE)
  return narrow.length > 0 ? narrow : ordered.slice(0, 1)
}

/** Rank from which on a field may be about many. */
const WIDE = 2

/** The fields of a row that hold indicators. */
export function valuesOf(cells: readonly string[], roles: FieldRoles): readonly ValueField[] {
  const subject = roles.subjects.find(({ at }) => !isBlank(cells[at] ?? ''))
  return subject === undefined ? roles.values : [...roles.values, subject]
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
  const level = levelOf(cell(roles.level))
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
  const levelPart =
    level === null
      ? {}
      : level === 'unreadable'
        ? { level }
        : 'level' in level
          ? { level: level.level }
          : { statedLevel: level.stated }
  let found = false
  for (const { at, kind } of valuesOf(cells, roles)) {
    const value = cell(at)
    if (isBlank(value)) continue
    found = true
    const word = cell(roles.type)
    const named = word === '' ? kind : kindNamed(word)
    if (word !== '' && named === null && !/hash/i.test(word)) {
      yield { reject: 'a type that is not looked for' }
      continue
    }
    const isRange = named === null || named === 'ip' || named === 'range'
    const ranged = isRange ? rangeOf(value, cell(roles.end), cell(roles.mask)) : value
    if (ranged === null) {
      yield { reject: 'a mask that cannot be read' }
      continue
    }
    yield {
      value: ranged,
      kind: named,
      ...levelPart,
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

/** An address with what is said of the range that it begins, if anything, in one text; `null` for a mask that is none. */
function rangeOf(value: string, end: string, mask: string): string | null {
  if (value.includes('/')) return value
  if (!isBlank(end)) return `${value}-${end}`
  if (isBlank(mask)) return value
  const length = maskLength(mask)
  return length === null ? null : `${value}/${length}`
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

import { attackVersion, techniques } from './attack.ts'
import { formatIsoTime, parseIsoTime } from './iso-time.ts'
import type { Alert, Endpoint, Evidence, Party, Suppressed, TimeWindow } from './records.ts'
import { SchemaError } from './schema-error.ts'

/** Evidence and alerts as they leave Weir: `observedMs` says how a run went, and is no part of what was found. */
export type CanonicalEvidence = Omit<Evidence, 'observedMs'>
export type CanonicalAlert = Omit<Alert, 'observedMs'>

/**
 * The canonical line of an evidence, without its line break: `json/evidence.schema.json`. Equal evidence gives equal bytes,
 * whatever the order its facts were put in. Throws `SCHEMA_NOT_ENCODABLE` for a number that JSON cannot hold.
 */
export function evidenceLine(evidence: CanonicalEvidence): string {
  return line({
    id: evidence.id,
    type: evidence.type,
    detector: evidence.detector,
    detectorVersion: evidence.detectorVersion,
    level: evidence.level,
    confidence: evidence.confidence,
    ts: formatIsoTime(evidence.tsMs),
    site: evidence.site,
    profile: evidence.profile,
    window: windowForm(evidence.window),
    attacker: partyForm(evidence.attacker),
    victim: evidence.victim === null ? null : partyForm(evidence.victim),
    src: evidence.src === null ? null : endpointForm(evidence.src),
    dst: evidence.dst === null ? null : endpointForm(evidence.dst),
    proto: evidence.proto,
    uids: evidence.uids,
    communityId: evidence.communityId,
    techniques: evidence.techniques.map(techniqueForm),
    attackVersion,
    description: evidence.description,
    facts: sortedFacts(evidence.facts),
    related: evidence.related,
  })
}

/** What was held back and by which rule, as a line without its line break: `json/suppressed.schema.json`. Throws as `evidenceLine` does. */
export function suppressedLine({
  rule,
  evidence,
}: Omit<Suppressed, 'evidence'> & { readonly evidence: CanonicalEvidence }): string {
  return `{"rule":${JSON.stringify(rule)},"evidence":${evidenceLine(evidence)}}`
}

/** The canonical line of an alert, without its line break: `json/alert.schema.json`. Throws as `evidenceLine` does. */
export function alertLine(alert: CanonicalAlert): string {
  return line({
    id: alert.id,
    revision: alert.revision,
    status: alert.status,
    ts: formatIsoTime(alert.tsMs),
    site: alert.site,
    profile: alert.profile,
    window: windowForm(alert.window),
    weight: alert.weight,
    threshold: alert.threshold,
    level: alert.level,
    confidence: alert.confidence,
    evidence: alert.evidence,
    techniques: alert.techniques.map(techniqueForm),
    attackVersion,
    description: alert.description,
  })
}

/**
 * The inverse of `evidenceLine`; of the techniques only the ids are taken, the rest is our table's. Throws
 * `SCHEMA_BAD_LINE`, naming the field, for a line that is not of its form.
 */
export function parseEvidenceLine(text: string): CanonicalEvidence {
  const { field } = fields(text)
  return {
    id: field('id', isText),
    type: field('type', isText),
    detector: field('detector', isText),
    detectorVersion: field('detectorVersion', isWhole),
    level: field('level', isLevel),
    confidence: field('confidence', isNumber),
    tsMs: time(field('ts', isText)),
    site: field('site', isText),
    profile: field('profile', isText),
    window: parseWindow(field('window', isObject)),
    attacker: parseParty(field('attacker', isObject)),
    victim: orNull(field('victim', isObjectOrNull), parseParty),
    src: orNull(field('src', isObjectOrNull), parseEndpoint),
    dst: orNull(field('dst', isObjectOrNull), parseEndpoint),
    proto: field('proto', isText),
    uids: field('uids', isTexts),
    communityId: field('communityId', isText),
    techniques: field('techniques', isTechniques).map(({ id }) => id),
    description: field('description', isText),
    facts: field('facts', isFacts),
    related: field('related', isTexts),
  }
}

/** The inverse of `alertLine`. Throws as `parseEvidenceLine` does. */
export function parseAlertLine(text: string): CanonicalAlert {
  const { field } = fields(text)
  return {
    id: field('id', isText),
    revision: field('revision', isWhole),
    status: field('status', isStatus),
    tsMs: time(field('ts', isText)),
    site: field('site', isText),
    profile: field('profile', isText),
    window: parseWindow(field('window', isObject)),
    weight: field('weight', isNumber),
    threshold: field('threshold', isNumber),
    level: field('level', isLevel),
    confidence: field('confidence', isNumber),
    evidence: field('evidence', isTexts),
    techniques: field('techniques', isTechniques).map(({ id }) => id),
    description: field('description', isText),
  }
}

function windowForm(window: TimeWindow): { start: string; end: string } {
  return { start: formatIsoTime(window.startMs), end: formatIsoTime(window.endMs) }
}

function partyForm({ direction, type, value }: Party): Party {
  return { direction, type, value }
}

function endpointForm({ ip, port, names, mac }: Endpoint): Endpoint {
  return { ip, port, names, mac }
}

/** A technique that our table does not have (a sensor's rule may name any) keeps its id and gets an empty name. */
function techniqueForm(id: string): { id: string; name: string; tactic?: string } {
  const known = techniques.get(id)
  return known === undefined ? { id, name: '' } : { id, name: known.name, tactic: known.tactic }
}

function sortedFacts(facts: Evidence['facts']): Evidence['facts'] {
  return Object.fromEntries(Object.entries(facts).sort(([a], [b]) => compareTexts(a, b)))
}

/** By code units, so that the order does not depend on a language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function line(form: object): string {
  return JSON.stringify(form, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new SchemaError('SCHEMA_NOT_ENCODABLE', `'${key}' is ${value}, which JSON cannot hold`)
    }
    return value
  })
}

type Json = Readonly<Record<string, unknown>>
type Test<T> = (value: unknown) => value is T

function fields(source: string | Json): { field<T>(name: string, test: Test<T>): T } {
  const json: unknown = typeof source === 'string' ? parseJson(source) : source
  if (!isObject(json)) throw new SchemaError('SCHEMA_BAD_LINE', 'the line is not a JSON object')
  return {
    field(name, test) {
      const value = json[name]
      if (!test(value)) throw new SchemaError('SCHEMA_BAD_LINE', `'${name}' is missing or of another type`)
      return value
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SchemaError('SCHEMA_BAD_LINE', 'the line is not JSON', cause)
  }
}

function time(text: string): number {
  const ms = parseIsoTime(text)
  if (ms === null)
    throw new SchemaError('SCHEMA_BAD_LINE', `'${text.slice(0, 40)}' is not a time in UTC with microseconds`)
  return ms
}

function parseWindow(json: Json): TimeWindow {
  const { field } = fields(json)
  return { startMs: time(field('start', isText)), endMs: time(field('end', isText)) }
}

function parseParty(json: Json): Party {
  const { field } = fields(json)
  return {
    direction: field('direction', isDirection),
    type: field('type', isPartyType),
    value: field('value', isText),
  }
}

function parseEndpoint(json: Json): Endpoint {
  const { field } = fields(json)
  return {
    ip: field('ip', isText),
    port: field('port', isWholeOrNull),
    names: field('names', isTexts),
    mac: field('mac', isText),
  }
}

function orNull<T>(json: Json | null, parse: (json: Json) => T): T | null {
  return json === null ? null : parse(json)
}

function oneOf<T extends string>(...allowed: readonly T[]): Test<T> {
  const set: ReadonlySet<unknown> = new Set(allowed)
  return (value): value is T => set.has(value)
}

const isLevel = oneOf('info', 'low', 'medium', 'high', 'critical')
const isStatus = oneOf('open', 'closed')
const isDirection = oneOf('src', 'dst')
const isPartyType = oneOf('ip', 'mac', 'domain', 'url', 'hash')

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isWholeOrNull(value: unknown): value is number | null {
  return value === null || isWhole(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isObjectOrNull(value: unknown): value is Json | null {
  return value === null || isObject(value)
}

function isTechniques(value: unknown): value is readonly { readonly id: string }[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && isText(item.id))
}

/** `__proto__` is refused: an object made from it would not have it as a key. */
function isFacts(value: unknown): value is Evidence['facts'] {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([key, fact]) => key !== '__proto__' && (isText(fact) || isNumber(fact) || typeof fact === 'boolean'),
    )
  )
}

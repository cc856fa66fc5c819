/** The `enrichment` section of the settings file: tables of addresses and devices, and how online look-ups are done once they are asked for. */
import { type Check, duration, durationPattern, isObject } from '../analyze/setting-checks.ts'
import { didYouMean } from '../nearest-name.ts'
import { isOnlineId, type OnlineId, onlineIds, onlineRows } from './online-ids.ts'

/** What may be said otherwise than `online-ids.ts` has it. */
export type OnlineSettings = {
  readonly url?: string
  readonly keyFile?: string
  readonly perMinute?: number
  readonly keepForMs?: number
  readonly timeoutMs?: number
}

export type EnrichmentSection = {
  readonly geo?: string
  readonly asn?: string
  readonly macVendors?: string
  readonly cache?: string
  readonly dnsServers?: readonly string[]
  readonly online?: Readonly<Partial<Record<OnlineId, OnlineSettings>>>
}

const sectionRows = {
  geo: 'MMDB file with countries of addresses, such as GeoLite2-Country, DB-IP Lite or IPinfo Lite; nothing is known of countries without.',
  asn: 'MMDB file with AS numbers of addresses; may be the same file.',
  macVendors:
    'Makers of network cards other than those Weir knows: the CSV of the IEEE, or lines of maker, tab, prefixes.',
  cache: 'Folder in which answers of online look-ups are kept.',
  dnsServers:
    'DNS servers, as address or address:port, for the look-ups that ask one; those of the machine when left out.',
  online: 'How online look-ups are done, by name; --enrich-online says which are.',
} as const

const onlineSettingRows = {
  url: 'Where it asks.',
  keyFile: 'File with the key the service knows us by; else WEIR_<NAME>_KEY of the environment.',
  perMinute: 'Questions a minute at most.',
  keepFor: 'How long an answer is good for, such as 12h or 7d.',
  timeout: 'How long an answer is waited for.',
} as const

type SectionName = keyof typeof sectionRows
const isSectionName = (text: string): text is SectionName => Object.hasOwn(sectionRows, text)
type OnlineSettingName = keyof typeof onlineSettingRows
const isOnlineSettingName = (text: string): text is OnlineSettingName =>
  Object.hasOwn(onlineSettingRows, text)

const MOST_PER_MINUTE = 6_000

export const enrichmentSection: Check<EnrichmentSection> = (given, name) => {
  if (!isObject(given)) return { wrong: [`${name} must map settings to values, such as geo: countries.mmdb`] }
  const problems: string[] = []
  const section: { -readonly [K in keyof EnrichmentSection]: EnrichmentSection[K] } = {}
  for (const [key, value] of Object.entries(given)) {
    const place = `${name}.${key}`
    if (!isSectionName(key)) {
      problems.push(unknown(name, key, Object.keys(sectionRows)))
    } else if (key === 'dnsServers') {
      if (isTexts(value)) section.dnsServers = value
      else problems.push(`${place} must be a list of addresses`)
    } else if (key === 'online') section.online = onlineOf(value, place, problems)
    else if (isText(value)) section[key] = value
    else problems.push(`${place} must be the path of a ${key === 'cache' ? 'folder' : 'file'}`)
  }
  return problems.length > 0 ? { wrong: problems } : { value: section }
}

function onlineOf(
  given: unknown,
  name: string,
  problems: string[],
): NonNullable<EnrichmentSection['online']> {
  const online: Partial<Record<OnlineId, OnlineSettings>> = {}
  if (!isObject(given)) {
    problems.push(`${name} must map look-ups to their settings`)
    return online
  }
  for (const [id, own] of Object.entries(given)) {
    if (!isOnlineId(id)) problems.push(unknown(name, id, onlineIds()))
    else if (!isObject(own)) problems.push(`${name}.${id} must map settings to values`)
    else online[id] = onlineSettingsOf(own, `${name}.${id}`, problems)
  }
  return online
}

function onlineSettingsOf(
  given: Readonly<Record<string, unknown>>,
  name: string,
  problems: string[],
): OnlineSettings {
  const settings: { -readonly [K in keyof OnlineSettings]: OnlineSettings[K] } = {}
  for (const [key, value] of Object.entries(given)) {
    const place = `${name}.${key}`
    if (!isOnlineSettingName(key)) problems.push(unknown(name, key, Object.keys(onlineSettingRows)))
    else if (key === 'perMinute') {
      if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST_PER_MINUTE)
        settings.perMinute = Number(value)
      else problems.push(`${place} must be a whole number from 1 to ${MOST_PER_MINUTE}`)
    } else if (key === 'keepFor' || key === 'timeout') {
      const checked = duration(value, place)
      if ('wrong' in checked) problems.push(...checked.wrong)
      else settings[`${key}Ms`] = checked.value
    } else if (isText(value)) settings[key] = value
    else problems.push(`${place} must be text`)
  }
  return settings
}

function unknown(place: string, key: string, names: readonly string[]): string {
  return `${place} has no setting '${key}'${didYouMean(key, names) || ` (it has: ${names.join(', ')})`}`
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText)
}

const TEXT = { type: 'string', minLength: 1 }
const DURATION = { type: 'string', pattern: durationPattern }

/** JSON Schema of the section. */
export function enrichmentSectionSchema(): Readonly<Record<string, unknown>> {
  const onlineForms: Readonly<Record<OnlineSettingName, object>> = {
    url: TEXT,
    keyFile: TEXT,
    perMinute: { type: 'integer', minimum: 1, maximum: MOST_PER_MINUTE },
    keepFor: DURATION,
    timeout: DURATION,
  }
  const properties = Object.entries(onlineSettingRows).map(([key, says]) => [
    key,
    { description: says, ...(isOnlineSettingName(key) ? onlineForms[key] : {}) },
  ])
  const lookUps = onlineIds().map((id) => [
    id,
    {
      description: onlineRows[id].says,
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(properties),
    },
  ])
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      geo: { description: sectionRows.geo, ...TEXT },
      asn: { description: sectionRows.asn, ...TEXT },
      macVendors: { description: sectionRows.macVendors, ...TEXT },
      cache: { description: sectionRows.cache, ...TEXT },
      dnsServers: { description: sectionRows.dnsServers, type: 'array', items: TEXT, minItems: 1 },
      online: {
        description: sectionRows.online,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(lookUps),
      },
    },
  }
}

/** What a setting may be, whether it was typed or stands in the settings file: the value, or every thing that is wrong with it. */
import {
  type ConfiguredDetector,
  configure,
  detectors,
  evidenceTypeNamed,
  evidenceTypes,
  isLevel,
  parseCidr,
} from '@weir/processors'
import type { Level } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { didYouMean } from '../nearest-name.ts'
import { printable } from '../report/printable.ts'

/** Sentences begin with the name the user knows the setting by. */
export type Checked<T> = { readonly value: T } | { readonly wrong: readonly string[] }

export type Check<T> = (given: unknown, name: string) => Checked<T>

const LONGEST_DAYS = 31
const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `30m`, `1h`, `1d`, as milliseconds. */
export const duration: Check<number> = (given, name) => {
  const [, amount = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(textOf(given)) ?? []
  const ms = Number(amount) * (isUnit(unit) ? unitsMs[unit] : 0)
  if (ms >= 1_000 && ms <= LONGEST_DAYS * unitsMs.d) return { value: ms }
  return wrong(name, given, `must be a time such as 90s, 30m, 1h or 1d, at most ${LONGEST_DAYS}d`)
}

/** The same as an expression, for those who have no code. */
export const durationPattern = `^(?=.{2,8}$)0*(?:${Object.entries(unitsMs)
  .map(([unit, ms]) => `(?:${oneUpTo(String((LONGEST_DAYS * unitsMs.d) / ms))})${unit}`)
  .join('|')})$`

/** An expression of the whole numbers from 1 to that one. */
function oneUpTo(most: string): string {
  const digits = most.length
  const shorter = digits > 1 ? [`[1-9][0-9]{0,${digits - 2}}`] : []
  const smaller = [...most].flatMap((digit, at) => {
    const least = at === 0 ? 1 : 0
    return Number(digit) > least
      ? [`${most.slice(0, at)}[${least}-${Number(digit) - 1}][0-9]{${digits - at - 1}}`]
      : []
  })
  return [...shorter, ...smaller, most].join('|')
}

const isUnit = (unit: string): unit is keyof typeof unitsMs => unit in unitsMs

/** As `duration` reads it, in the largest unit that gives a whole number. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms % unitsMs[unit] === 0) return `${ms / unitsMs[unit]}${unit}`
  }
  return `${ms / unitsMs.s}s`
}

/** Part of keys, file names and records. */
export const siteName: Check<string> = (given, name) => {
  const text = textOf(given)
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return { value: text }
  return wrong(
    name,
    given,
    'must be at most 64 letters, digits, dots, hyphens and underscores, a letter or digit first',
  )
}

/** Address ranges, sorted and each once. */
export const networks: Check<readonly string[]> = (given, name) => {
  if (!isTexts(given)) return wrong(name, given, 'must be a list of address ranges such as 10.0.0.0/8')
  const bad = given.filter((cidr) => !isRange(cidr))
  if (bad.length > 0) {
    return {
      wrong: bad.map((cidr) =>
        sentence(name, cidr, 'must be an address range such as 10.0.0.0/8 or fd00::/8'),
      ),
    }
  }
  return { value: [...new Set(given)].sort() }
}

/** In any case. */
export const domainPattern = '^(?:[A-Za-z0-9_-]+\\.)+[A-Za-z0-9-]+$'
const domainForm = new RegExp(domainPattern)

/** Names of domains in lower case, sorted and each once. */
export const domains: Check<readonly string[]> = (given, name) => {
  if (!isTexts(given)) return wrong(name, given, 'must be a list of domains such as example.com')
  const lower = given.map((text) => text.toLowerCase())
  const bad = lower.filter((text) => !domainForm.test(text))
  if (bad.length > 0) {
    return { wrong: bad.map((text) => sentence(name, text, 'must be a domain such as example.com')) }
  }
  return { value: [...new Set(lower)].sort() }
}

/** Four numbers or IPv6: the older short forms (`10.1` is 10.0.0.1) are more likely slips than meant. */
function isRange(cidr: string): boolean {
  return /^(?:\d+\.\d+\.\d+\.\d+|[^/.]*:.*)(?:\/\d+)?$/.test(cidr) && parseCidr(cidr) !== null
}

export const positive: Check<number> = (given, name) =>
  typeof given === 'number' && given > 0 && Number.isFinite(given)
    ? { value: given }
    : wrong(name, given, 'must be a number above 0')

export const level: Check<Level> = (given, name) => {
  const text = textOf(given)
  return isLevel(text)
    ? { value: text }
    : wrong(name, given, 'must be one of info, low, medium, high, critical')
}

/** Minutes east of UTC. */
export const timezone: Check<number> = (given, name) => {
  const text = textOf(given)
  if (text === 'UTC' || text === 'Z') return { value: 0 }
  const [, sign = '', hours = '', minutes = ''] = /^([+-])(\d\d):?([0-5]\d)$/.exec(text) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  if (sign === '' || total > 14 * 60) return wrong(name, given, 'must be UTC or an offset such as +02:00')
  return { value: sign === '-' && total > 0 ? -total : total }
}

export function oneOf<const T extends string>(allowed: readonly T[]): Check<T> {
  return (given, name) => {
    const found = allowed.find((item) => item === given)
    if (found !== undefined) return { value: found }
    return wrong(name, given, `must be one of ${allowed.join(', ')}${didYouMean(textOf(given), allowed)}`)
  }
}

/** Typed text that means a whole number. */
export function wholeNumber(least: number, most: number): Check<number> {
  return (given, name) => {
    const value = Number(given)
    if (/^\d{1,9}$/.test(textOf(given)) && value >= least && value <= most) return { value }
    return wrong(name, given, `must be a whole number from ${least} to ${most}`)
  }
}

export const folder: Check<string> = (given, name) =>
  typeof given === 'string' && given !== '' && !given.includes('\0')
    ? { value: given }
    : wrong(name, given, 'must name a folder')

export const filePath: Check<string> = (given, name) =>
  typeof given === 'string' && given !== '' && !given.includes('\0')
    ? { value: given }
    : wrong(name, given, 'must name a file')

/** Names with commas between them, each once. */
export function namesOf<T extends string>(
  allowed: readonly T[],
  isOne: (text: string) => text is T,
): Check<readonly T[]> {
  return (given, name) => {
    const names = [
      ...new Set(
        textOf(given)
          .split(',')
          .map((text) => text.trim()),
      ),
    ]
    const known = names.filter(isOne)
    const strange = names.filter((text) => !isOne(text))
    if (strange.length === 0) return { value: known }
    return {
      wrong: strange.map((text) =>
        sentence(name, text, `is not one of ${allowed.join(', ')}${didYouMean(text, allowed)}`),
      ),
    }
  }
}

/** Evidence types by any spelling that is understood. */
export const evidenceTypesNamed: Check<ReadonlySet<string>> = (given, name) => {
  if (!isTexts(given)) return wrong(name, given, 'must be a list of evidence types such as ARP_SCAN')
  const unknown = given.filter((text) => evidenceTypeNamed(text) === null)
  if (unknown.length > 0) {
    return {
      wrong: unknown.map((text) =>
        sentence(name, text, `is not an evidence type${didYouMean(text, evidenceTypes)}`),
      ),
    }
  }
  return { value: new Set(given.map((text) => evidenceTypeNamed(text) ?? text)) }
}

/** Every detector with its settings decided; those set to false are left out. */
export const detectorSettings: Check<readonly ConfiguredDetector[]> = (given, name) => {
  if (!isObject(given)) return wrong(name, given, 'must map detectors to their settings')
  const ids = detectors.map(({ id }) => id)
  const problems = Object.keys(given)
    .filter((id) => !ids.includes(id))
    .map((id) => sentence(name, id, `is not a detector${didYouMean(id, ids)}`))
  const chosen: ConfiguredDetector[] = []
  for (const detector of detectors) {
    const own = Object.hasOwn(given, detector.id) ? given[detector.id] : {}
    if (own === false) continue
    if (!isObject(own)) {
      problems.push(sentence(`${name}.${detector.id}`, own, 'must map settings to values, or be false'))
      continue
    }
    try {
      chosen.push(configure(detector, own))
    } catch (error) {
      if (!(error instanceof WeirError)) throw error
      problems.push(String(error.fields.wrong ?? error.message))
    }
  }
  return problems.length > 0 ? { wrong: problems } : { value: chosen }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

const textOf = (given: unknown): string => (typeof given === 'string' ? given : '')

function wrong(name: string, given: unknown, what: string): { readonly wrong: readonly string[] } {
  return { wrong: [sentence(name, given, what)] }
}

/** So much of a wrong value is shown as it takes to find it. */
const SHOWN = 60

function sentence(name: string, given: unknown, what: string): string {
  const text = printable(typeof given === 'string' ? given : (JSON.stringify(given) ?? String(given)))
  return `${name} '${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}' ${what}`
}

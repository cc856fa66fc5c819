/**
 * Rules of what is not to be looked at or not to be said (spec profiles-evidence-alerts.md section 12).
 *
 * File format: a rule a line, `type,value,direction,ignore`, and if wanted `,expires` and `,comment`. Type: ip (an address or a CIDR, of
 * either family), domain (the name and all below it, never its parents), organization, mac. Direction: src, dst, both: the side of
 * the flow the value stands on. Ignore: flows (records never reach detection), alerts (evidence is not said), both. Expires:
 * a day or a time in UTC, from which on the rule does not count; by the time of the records. The comment is the rest of the
 * line. Elsewhere blanks and case do not matter; lines that begin with `;` or `#`, the header line and blank lines are passed
 * over.
 */
import { type AllowRule, topics } from '@weir/schemas'
import ipaddr from 'ipaddr.js'
import { organisationDomains } from '../data/organisation-domains.ts'
import { processorsError } from '../errors.ts'
import { parseCidr, type Range } from './network.ts'
import { untranslated } from './translated-address.ts'

export const allowTypes = ['ip', 'domain', 'organization', 'mac'] as const
export const allowDirections = ['src', 'dst', 'both'] as const
export const allowIgnores = ['flows', 'alerts', 'both'] as const

const MAX_COMMENT = 500
/** Beyond it a time has no microseconds in a double. */
const LATEST_MS = Date.parse('2200-01-01')

/** As people write it; left out is the same as `''`. */
export type AllowText = {
  readonly type: string
  readonly value: string
  readonly direction: string
  readonly ignore: string
  readonly expires?: string
  readonly comment?: string
}

/** What a rule is counted and replaced by. */
export const allowRuleId: (rule: AllowRule) => string = topics.allowlist.keyOf

/** The rule with its value in canonical form, or why it is none. */
export function parseAllowRule(text: AllowText): { readonly rule: AllowRule } | { readonly wrong: string } {
  const bare = (given: string): string => given.replaceAll(/\s/g, '').toLowerCase()
  const type = allowTypes.find((each) => each === bare(text.type))
  if (type === undefined) return { wrong: `'${bare(text.type)}' is not ip, domain, organization or mac` }
  const direction = allowDirections.find((each) => each === bare(text.direction))
  if (direction === undefined) return { wrong: `'${bare(text.direction)}' is not src, dst or both` }
  // Names are of what a host went to; whose own name is on the list is told by its address or MAC.
  if (direction === 'src' && (type === 'domain' || type === 'organization'))
    return { wrong: 'a name only stands on the dst side' }
  const ignore = allowIgnores.find((each) => each === bare(text.ignore))
  if (ignore === undefined) return { wrong: `'${bare(text.ignore)}' is not flows, alerts or both` }
  const value = canonicalValue(type, bare(text.value))
  if ('wrong' in value) return value
  const expiresMs = expiryOf((text.expires ?? '').trim())
  if (Number.isNaN(expiresMs))
    return {
      wrong: `'${text.expires}' is no day such as 2030-12-31 and no time such as 2030-12-31T12:00:00Z`,
    }
  const comment = oneLine(text.comment ?? '')
  if (comment.length > MAX_COMMENT) return { wrong: `a comment has at most ${MAX_COMMENT} characters` }
  return { rule: { type, value: value.text, direction, ignore, expiresMs, comment } }
}

/** `null` for lines that hold no rule and are none. */
export function parseAllowLine(
  line: string,
): { readonly rule: AllowRule } | { readonly wrong: string } | null {
  const bare = line.replaceAll(/\s/g, '')
  if (
    bare === '' ||
    bare.startsWith(';') ||
    bare.startsWith('#') ||
    bare.toLowerCase().startsWith('"ioctype"')
  )
    return null
  const [type = '', value = '', direction = '', ignore = '', expires = '', ...rest] = line.split(',')
  if (ignore.trim() === '')
    return { wrong: 'a rule has four columns, and may have two more: when it expires, and a comment' }
  return parseAllowRule({ type, value, direction, ignore, expires, comment: rest.join(',') })
}

/** Throws `PROC_BAD_WHITELIST` naming every wrong line. `path` is for that message only. */
export function readAllowRules(path: string, text: string): readonly AllowRule[] {
  const rules: AllowRule[] = []
  const wrong: string[] = []
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    const parsed = parseAllowLine(line)
    if (parsed === null) continue
    if ('rule' in parsed) rules.push(parsed.rule)
    else wrong.push(`line ${number + 1}: ${parsed.wrong}`)
  }
  if (wrong.length > 0) throw processorsError.BAD_WHITELIST({ path, wrong: wrong.join('; ') })
  return rules
}

/** The line that `parseAllowLine` reads as the same rule. */
export function formatAllowRule(rule: AllowRule): string {
  const { expiresMs, comment } = rule
  const expires =
    expiresMs === null ? '' : new Date(Math.min(Math.max(expiresMs, 0), LATEST_MS)).toISOString()
  const more = comment === '' ? expires : `${expires},${oneLine(comment)}`
  return more === '' ? allowRuleId(rule) : `${allowRuleId(rule)},${more}`
}

function canonicalValue(
  type: AllowRule['type'],
  value: string,
): { readonly text: string } | { readonly wrong: string } {
  if (type === 'ip') {
    const range = parseCidr(value)
    if (range === null) return { wrong: `'${value}' is not an address or CIDR` }
    const [address, bits] = untranslatedRange(range)
    if (bits === (address.kind() === 'ipv4' ? 32 : 128)) return { text: address.toString() }
    const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
    return { text: `${family.networkAddressFromCIDR(`${address}/${bits}`)}/${bits}` }
  }
  if (type === 'domain') {
    const name = value.replace(/\.$/, '')
    return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)
      ? { text: name }
      : { wrong: `'${value}' is not a domain name` }
  }
  if (type === 'mac') {
    return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value)
      ? { text: value }
      : { wrong: `'${value}' is not a MAC address` }
  }
  return Object.hasOwn(organisationDomains, value)
    ? { text: value }
    : { wrong: `'${value}' is not one of ${Object.keys(organisationDomains).join(', ')}` }
}

/** An IPv4 host that is written as IPv6 is looked for by its IPv4 address. */
function untranslatedRange(range: Range): Range {
  const [address, bits] = range
  if (address.kind() === 'ipv4' || bits < 96) return range
  const plain = untranslated(address.toString())
  return plain.includes(':') ? range : [ipaddr.parse(plain), bits - 96]
}

/** What a stranger wrote into a comment must not become a rule when it is written out. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** `NaN` for text that is no time, `null` for none. */
function expiryOf(text: string): number | null {
  if (text === '') return null
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/i.test(text)) return Number.NaN
  const expiresMs = Date.parse(text)
  return expiresMs >= 0 && expiresMs <= LATEST_MS ? expiresMs : Number.NaN
}

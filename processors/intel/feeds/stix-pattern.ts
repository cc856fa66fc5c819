/**
 * STIX 2.1 patterns, as far as they say one thing of one value: comparisons of a known property with `=`, `IN`, `ISSUBSET`, joined by
 * `OR`. What needs two things at once (`AND`, `FOLLOWEDBY`) would be listed more widely than was meant, and is refused.
 */
import type { IndicatorKind } from '@weir/schemas'

export type PatternValue = { readonly kind: IndicatorKind; readonly value: string }

const properties: Readonly<Record<string, IndicatorKind>> = {
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
  'network-traffic:dst_ref.value': 'ip',
  'network-traffic:src_ref.value': 'ip',
  'domain-name:value': 'domain',
  'url:value': 'url',
  'autonomous-system:number': 'asn',
  'file:hashes.md5': 'file_md5',
  'file:hashes.sha-1': 'file_sha1',
  'file:hashes.sha1': 'file_sha1',
  'file:hashes.sha-256': 'file_sha256',
  'file:hashes.sha256': 'file_sha256',
  'x509-certificate:hashes.sha-1': 'certificate_sha1',
  'x509-certificate:hashes.sha1': 'certificate_sha1',
  'x509-certificate:hashes.sha-256': 'certificate_sha256',
  'x509-certificate:hashes.sha256': 'certificate_sha256',
}

const MAX_PATTERN = 65_536
/** A quoted text, brackets and commas one by one, or a word. */
const TOKEN = /'(?:[^'\\]|\\.)*'|[[\](),=]|!=|[<>]=?|[^\s'[\](),=!<>]+(?:'[^']*')?[^\s'[\](),=!<>]*/gy

export function patternValues(pattern: string): readonly PatternValue[] | { readonly reject: string } {
  if (pattern.length > MAX_PATTERN) return { reject: 'a pattern too long' }
  const tokens = tokensOf(pattern)
  if (tokens === null) return { reject: 'not a STIX pattern' }
  if (tokens.some((token) => /^(?:AND|FOLLOWEDBY|NOT|!=|WITHIN|REPEATS)$/i.test(token)))
    return { reject: 'a pattern of several things at once' }
  const values: PatternValue[] = []
  let unknown = 0
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] ?? ''
    if (/^[[\]()]$/.test(token) || token.toUpperCase() === 'OR') continue
    const kind = Object.hasOwn(properties, propertyOf(token)) ? properties[propertyOf(token)] : undefined
    const operator = (tokens[i + 1] ?? '').toUpperCase()
    const found = literalsAfter(tokens, i + 2, operator)
    if (found === null) return { reject: 'a comparison that is not looked for' }
    i = found.last
    if (kind === undefined) unknown += 1
    else for (const value of found.values) values.push({ kind, value })
  }
  return values.length > 0
    ? values
    : { reject: unknown > 0 ? 'a type that is not looked for' : 'not a STIX pattern' }
}

function tokensOf(pattern: string): readonly string[] | null {
  const tokens: string[] = []
  for (let at = 0; at < pattern.length; ) {
    if (/\s/.test(pattern[at] ?? '')) {
      at += 1
      continue
    }
    TOKEN.lastIndex = at
    const token = TOKEN.exec(pattern)?.[0]
    if (token === undefined || token === '') return null
    tokens.push(token)
    at += token.length
  }
  return tokens
}

/** `file:hashes.'SHA-256'` and `file:hashes."SHA-256"` alike. */
function propertyOf(token: string): string {
  return token.replaceAll(/['"]/g, '').toLowerCase()
}

function literalsAfter(
  tokens: readonly string[],
  at: number,
  operator: string,
): { readonly values: readonly string[]; readonly last: number } | null {
  if (operator === '=' || operator === 'ISSUBSET') return { values: [literal(tokens[at] ?? '')], last: at }
  if (operator !== 'IN' || tokens[at] !== '(') return null
  const values: string[] = []
  for (let i = at + 1; i < tokens.length; i += 1) {
    const token = tokens[i] ?? ''
    if (token === ')') return { values, last: i }
    if (token !== ',') values.push(literal(token))
  }
  return null
}

function literal(token: string): string {
  return token.startsWith("'") ? token.slice(1, -1).replaceAll(/\\(.)/g, '$1') : token
}

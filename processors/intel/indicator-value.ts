/**
 * Values of indicators from the text of a feed: what kind they are, and the form in which records have the same thing
 * (section 1.1 of the specification of threat intelligence).
 */
import type { IndicatorKind } from '@weir/schemas'
import ipaddr from 'ipaddr.js'
import { getDomain, parse } from 'tldts'
import { isPublic, isPublicRange } from '../profile/address-class.ts'
import { noJarm, serverText } from './kept-probe.ts'

export type ParsedValue =
  | { readonly kind: IndicatorKind; readonly value: string }
  | { readonly reject: string }

/** What feeds may list. */
export const feedKinds: readonly IndicatorKind[] = [
  'ip',
  'range',
  'domain',
  'url',
  'asn',
  'ja3',
  'ja3s',
  'ja4',
  'jarm',
  'certificate_sha1',
  'certificate_sha256',
  'file_md5',
  'file_sha1',
  'file_sha256',
]

/** All that may be kept: what feeds list, and servers with what a probe of ours found. */
export const indicatorKinds: readonly IndicatorKind[] = [...feedKinds, 'tls_server']

export function isIndicatorKind(text: string): text is IndicatorKind {
  return indicatorKinds.some((kind) => kind === text)
}

/** Longer ones are no address, name or URL that a record could hold. */
const MAX_LENGTH = 2_048
/** What people write behind a value; a sign without a blank before it is part of the value. */
const remark = /\s+(?:[#;]|\/\/).*$/s
/** Of an address of this kind, the length of the widest range taken: whole continents are more likely a slip of the feed than meant. */
export function leastPrefix(address: ipaddr.IPv4 | ipaddr.IPv6): number {
  return address.kind() === 'ipv4' ? 7 : 16
}

const hashForms: ReadonlyMap<IndicatorKind, RegExp> = new Map([
  ['ja3', /^[0-9a-f]{32}$/],
  ['ja3s', /^[0-9a-f]{32}$/],
  ['ja4', /^[tqd][0-9s][0-9][di]\d{2}\d{2}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/],
  ['jarm', /^[0-9a-z]{62}$/],
  ['certificate_sha1', /^[0-9a-f]{40}$/],
  ['certificate_sha256', /^[0-9a-f]{64}$/],
  ['file_md5', /^[0-9a-f]{32}$/],
  ['file_sha1', /^[0-9a-f]{40}$/],
  ['file_sha256', /^[0-9a-f]{64}$/],
])

/**
 * Whether a value that is said to be canonical already may be listed: no private address, no public suffix, no range that is none or
 * too wide. Of the other kinds anything may be, as what is not canonical matches nothing. A tenth of the cost of parsing it anew.
 */
export function isTrustworthy(kind: IndicatorKind, value: string): boolean {
  if (value === '' || value.length > MAX_LENGTH) return false
  switch (kind) {
    case 'ip':
      return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(value)
        ? !specialOctets.has(Number.parseInt(value, 10)) || isPublic(value)
        : isUnchanged(kind, value)
    case 'range':
    case 'tls_server':
      return isUnchanged(kind, value)
    case 'domain':
      return (
        /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(value) &&
        getDomain(value, domainOptions) !== null &&
        !/\.\d+$/.test(value)
      )
    default:
      return !hashesOfNothing.has(value) && value !== noJarm
  }
}

/** MD5, SHA1 and SHA256 of no bytes at all, which the hash of every empty or unreadable file is. */
const hashesOfNothing: ReadonlySet<string> = new Set([
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
])

/** First octets of blocks that are not, or not as a whole, public (IANA's registry of special-purpose addresses). */
const specialOctets: ReadonlySet<number> = new Set([
  0,
  10,
  100,
  127,
  169,
  172,
  192,
  198,
  203,
  ...Array.from({ length: 32 }, (_, at) => 224 + at),
])

const domainOptions = {
  validateHostname: false,
  extractHostname: false,
  detectIp: false,
  allowPrivateDomains: true,
} as const

function isUnchanged(kind: IndicatorKind, value: string): boolean {
  const parsed = parseIndicatorValue(value, kind)
  return !('reject' in parsed) && parsed.kind === kind && parsed.value === value
}

/**
 * The value and its kind; with `kind`, as that kind and no other. Defanged forms (`hxxp://`, `[.]`) are understood. An address, a
 * range of one address and an address with a port are all `ip`. What stands behind a blank and `#`, `;` or `//` is left out. Never of the private, link-local or multicast kind.
 */
export function parseIndicatorValue(text: string, kind: IndicatorKind | null = null): ParsedValue {
  const parsed = parsedAs(text, kind)
  return 'value' in parsed && hashesOfNothing.has(parsed.value) ? { reject: hashOfNothing } : parsed
}

/** Whether a hash, in lower case, is that of every empty file. */
export function isHashOfNothing(hash: string): boolean {
  return hashesOfNothing.has(hash)
}

/** Why a value is refused that would otherwise be one. */
export const hashOfNothing = 'the hash of an empty file'
const jarmOfNothing = 'the JARM of a server that answers nothing'

function parsedAs(text: string, kind: IndicatorKind | null): ParsedValue {
  const given = refanged(text.trim().replace(remark, ''))
  if (given === '') return { reject: 'empty' }
  if (given.length > MAX_LENGTH) return { reject: 'too long' }
  switch (kind) {
    case null:
      return detected(given)
    case 'ip':
    case 'range':
      return addressValue(given) ?? { reject: 'not an address' }
    case 'domain':
      return domainValue(given)
    case 'url':
      return urlValue(given)
    case 'asn':
      return asnValue(given) ?? { reject: 'not an AS number' }
    case 'tls_server':
      return serverValue(given)
    default: {
      const value = given.toLowerCase().replaceAll(':', '')
      if (value === noJarm) return { reject: jarmOfNothing }
      return hashForms.get(kind)?.test(value) === true ? { kind, value } : { reject: `not a ${kind} hash` }
    }
  }
}

function detected(given: string): ParsedValue {
  const address = addressValue(given)
  if (address !== null) return address
  if (given.includes('://')) return urlValue(given)
  const lower = given.toLowerCase()
  if (/^[0-9a-f]+$/.test(lower)) {
    if (lower.length === 32) return { kind: 'file_md5', value: lower }
    if (lower.length === 40) return { kind: 'file_sha1', value: lower }
    if (lower.length === 64) return { kind: 'file_sha256', value: lower }
  }
  if (hashForms.get('ja4')?.test(lower) === true) return { kind: 'ja4', value: lower }
  if (lower === noJarm) return { reject: jarmOfNothing }
  if (hashForms.get('jarm')?.test(lower) === true) return { kind: 'jarm', value: lower }
  if (/^as\d/i.test(given)) {
    const asn = asnValue(given)
    if (asn !== null) return asn
  }
  // A path behind a name, as lists of URLs without scheme have it.
  if (/^[^/\s]+\.[^/\s]+\/./.test(given)) return urlValue(`http://${given}`)
  return domainValue(given)
}

/** Names with brackets around dots, and the scheme that mail programs do not make a link of. */
function refanged(text: string): string {
  if (!/[[({]|hxxp/i.test(text)) return text
  return text
    .replace(/^hxxp/i, 'http')
    .replaceAll(/[[({](?:\.|dot)[\])}]/gi, '.')
    .replaceAll('[:]', ':')
    .replaceAll('[://]', '://')
}

function addressValue(given: string): ParsedValue | null {
  const slash = given.indexOf('/')
  const head = slash < 0 ? given : given.slice(0, slash)
  const bare = withoutPort(head)
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(bare)
  if (!isFour && !(bare.includes(':') && ipaddr.IPv6.isValid(bare))) return null
  const address = ipaddr.process(bare)
  const bits = address.kind() === 'ipv4' ? 32 : 128
  const value = address.toString()
  if (slash < 0) return isPublic(value) ? { kind: 'ip', value } : { reject: 'not a public address' }
  const width = given.slice(slash + 1)
  if (!/^\d{1,3}$/.test(width) || bare !== head) return null
  const length = Number(width)
  if (length > bits) return { reject: 'a range longer than an address' }
  if (!isPublic(value)) return { reject: 'not a public range' }
  if (length === bits) return { kind: 'ip', value }
  if (length < leastPrefix(address)) return { reject: 'too wide a range' }
  const network = (bits === 32 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(`${value}/${length}`)
  if (network.toString() !== value) return { reject: 'host bits set in a range' }
  if (!isPublicRange(value, length)) return { reject: 'not a public range' }
  return { kind: 'range', value: `${value}/${length}` }
}

/** An address with its port, as `serverText` writes it. */
function serverValue(given: string): ParsedValue {
  const [, bracketed, plain = '', digits = ''] =
    /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(given) ?? []
  const port = Number(digits)
  const isOne = port >= 1 && port <= 65_535 && (bracketed === undefined || ipaddr.IPv6.isValid(bracketed))
  const address = isOne ? addressValue(bracketed ?? plain) : null
  if (address === null) return { reject: 'not an address with a port' }
  if ('reject' in address || address.kind !== 'ip') return address
  return { kind: 'tls_server', value: serverText(address.value, port) }
}

/** `1.2.3.4:443` and `[2001:db8::1]:443` without their port. */
function withoutPort(text: string): string {
  if (text.startsWith('[')) {
    const close = text.indexOf(']')
    return close > 0 && /^(?::\d{1,5})?$/.test(text.slice(close + 1)) ? text.slice(1, close) : text
  }
  const colon = text.indexOf(':')
  if (colon < 0 || !text.includes('.') || !/^\d{1,5}$/.test(text.slice(colon + 1))) return text
  return text.slice(0, colon)
}

/** A name below a public suffix, in lower case and punycode; a leading `*.`, `.` or `||` and a closing dot are left out. */
function domainValue(given: string): ParsedValue {
  const name = asciiName(given.replace(/^(?:\*\.|\.|\|\|)/, '').replace(/[.^]$/, ''))
  if (name === null) return { reject: 'of no known kind' }
  if (name.endsWith('.arpa') || name.endsWith('.local')) return { reject: 'a local name' }
  const { domain, isIp, isIcann, isPrivate, publicSuffix } = parse(name, { allowPrivateDomains: true })
  if (isIp === true) return { reject: 'not a domain' }
  if (isIcann !== true && isPrivate !== true) return { reject: 'no public suffix' }
  if (domain === null || publicSuffix === name) return { reject: 'a public suffix' }
  return { kind: 'domain', value: name }
}

function asciiName(text: string): string | null {
  if (text.length > 253 || !text.includes('.') || /[\s/@:%?#\\"'<>]/.test(text)) return null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is not ASCII goes through the URL parser.
  const ascii = /^[\x00-\x7f]*$/.test(text) ? text : (URL.parse(`http://${text}`)?.hostname ?? '')
  const lower = ascii.toLowerCase()
  return /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/.test(lower)
    ? lower
    : null
}

/** Host in lower case, port where it is not the scheme's own, path and query as they are: `host:8080/path?query`. */
function urlValue(given: string): ParsedValue {
  // The parser of URLs would take blanks for parts of a path.
  const url = /\s/.test(given) ? null : URL.parse(given)
  if (url === null || !['http:', 'https:', 'ftp:'].includes(url.protocol) || url.hostname === '')
    return { reject: 'not a URL' }
  const { hostname, pathname, search } = url
  // The parser of URLs lets a comma be part of a host.
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(hostname)) return { reject: 'not a URL' }
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  if ((ipaddr.IPv4.isValidFourPartDecimal(bare) || bare.includes(':')) && !isPublic(bare))
    return { reject: 'not a public address' }
  return { kind: 'url', value: `${url.host}${pathname}${search}` }
}

/** The same form from what an HTTP record holds; `''` when it names no host. `host` may carry a port, `uri` may be absolute. */
export function urlOfRequest(host: string, uri: string, dstIp: string, dstPort: number | null): string {
  if (uri.startsWith('http://') || uri.startsWith('https://')) {
    const parsed = urlValue(uri)
    return 'value' in parsed ? parsed.value : ''
  }
  const named = host === '' ? (dstIp.includes(':') ? `[${dstIp}]` : dstIp) : host.toLowerCase()
  if (named === '' || !uri.startsWith('/')) return ''
  const hasPort = /:\d+$/.test(named) && !/^[^[].*:.*:/.test(named)
  const port = hasPort || dstPort === null || dstPort === 80 ? '' : `:${dstPort}`
  const hash = uri.indexOf('#')
  const path = hash < 0 ? uri : uri.slice(0, hash)
  return `${hasPort ? named.replace(/:80$/, '') : named}${port}${path}`
}

/** The public address that an HTTP request is for; `''` when it is for a name. `host` may carry a port, `uri` may be absolute or be of CONNECT. */
export function addressAsked(host: string, uri: string): string {
  const named = host !== '' ? host : /^(?:https?:\/\/)?([^/?#@]+)/.exec(uri)?.[1]
  if (named === undefined) return ''
  // Most begin like a name, which costs one look.
  const first = named.charCodeAt(0)
  if ((first < 48 || first > 57) && first !== OPENING) return ''
  const bare = withoutPort(named)
  return isPublic(bare) ? bare : ''
}

const OPENING = '['.charCodeAt(0)

/** The name a request is for, without its port. */
export function hostWithoutPort(host: string): string {
  if (host.startsWith('[')) return withoutPort(host)
  const colon = host.indexOf(':')
  return colon < 0 || colon !== host.lastIndexOf(':') ? host : host.slice(0, colon)
}

function asnValue(given: string): ParsedValue | null {
  const number = /^(?:as[n ]?)?\s*(\d{1,10})$/i.exec(given)?.[1]
  if (number === undefined || Number(number) === 0 || Number(number) > 0xffffffff) return null
  return { kind: 'asn', value: `AS${Number(number)}` }
}

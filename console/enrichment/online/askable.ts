/** What may be asked about, in the form in which it is: nothing of the house ever is. `null` for what is not to be told to anybody. */
import {
  type Indicators,
  isHashOfNothing,
  isPublic,
  type Network,
  registeredDomainOf,
} from '@weir/processors'
import type { Subject } from './look-up.ts'

/** By the length of a hash. */
export const hashKinds: Readonly<Record<number, 'file_md5' | 'file_sha1' | 'file_sha256'>> = {
  32: 'file_md5',
  40: 'file_sha1',
  64: 'file_sha256',
}

export function askableAddress(ip: string, network: Network): Subject | null {
  return isPublic(ip) && !network.isHome(ip) ? { kind: 'ip', value: ip } : null
}

export function askableName(name: string): Subject | null {
  const lower = name.toLowerCase().replace(/\.$/, '')
  return registeredDomainOf(lower) === '' ? null : { kind: 'domain', value: lower }
}

/** Without what a user typed or a program knows: queries and passwords stay in the house. */
export function askableUrl(text: string, network: Network): Subject | null {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  const isOurs = isPublic(url.hostname)
    ? network.isHome(url.hostname)
    : registeredDomainOf(url.hostname) === ''
  return isOurs ? null : { kind: 'url', value: `${url.protocol}//${url.host}${url.pathname}` }
}

/** What is known to be good is nothing to ask about. */
export function askableHash(text: string, intel: Pick<Indicators, 'isKnownGood'>): Subject | null {
  const lower = text.toLowerCase()
  const kind = hashKinds[lower.length]
  if (kind === undefined || !/^[0-9a-f]+$/.test(lower)) return null
  return intel.isKnownGood(kind, lower) || isHashOfNothing(lower) ? null : { kind: 'hash', value: lower }
}

import { parse } from 'tldts'

/**
 * What somebody registered of a name: `example.co.uk` of `a.b.example.co.uk`. `''` where nobody did: addresses and their reverse names, names of a
 * house, names under no public suffix.
 */
export function registeredDomainOf(name: string): string {
  const { domain, isIcann, isIp, publicSuffix } = parse(name)
  if (isIp === true || domain === null || isIcann !== true) return ''
  return publicSuffix?.endsWith('arpa') === true ? '' : domain
}

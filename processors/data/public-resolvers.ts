import { untranslated } from '../profile/translated-address.ts'

/**
 * Addresses of public DNS resolvers that also answer over HTTPS or TLS: clients have them built in and ask no one for them. Source:
 * the operators' own documentation (Cloudflare, Google, Quad9, AdGuard, OpenDNS), as in spec detections.md section A.7.
 */
export const publicResolverLines: readonly string[] = [
  '1.1.1.1',
  '1.0.0.1',
  '8.8.8.8',
  '8.8.4.4',
  '9.9.9.9',
  '149.112.112.112',
  '94.140.14.14',
  '94.140.15.15',
  '208.67.222.222',
  '208.67.220.220',
  '2606:4700:4700::1111',
  '2606:4700:4700::1001',
  '2001:4860:4860::8888',
  '2001:4860:4860::8844',
  '2620:fe::fe',
  '2620:fe::9',
  '2a10:50c0::ad1:ff',
  '2a10:50c0::ad2:ff',
  '2620:119:35::35',
  '2620:119:53::53',
]

const addresses = new Set(publicResolverLines)

/** Takes the place of the addresses known so far. Trusts its lines. */
export function usePublicResolvers(lines: readonly string[]): void {
  addresses.clear()
  for (const line of lines) addresses.add(line)
}

export const isPublicResolver = (ip: string): boolean => addresses.has(untranslated(ip))

import type { OnlineId } from '../online-ids.ts'
import { domainAge } from './domain-age.ts'
import { hashlookup } from './hashlookup.ts'
import type { LookUp } from './look-up.ts'
import { passiveDns } from './passive-dns.ts'
import { reverseDns } from './reverse-dns.ts'
import { spamhaus } from './spamhaus.ts'
import { urlhaus } from './urlhaus.ts'
import { virustotal } from './virustotal.ts'

/** Every online look-up by its name. */
export const lookUps: Readonly<Record<OnlineId, LookUp>> = {
  'reverse-dns': reverseDns,
  'domain-age': domainAge,
  virustotal,
  'passive-dns': passiveDns,
  urlhaus,
  hashlookup,
  spamhaus,
}

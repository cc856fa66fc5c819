/** The look-ups that go to somebody else's server, and what each needs by default. None is done unless it is asked for by name. */

export type OnlineRow = {
  readonly says: string
  /** Where it asks, unless told otherwise; `''`: the resolver of the machine. */
  readonly url: string
  /** Whether it refuses to answer those it does not know. */
  readonly needsKey: boolean
  /** Questions a minute: what the service allows to everybody, or where it says nothing, our judgement. */
  readonly perMinute: number
  /** How long an answer is good for. */
  readonly keepForMs: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const onlineRows = {
  'reverse-dns': {
    says: 'Names of addresses by reverse DNS.',
    url: '',
    needsKey: false,
    perMinute: 600,
    keepForMs: DAY_MS,
  },
  'domain-age': {
    says: 'When a domain was registered and by whom, by RDAP.',
    url: 'https://rdap.org',
    needsKey: false,
    perMinute: 60,
    keepForMs: 7 * DAY_MS,
  },
  virustotal: {
    says: 'How many scanners of VirusTotal think an address, domain, URL or file malicious (API v3).',
    url: 'https://www.virustotal.com',
    needsKey: true,
    perMinute: 4,
    keepForMs: 3 * DAY_MS,
  },
  'passive-dns': {
    says: 'Names seen at an address and addresses of a domain, in the common output format of passive DNS; the key is user:password.',
    url: 'https://www.circl.lu/pdns/query',
    needsKey: true,
    perMinute: 60,
    keepForMs: DAY_MS,
  },
  urlhaus: {
    says: 'What URLhaus of abuse.ch knows of a URL, host or file.',
    url: 'https://urlhaus-api.abuse.ch/v1',
    needsKey: true,
    perMinute: 60,
    keepForMs: DAY_MS,
  },
  hashlookup: {
    says: 'What hashlookup of CIRCL knows of a file.',
    url: 'https://hashlookup.circl.lu',
    needsKey: false,
    perMinute: 60,
    keepForMs: 7 * DAY_MS,
  },
  spamhaus: {
    says: 'Lists of Spamhaus an IPv4 address is on, by DNS. They refuse to answer public resolvers; ranges of home users do not count.',
    url: 'zen.spamhaus.org',
    needsKey: false,
    perMinute: 300,
    keepForMs: DAY_MS,
  },
} as const satisfies Readonly<Record<string, OnlineRow>>

export type OnlineId = keyof typeof onlineRows

export function isOnlineId(text: string): text is OnlineId {
  return Object.hasOwn(onlineRows, text)
}

export function onlineIds(): readonly OnlineId[] {
  return Object.keys(onlineRows).filter(isOnlineId)
}

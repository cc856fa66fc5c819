/** A place on the web: what it is called, where it is, and how it is served. */
export type Site = {
  readonly domain: string
  readonly addresses: readonly string[]
  /** Names that a page of this site also loads from. */
  readonly companions: readonly string[]
  readonly plainHttp: boolean
  readonly quic: boolean
  readonly tls13: boolean
}

const firstWords = ['blue', 'north', 'open', 'daily', 'green', 'metro', 'prime', 'stone', 'clear', 'river']
const lastWords = [
  'herald',
  'market',
  'forum',
  'weather',
  'travel',
  'books',
  'bank',
  'maps',
  'music',
  'recipes',
]
const services: readonly string[] = [
  'static.fastcache.example',
  'img.fastcache.example',
  'fonts.typehouse.example',
  'ads.adhub.example',
  'metrics.countly-web.example',
  'api.login-once.example',
  'update.desk-os.example',
  'download.desk-os.example',
  'push.desk-os.example',
  'ocsp.trust-root.example',
  'time.ntp-pool.example',
  'turn-1.meetroom.example',
  'turn-2.meetroom.example',
  'turn-3.meetroom.example',
  'app.meetroom.example',
  'imap.postbox.example',
]

/** Ranges of real content networks, so that they are public; third octets stay below 100 and leave room for other names. */
const prefixes = ['93.184', '151.101', '185.60']

const table = new Map<string, Site>()
for (let index = 0; index < firstWords.length * lastWords.length; index++) {
  const first = firstWords[index % firstWords.length] ?? ''
  const last = lastWords[Math.floor(index / firstWords.length)] ?? ''
  add(`www.${first}${last}.example`, index, 1 + (index % 3), {
    companions: services.slice(index % 4, (index % 4) + 1 + (index % 3)),
    plainHttp: index % 17 === 16,
    quic: index % 5 === 2,
    tls13: index % 4 !== 3,
  })
}
for (const [index, domain] of services.entries()) {
  add(domain, 120 + index, 1 + (index % 2), {
    companions: [],
    plainHttp: domain.startsWith('ocsp.') || domain.startsWith('download.'),
    quic: index < 2,
    tls13: true,
  })
}

/** Web sites, most visited first; the order and the addresses never change with the seed. */
export const webSites: readonly Site[] = [...table.values()].filter((site) => site.domain.startsWith('www.'))

export function siteOf(domain: string): Site | undefined {
  return table.get(domain)
}

function add(
  domain: string,
  index: number,
  addressCount: number,
  how: Pick<Site, 'companions' | 'plainHttp' | 'quic' | 'tls13'>,
): void {
  const addresses: string[] = []
  for (let i = 0; i < addressCount; i++) {
    addresses.push(
      `${prefixes[(index + i) % prefixes.length]}.${1 + (index % 90)}.${10 + i * 80 + Math.floor(index / 3)}`,
    )
  }
  table.set(domain, { domain, addresses, ...how })
}

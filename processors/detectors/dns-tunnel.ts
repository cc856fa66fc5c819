import type { Dns, Level } from '@weir/schemas'
import { getDomain } from 'tldts'
import { canonicalName, internalZones, isWithinZone, reputationZones } from '../data/dns-zones.ts'
import { txtLookupZones } from '../data/txt-shapes.ts'
import { bySource } from '../keys.ts'
import { isAskedNearby } from '../profile/asked-nearby.ts'
import { bitsPerCharacter } from '../stats/entropy.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { looksPronounceable } from '../stats/pronounceable.ts'
import { sampleUid, uidsOf } from '../stats/sample-uids.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector, type Tools } from './detector.ts'
import { number, ratio, steps, texts } from './settings.ts'

/** What was asked below one registered domain. */
type Domain = {
  queries: number
  /** Hashes of the different names. */
  readonly hashes: Set<number>
  /** Different names, and the sums over them of the characters before the domain and of their entropy. */
  names: number
  characters: number
  bits: number
  /** What the names may have carried in all: what a domain is worth keeping by. */
  carriedBits: number
  /** Questions for types that carry data: TXT, NULL, CNAME, MX, SRV, KEY and private ones. */
  carriers: number
  said: number
  /** Different names of which the longest label is no word, and at how many steps those have been said. */
  random: number
  saidRandom: number
  /** At how many steps the number alone has been said. */
  saidMany: number
  /** Different names that are long, random to look at and no words. */
  carrying: number
  uids: readonly string[]
}

type State = {
  readonly domains: Map<string, Domain>
  hashesHeld: number
  /** At how many steps the sum over domains has been said. */
  saidSpread: number
}

const MAX_DOMAINS = 300
const MAX_HASHES = 10_000
const MAX_HASHES_HELD = 20_000
const MAX_UIDS = 20
const addressTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'HTTPS', 'SVCB', 'PTR', 'NS', 'SOA', ''])

const weights: readonly { readonly level: Level; readonly confidence: number }[] = [
  { level: 'medium', confidence: 0.6 },
  { level: 'high', confidence: 0.7 },
  { level: 'high', confidence: 0.9 },
]
const strongest = { level: 'high', confidence: 0.9 } as const

/** Short names may be those of many machines as well. */
const shortWeights: readonly { readonly level: Level; readonly confidence: number }[] = [
  { level: 'medium', confidence: 0.5 },
  { level: 'high', confidence: 0.6 },
]
/** Their number alone may be that of a large house, and is never an alert by itself. */
const manyWeights: readonly { readonly level: Level; readonly confidence: number }[] = [
  { level: 'medium', confidence: 0.4 },
  { level: 'medium', confidence: 0.6 },
]
const strongestOfMany = { level: 'medium', confidence: 0.6 } as const
/** Sites have a few such names each; so many below one domain count in the sum over domains. */
const SPREAD_NAMES = 10

const settings = {
  names: steps(
    [50, 200, 1_000],
    'Different names below one registered domain in one window at which it is said.',
    MAX_HASHES,
  ),
  charactersPerName: number(24, 'Mean characters before the domain from which the names carry something.'),
  bitsPerCharacter: number(3.2, 'Mean entropy of a name from which it looks random, in bits per character.'),
  shortNames: steps(
    [500, 1_500],
    'Different names below one registered domain in one window at which they are said although they are short, if they are random to look at.',
    MAX_HASHES,
  ),
  shortCharacters: number(
    10,
    'Mean characters before the domain below which even random short names only count by `manyNames`.',
  ),
  shortBitsPerCharacter: number(
    3,
    'Mean entropy of a short name from which it looks random, in bits per character.',
  ),
  randomShare: ratio(
    0.75,
    'Share of the names that are no words from which short ones were made by a program.',
  ),
  manyNames: steps(
    [3_000, 10_000],
    'Different names below one registered domain in one window at which they are said however short and ordinary they are.',
    MAX_HASHES,
  ),
  spreadNames: steps(
    [1_000, 5_000],
    'Different names in one window, long and random to look at, at which they are said although they are spread over domains; of each domain that has at least 10 and is not told of by itself.',
    MAX_HASHES,
  ),
  exempt: texts(
    [...internalZones, ...reputationZones, ...txtLookupZones],
    'Zones in which long and ever new names are ordinary.',
  ),
}

export const dnsTunnel = defineDetector({
  id: 'dns-tunnel',
  version: 4,
  claim:
    'A host carries data out in the names it asks for: many different random-looking ones below one registered domain or spread over several, or thousands of any kind below one.',
  spec: 'TUNNEL-01',
  types: ['DNS_TUNNEL'],
  level: 'high',
  techniques: ['T1071.004', 'T1048.003'],
  misfires:
    'Products that ask for reputation in DNS, tracking and measuring that make a new name for each visit, resolvers that ask for many hosts, hosts by the hundred that are named by chance.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 4,
    maxBytes: 700_000,
    empty: (): State => ({ domains: new Map(), hashesHeld: 0, saidSpread: 0 }),
  },
  on: {
    dns(record, tools) {
      const name = canonicalName(record.query)
      if (name.length > 255) return
      if (isAskedNearby(record, tools.network)) return
      if (isWithinZone(name, tools.config.exempt)) return
      const domainName = getDomain(name, suffixes)
      if (domainName === null || domainName.length >= name.length) return
      const state = tools.state()
      const domain = domainOf(state, domainName)
      domain.queries += 1
      if (!addressTypes.has(record.qtype)) domain.carriers += 1
      if (!isNew(state, domain, name)) return
      const carried = name.slice(0, name.length - domainName.length - 1)
      domain.names += 1
      domain.characters += carried.length
      const carriedPerCharacter = bitsPerCharacter(carried)
      domain.bits += carriedPerCharacter
      domain.carriedBits += carriedPerCharacter * carried.length
      domain.uids = sampleUid(domain.uids, record.uid, MAX_UIDS)
      if (!looksPronounceable(longestLabel(carried))) {
        domain.random += 1
        const { charactersPerName, bitsPerCharacter: leastBits } = tools.config
        if (carried.length >= charactersPerName && carriedPerCharacter >= leastBits) domain.carrying += 1
      }
      if (!judge(record, domainName, domain, name, tools))
        judgeSpread(record, domainName, domain, name, tools)
    },
  },
})

type TunnelTools = Tools<State, typeof settings>

/** Long names say what they carry; of short ones many more must be random to look at, and more yet of any. Whether something was said. */
function judge(record: Dns, domainName: string, domain: Domain, name: string, tools: TunnelTools): boolean {
  const { config } = tools
  const characters = domain.characters / domain.names
  const bits = domain.bits / domain.names
  const step = config.names[domain.said]
  if (step !== undefined && domain.names >= step) {
    if (characters >= config.charactersPerName && bits >= config.bitsPerCharacter) {
      const weight = weights[domain.said] ?? strongest
      domain.said += 1
      say(record, domainName, domain, name, `${domainName}|${step}`, weight, tools)
      return true
    }
  }
  if (domain.said > 0) return false
  const shortStep = config.shortNames[domain.saidRandom]
  if (
    shortStep !== undefined &&
    domain.names >= shortStep &&
    characters >= config.shortCharacters &&
    bits >= config.shortBitsPerCharacter &&
    domain.random >= config.randomShare * domain.names
  ) {
    const weight = shortWeights[domain.saidRandom] ?? strongest
    domain.saidRandom += 1
    say(record, domainName, domain, name, `${domainName}|short|${shortStep}`, weight, tools)
    return true
  }
  const manyStep = config.manyNames[domain.saidMany]
  if (domain.saidRandom > 0 || manyStep === undefined || domain.names < manyStep) return false
  const weight = manyWeights[domain.saidMany] ?? strongestOfMany
  domain.saidMany += 1
  say(record, domainName, domain, name, `${domainName}|many|${manyStep}`, weight, tools)
  return true
}

/** Names that would be a tunnel below one domain are one below many: the sum of what no domain has enough of by itself. */
function judgeSpread(
  record: Dns,
  domainName: string,
  domain: Domain,
  name: string,
  tools: TunnelTools,
): void {
  if (!isSpread(domain)) return
  const state = tools.state()
  const step = tools.config.spreadNames[state.saidSpread]
  if (step === undefined || state.hashesHeld < step) return
  let names = 0
  let domains = 0
  for (const other of state.domains.values()) {
    if (!isSpread(other)) continue
    names += other.carrying
    domains += 1
  }
  if (names < step || domains < 2) return
  const { level, confidence } = weights[state.saidSpread] ?? strongest
  state.saidSpread += 1
  tools.report({
    key: `spread|${step}`,
    level,
    confidence,
    record,
    uids: uidsOf(domain.uids, record.uid),
    victim: null,
    description: `${record.srcIp} asked for ${names} different names below ${domains} domains, long and random to look at, the last of them below ${domainName}`,
    facts: { names, domains, lastDomain: domainName, lastName: name },
  })
}

/** Whether a domain's names count in the sum: enough of them carry something, and they were not told of. */
const isSpread = ({ carrying, said, saidRandom, saidMany }: Domain): boolean =>
  carrying >= SPREAD_NAMES && said + saidRandom + saidMany === 0

function say(
  record: Dns,
  domainName: string,
  domain: Domain,
  name: string,
  key: string,
  { level, confidence }: { readonly level: Level; readonly confidence: number },
  tools: TunnelTools,
): void {
  const perName = domain.characters / domain.names
  const isMany = domain.saidMany > 0
  tools.report({
    key,
    level,
    confidence,
    record,
    uids: uidsOf(domain.uids, record.uid),
    victim: null,
    description: `${record.srcIp} asked ${record.dstIp} for ${domain.names} different names below ${domainName}, ${Math.round(perName)} characters each${isMany ? '' : ' and random to look at'}`,
    facts: {
      domain: domainName,
      names: domain.names,
      queries: domain.queries,
      charactersPerName: round(perName),
      bitsPerCharacter: round(domain.bits / domain.names),
      charactersCarried: domain.characters,
      dataTypeQueries: domain.carriers,
      lastName: name,
    },
  })
}

function longestLabel(name: string): string {
  let longest = ''
  for (const label of name.split('.')) if (label.length > longest.length) longest = label
  return longest
}

/** Names under a host provider's suffix are of different owners. */
const suffixes = { allowPrivateDomains: true, extractHostname: false } as const

function domainOf(state: State, name: string): Domain {
  const { domains } = state
  let domain = domains.get(name)
  if (domain === undefined) {
    if (domains.size >= MAX_DOMAINS) {
      keepLargest(domains, MAX_DOMAINS / 2, ({ carriedBits }) => carriedBits)
      state.hashesHeld = hashesIn(domains)
    }
    domain = {
      queries: 0,
      hashes: new Set(),
      names: 0,
      characters: 0,
      bits: 0,
      carriedBits: 0,
      carriers: 0,
      said: 0,
      random: 0,
      saidRandom: 0,
      saidMany: 0,
      carrying: 0,
      uids: [],
    }
    domains.set(name, domain)
  }
  return domain
}

/** Whether the name is met for the first time; a domain with more names than are kept is known well enough. */
function isNew(state: State, domain: Domain, name: string): boolean {
  const { hashes } = domain
  const hash = textHash(name)
  if (hashes.has(hash) || hashes.size >= MAX_HASHES) return false
  if (state.hashesHeld >= MAX_HASHES_HELD) makeRoom(state, domain)
  hashes.add(hash)
  state.hashesHeld += 1
  return true
}

/** Forgets the domains whose names carried least, but never the one that is being asked for: made-up names beside a tunnel would hide it. */
function makeRoom(state: State, asked: Domain): void {
  const { domains } = state
  const ranked = [...domains].sort(([, a], [, b]) => a.carriedBits - b.carriedBits)
  for (const [name, domain] of ranked) {
    if (state.hashesHeld <= MAX_HASHES_HELD / 2) return
    if (domain === asked) continue
    domains.delete(name)
    state.hashesHeld -= domain.hashes.size
  }
}

function hashesIn(domains: ReadonlyMap<string, Domain>): number {
  let held = 0
  for (const { hashes } of domains.values()) held += hashes.size
  return held
}

const round = (value: number): number => Math.round(value * 100) / 100

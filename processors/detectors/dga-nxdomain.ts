import type { Dns } from '@weir/schemas'
import { parse } from 'tldts'
import {
  canonicalName,
  internalZones,
  isReversedAddressLookup,
  isWithinZone,
  reputationZones,
} from '../data/dns-zones.ts'
import { bySource } from '../keys.ts'
import { serversOfAClient } from '../stats/name-servers.ts'
import { looksPronounceable } from '../stats/pronounceable.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector } from './detector.ts'
import { count, ratio, steps, texts } from './settings.ts'

type State = {
  /** Hashes of the names that do not exist. */
  readonly names: Set<number>
  /** Hashes of the registered domains they are under, and how many of these look random. */
  readonly domains: Set<number>
  /** The same of domains that were excused, as reputation lists are asked below them. */
  readonly lists: Set<number>
  random: number
  /** Questions answered with «no such name», repeats included, and questions answered since the first of them. */
  failed: number
  answered: number
  said: number
  /** Asked since the first failure, as many as tell a client from a resolver. */
  readonly servers: Set<string>
  readonly sample: string[]
  uids: readonly string[]
}

const MAX_NAMES = 5_000
const MAX_DOMAINS = 2_000
const MAX_LISTS = 200
const MAX_UIDS = 100
const SAMPLE = 5

export const dgaNxdomain = defineDetector({
  id: 'dga-nxdomain',
  version: 3,
  claim:
    'A host asks for many domains that do not exist, as malware does that tries generated names until one answers.',
  spec: 'DNS-04',
  types: ['DGA_NXDOMAINS'],
  level: 'high',
  techniques: ['T1568.002'],
  misfires:
    'Resolvers and proxies that ask for others, crawlers, mail servers that check senders, audits of domain names.',
  key: bySource,
  settings: {
    steps: steps(
      [10, 15, 20, 30, 50, 100, 200, 500, 1_000],
      'Different registered domains without an address at which it is said, with the total.',
      MAX_DOMAINS,
    ),
    minFailedShare: ratio(
      0.1,
      "Share of failed questions below which names that do not look random are taken for a busy resolver's; above, those of a host that asks many servers are a hint.",
    ),
    unknownLists: count(
      20,
      'Domains outside the exempt zones below which addresses in reverse are asked for, as reputation lists are, that are left out in one window; those beyond count like any other.',
      MAX_LISTS,
    ),
    exempt: texts([...internalZones, ...reputationZones], 'Zones in which «no such name» is ordinary.'),
  },
  state: {
    scope: 'window',
    version: 3,
    maxBytes: 92_000,
    empty: (): State => ({
      names: new Set(),
      domains: new Set(),
      lists: new Set(),
      random: 0,
      failed: 0,
      answered: 0,
      said: 0,
      servers: new Set(),
      sample: [],
      uids: [],
    }),
  },
  on: {
    dns(record, tools) {
      if (record.rcode !== 'NXDOMAIN') {
        // Counted from the first failure on: most hosts have none, and then need no memory.
        const known = record.answers.length > 0 ? tools.peek() : undefined
        if (known === undefined) return
        known.answered += 1
        noteServer(known, record)
        return
      }
      const { config } = tools
      const name = canonicalName(record.query)
      if (!isJudged(name) || isWithinZone(name, config.exempt)) return
      const { domain, isIcann, isPrivate, domainWithoutSuffix } = parse(name, suffixes)
      // Under no known suffix a search list or a misspelt device name is likelier than malware.
      if (domain === null || !(isIcann === true || isPrivate === true)) return
      const isRandom = !looksPronounceable(domainWithoutSuffix ?? domain)
      const hash = textHash(domain)
      const state = tools.state()
      if (!isRandom && isReversedAddressLookup(name) && isOneOfFewLists(state, hash, config.unknownLists))
        return
      state.failed += 1
      noteServer(state, record)
      if (state.names.size < MAX_NAMES) state.names.add(textHash(name))
      if (state.domains.has(hash) || state.domains.size >= MAX_DOMAINS) return
      state.domains.add(hash)
      if (isRandom) state.random += 1
      if (state.sample.length < SAMPLE) state.sample.push(domain)
      state.uids = sampleUid(state.uids, record.uid, MAX_UIDS)
      const domains = state.domains.size
      const reached = stepReached(config.steps, domains)
      if (reached <= state.said) return
      const randomShare = state.random / domains
      const failedShare = state.failed / (state.failed + state.answered)
      if (randomShare < 0.5 && failedShare < config.minFailedShare) return
      const isFirst = state.said === 0
      state.said = reached
      const isResolver = randomShare < 0.5 && state.servers.size > serversOfAClient
      tools.report({
        key: `domains|${reached}`,
        // Whose names these are, those who asked the resolver know; to say it once is enough.
        level: !isResolver ? 'high' : isFirst ? 'low' : 'info',
        confidence: Math.min(1, domains / 100 + (randomShare >= 0.5 ? 0.3 * randomShare : 0)),
        record,
        uids: [...state.uids],
        victim: null,
        description: `${record.srcIp} asked for ${state.names.size} names under ${domains} domains that do not exist, such as ${state.sample.join(', ')}.`,
        facts: {
          domains,
          names: state.names.size,
          failedQueries: state.failed,
          answeredQueries: state.answered,
          servers: state.servers.size,
          randomLookingShare: Math.round(randomShare * 100) / 100,
        },
      })
    },
  },
})

function noteServer({ servers }: State, { dstIp }: Dns): void {
  if (servers.size <= serversOfAClient) servers.add(dstIp)
}

/** Who checks senders asks a few lists for many addresses; an address in front of ever new domains is there to hide them. */
function isOneOfFewLists({ lists }: State, domain: number, allowed: number): boolean {
  if (lists.has(domain)) return true
  if (lists.size >= allowed) return false
  lists.add(domain)
  return true
}

/** Names under a host provider's suffix are of different owners. */
const suffixes = { allowPrivateDomains: true, extractHostname: false } as const

/** Single labels are search lists and probes, `_service` names ask whether a service is published. */
function isJudged(name: string): boolean {
  return name.length <= 255 && name.includes('.') && name.charCodeAt(0) !== UNDERSCORE
}

const UNDERSCORE = 95

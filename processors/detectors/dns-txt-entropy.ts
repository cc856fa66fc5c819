import type { Level } from '@weir/schemas'
import { getDomain } from 'tldts'
import { canonicalName, isWithinZone } from '../data/dns-zones.ts'
import { isPublishedShape, isPublishingName, txtLookupZones } from '../data/txt-shapes.ts'
import { bySource } from '../keys.ts'
import { isAskedNearby } from '../profile/asked-nearby.ts'
import { bitsPerCharacter } from '../stats/entropy.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector } from './detector.ts'
import { count, number, steps, texts } from './settings.ts'

/** What one registered domain answered. */
type Domain = {
  /** Different random-looking answers. */
  answers: number
  /** Those of them above the entropy threshold; the rest are encoded in few letters, such as hex. */
  dense: number
  characters: number
  bits: number
  said: number
  readonly hashes: Set<number>
  uids: readonly string[]
}

type State = {
  readonly domains: Map<string, Domain>
  /** Hashes of the different answers that look published, by registered domain; `null` until there are any. */
  published: Map<string, Set<number>> | null
}

const MAX_DOMAINS = 64
/** Domains whose published answers are counted, and the most that may be counted of one. */
const MAX_PUBLISHERS = 256
const MAX_PUBLISHED = 200
const MAX_HASHES = 128
const MAX_UIDS = 20
/** Longer answers are judged by their beginning. */
const MAX_TEXT = 4_096
/** Shorter tokens of one alphabet are serial numbers and versions. */
const MIN_ENCODED = 16

const levels: readonly { readonly level: Level; readonly confidence: number }[] = [
  { level: 'low', confidence: 0.4 },
  { level: 'medium', confidence: 0.7 },
  { level: 'high', confidence: 0.9 },
]
const strongest = { level: 'high', confidence: 0.9 } as const

export const dnsTxtEntropy = defineDetector({
  id: 'dns-txt-entropy',
  version: 3,
  claim:
    'A host is given TXT answers that look encrypted or encoded; many different ones from one domain are a tunnel.',
  spec: 'DNS-02',
  types: ['HIGH_ENTROPY_DNS_ANSWER'],
  level: 'low',
  techniques: ['T1071.004', 'T1132.001'],
  misfires: 'Security products that look up reputation in TXT records; unusual proofs of domain ownership.',
  key: bySource,
  settings: {
    bitsPerCharacter: number(5, 'Entropy from which a TXT answer counts as random, in bits per character.'),
    steps: steps(
      [1, 10, 100, 1_000],
      'Different answers from one domain at which something is said; the second makes it medium.',
    ),
    published: count(
      50,
      'Different answers of one domain in one window that may look like records published for anyone; more of them are none.',
      MAX_PUBLISHED,
    ),
    exempt: texts(txtLookupZones, 'Zones whose TXT answers are ordinary although they look random.'),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 800_000,
    empty: (): State => ({ domains: new Map(), published: null }),
  },
  on: {
    dns(record, tools) {
      if (record.answers.length === 0 || !(record.qtype === 'TXT' || record.answers.some(isZeekText))) return
      if (isAskedNearby(record, tools.network)) return
      const name = canonicalName(record.query)
      if (name.length > 255) return
      if (name.endsWith('.local') || name.endsWith('.arpa') || isWithinZone(name, tools.config.exempt)) return
      for (const answer of record.answers) {
        const text = textOf(answer, record.source === 'zeek')
        if (text === '') continue
        const bits = bitsPerCharacter(text)
        const isDense = bits >= tools.config.bitsPerCharacter
        if (!isDense && !isEncoded(text)) continue
        const domainName = getDomain(name, { allowPrivateDomains: true }) ?? name
        const state = tools.state()
        const isPublished = isPublishingName(name) || isPublishedShape(text)
        if (isPublished && hasRoom(state, domainName, text, tools.config.published)) continue
        const domain = domainOf(state.domains, domainName)
        if (!isNew(domain, text)) continue
        domain.answers += 1
        if (isDense) domain.dense += 1
        domain.characters += text.length
        domain.bits += bits
        domain.uids = sampleUid(domain.uids, record.uid, MAX_UIDS)
        const reached = stepReached(tools.config.steps, domain.answers)
        // One serial number in hex is nothing; a stream of them is.
        if (reached <= domain.said || (domain.dense === 0 && reached === tools.config.steps[0])) continue
        domain.said = reached
        const { level, confidence } = levels[tools.config.steps.indexOf(reached)] ?? strongest
        const meanBits = Math.round((domain.bits / domain.answers) * 100) / 100
        tools.report({
          key: `${domainName}|${reached}`,
          level,
          confidence,
          record,
          uids: [...domain.uids],
          victim: null,
          description: `${record.srcIp} was given ${domain.answers} random-looking TXT answer${domain.answers === 1 ? '' : 's'} by ${domainName} through ${record.dstIp}: ${domain.characters} characters of ${meanBits} bits each on average.`,
          facts: {
            domain: domainName,
            query: name,
            answers: domain.answers,
            denseAnswers: domain.dense,
            characters: domain.characters,
            bitsPerCharacter: meanBits,
            lastAnswer: text.slice(0, 100),
          },
          mirror: {
            profile: record.dstIp,
            level: 'low',
            confidence,
            attacker: { direction: 'dst', type: 'ip', value: record.dstIp },
            victim: null,
            description: `${record.dstIp} gave ${record.srcIp} ${domain.answers} random-looking TXT answer${domain.answers === 1 ? '' : 's'} for names under ${domainName}.`,
          },
        })
      }
    },
  },
})

/** Zeek writes `TXT`, the length and the text, for each of the strings of one record. */
function isZeekText(answer: string): boolean {
  return answer.startsWith('TXT ')
}

function textOf(answer: string, isZeek: boolean): string {
  const text = isZeekText(answer) ? answer.replaceAll(/(?:^| )TXT \d+ /g, '') : isZeek ? '' : answer
  return text.slice(0, MAX_TEXT)
}

/** One token in hex or base32, in one case, with letters and digits well mixed. */
function isEncoded(text: string): boolean {
  if (text.length < MIN_ENCODED || !/^(?:[0-9a-z=]+|[0-9A-Z=]+)$/.test(text)) return false
  let digits = 0
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) <= 57) digits += 1
  return digits >= text.length / 8 && digits <= (text.length * 15) / 16
}

/** Whether the domain may have published this as well: keys, policies and proofs are some dozens. */
function hasRoom(state: State, domain: string, text: string, limit: number): boolean {
  const published = (state.published ??= new Map<string, Set<number>>())
  let hashes = published.get(domain)
  if (hashes === undefined) {
    if (published.size >= MAX_PUBLISHERS) keepLargest(published, MAX_PUBLISHERS / 2, ({ size }) => size)
    hashes = new Set()
    published.set(domain, hashes)
  }
  const hash = textHash(text)
  if (hashes.has(hash)) return true
  if (hashes.size >= limit) return false
  hashes.add(hash)
  return true
}

function domainOf(domains: Map<string, Domain>, name: string): Domain {
  const known = domains.get(name)
  if (known !== undefined) return known
  if (domains.size >= MAX_DOMAINS)
    for (const oldest of domains.keys()) {
      domains.delete(oldest)
      break
    }
  const domain: Domain = {
    answers: 0,
    dense: 0,
    characters: 0,
    bits: 0,
    said: 0,
    hashes: new Set(),
    uids: [],
  }
  domains.set(name, domain)
  return domain
}

/** Once the memory of answers is full, one that is not in it counts as new: by then it is a stream. */
function isNew(domain: Domain, text: string): boolean {
  const hash = textHash(text)
  if (domain.hashes.has(hash)) return false
  if (domain.hashes.size < MAX_HASHES) domain.hashes.add(hash)
  return true
}

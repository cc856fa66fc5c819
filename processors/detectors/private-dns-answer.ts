import type { Dns } from '@weir/schemas'
import { getDomain } from 'tldts'
import {
  canonicalName,
  internalZones,
  isReversedAddressLookup,
  isWithinZone,
  reputationZones,
} from '../data/dns-zones.ts'
import { bySource } from '../keys.ts'
import { isLoopback, isPrivate, isPublic, isUnspecified } from '../profile/address-class.ts'
import { stepReached } from '../stats/steps.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector } from './detector.ts'
import { count, steps, texts } from './settings.ts'

type Reason = 'sinkhole' | 'internal-resolver' | 'rebinding'

/** For each reason, the hash of a domain to how often such an answer was given for names below it. */
type State = Readonly<Record<Reason, Map<number, number>>> & {
  /** Whether one domain of this window was given more weight for being asked for again and again. */
  weighed: boolean
}

/** Pairs remembered of each reason in one window, whatever the settings. */
const MAX_PAIRS = 1_000
/** Answers of one domain at which it is said where nobody is to be blamed: a product that asks for reputation does so by the hundred. */
const harmlessSteps: readonly number[] = [1, 100, 10_000]
/** Public and private addresses in one answer are what an attack needs: no count makes it surer. */
const once: readonly number[] = [1]

export const privateDnsAnswer = defineDetector({
  id: 'private-dns-answer',
  version: 4,
  claim:
    'A public name resolved to an address that is not of the internet: a sinkhole, a zone of the place, or DNS rebinding.',
  spec: 'DNS-03',
  types: ['INVALID_DNS_RESOLUTION'],
  level: 'info',
  techniques: ['T1071.004'],
  misfires:
    'Ad blockers; zones with one view for inside and one for outside; devices that publish their own private address.',
  key: bySource,
  settings: {
    internalZones: texts(internalZones, 'Zones whose names may have private addresses.'),
    reputationZones: texts(reputationZones, 'Zones whose answers in 127/8 are codes.'),
    steps: steps(
      [1, 10],
      'Private answers of public resolvers for names below one domain at which it is said: low, then medium for the first domain of a window.',
    ),
    maxPerWindow: count(50, 'Domains told of one host in one window, for each reason.', MAX_PAIRS),
  },
  state: {
    scope: 'window',
    version: 3,
    maxBytes: 40_000,
    empty: (): State => ({
      sinkhole: new Map(),
      'internal-resolver': new Map(),
      rebinding: new Map(),
      weighed: false,
    }),
  },
  on: {
    dns(record, tools) {
      for (const answer of record.answers) {
        if (!mayBeAddress(answer) || !isPrivate(answer)) continue
        const { config } = tools
        const name = canonicalName(record.query)
        if (!name.includes('.') || name.length > 255 || isWithinZone(name, config.internalZones)) return
        const reason = reasonOf(record, answer)
        if (reason === 'sinkhole' && isCode(name, answer, config.reputationZones)) continue
        const isRebinding = reason === 'rebinding'
        const isMixed = isRebinding && record.answers.some((other) => mayBeAddress(other) && isPublic(other))
        // Zones with a view for inside have many names, also those of hosting providers: what is told is the domain.
        const domain = getDomain(name, isRebinding ? registered : suffixes) ?? name
        const what = isMixed ? `${domain}|mixed` : domain
        const state = tools.state()
        const times = state[reason]
        const hash = textHash(what)
        const known = times.get(hash) ?? 0
        if (known === 0 && times.size >= config.maxPerWindow) continue
        times.set(hash, known + 1)
        const told = isMixed ? once : isRebinding ? config.steps : harmlessSteps
        const reached = stepReached(told, known + 1)
        if (known > 0 && stepReached(told, known) >= reached) continue
        if (reached === 0) continue
        const isAgain = isRebinding && !isMixed && config.steps.length > 1 && reached > (config.steps[0] ?? 0)
        const isMedium = isMixed || (isAgain && !state.weighed)
        if (isAgain) state.weighed = true
        tools.report({
          key: `${reason}|${what}|${reached}`,
          level: !isRebinding ? 'info' : isMedium ? 'medium' : 'low',
          confidence: isRebinding ? (isMixed ? 0.6 : 0.4) : 0.8,
          record,
          victim: { direction: 'dst', type: 'domain', value: name },
          description: describe(reason, record, name, answer, known + 1, domain),
          facts: {
            reason,
            query: name,
            answer,
            resolver: record.dstIp,
            domain,
            times: known + 1,
            mixedWithPublic: isMixed,
          },
        })
      }
    },
  },
})

/** Only a resolver outside has no business with the addresses inside. */
function reasonOf(record: Dns, answer: string): Reason {
  if (isLoopback(answer) || isUnspecified(answer)) return 'sinkhole'
  return isPublic(record.dstIp) ? 'rebinding' : 'internal-resolver'
}

function describe(
  reason: Reason,
  record: Dns,
  name: string,
  answer: string,
  times: number,
  domain: string,
): string {
  const { srcIp, dstIp } = record
  const again = times === 1 ? '' : `, the ${times}th such answer below ${domain}`
  if (reason === 'sinkhole')
    return `${srcIp} asked for ${name} and was sent nowhere: ${dstIp} answered ${answer}${again}.`
  if (reason === 'internal-resolver')
    return `${srcIp} asked for ${name} and ${dstIp} answered with the private address ${answer}${again}.`
  return `The public resolver ${dstIp} gave ${srcIp} the private address ${answer} for the public name ${name}${again}: DNS rebinding looks so.`
}

/** Names under a host provider's suffix are of different owners. */
const suffixes = { allowPrivateDomains: true, extractHostname: false } as const
const registered = { allowPrivateDomains: false, extractHostname: false } as const

/** Loopback addresses say «listed» where lists are asked; the usual one is no such code (RFC 5782 section 2.1) but to known lists, which refuse with it. */
function isCode(name: string, answer: string, zones: readonly string[]): boolean {
  if (!answer.startsWith('127.')) return false
  return isWithinZone(name, zones) || (answer !== '127.0.0.1' && isReversedAddressLookup(name))
}

/** Cheap, ahead of the classifying: names and texts among the answers begin with letters or are long. */
function mayBeAddress(answer: string): boolean {
  if (answer.length > 45) return false
  if (answer.includes(':')) return true
  const first = answer.charCodeAt(0)
  const last = answer.charCodeAt(answer.length - 1)
  return first >= 48 && first <= 57 && last >= 48 && last <= 57
}

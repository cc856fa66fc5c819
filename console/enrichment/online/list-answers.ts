/**
 * What services answered, as indicators of a folder: each service is a feed of its own, and its word is good for as long as its answers are.
 * From there it becomes evidence as the word of any feed does, also in looking back.
 */
import { isLevel, parseIndicatorValue, registeredDomainOf } from '@weir/processors'
import type { Indicator, Level } from '@weir/schemas'
import { addAnswers } from '../../intel/add-answers.ts'
import { lookUpFeed } from '../../intel/answer-feeds.ts'
import { type IndicatorStore, keyOf } from '../../intel/indicator-store.ts'
import type { OnlineId } from '../online-ids.ts'
import { hashKinds } from './askable.ts'
import type { Facts } from './facts.ts'
import type { Subject } from './look-up.ts'

export type ListedAnswer = {
  readonly id: OnlineId
  readonly subject: Subject
  readonly facts: Facts
  /** Until when the answer is good. */
  readonly untilMs: number
}

/** One name of malware in what a service says makes half of a certainty (specification section 1.8). */
const LEAST_CONFIDENCE = 0.5
const URLHAUS_CONFIDENCE = 0.7
const MAX_TEXT = 300

/** Adds what is malicious, and when domains were registered, to what the service's feed says; what has run out goes. Gives how many there are now. */
export function listAnswers(store: IndicatorStore, answers: readonly ListedAnswer[], nowMs: number): number {
  let total = 0
  const good = store.knownGood()
  for (const [id, own] of Map.groupBy(answers, (answer) => answer.id)) {
    const feed = lookUpFeed(id)
    const listed = own.flatMap((answer) => {
      const indicator = indicatorOf(answer, feed)
      return indicator === null || good.has(keyOf(indicator.kind, indicator.value)) ? [] : [indicator]
    })
    total += addAnswers(store, { feed, asked: id }, listed, nowMs)
  }
  return total
}

/** `null` for an answer that calls nothing malicious. */
export function indicatorOf({ id, subject, facts, untilMs }: ListedAnswer, feed: string): Indicator | null {
  const own = { feed, expiresMs: untilMs }
  if (id === 'domain-age') {
    const domain = registeredDomainOf(subject.value)
    const day = /^\d{4}-\d\d-\d\d/.exec(String(facts.registered ?? ''))?.[0]
    if (domain === '' || day === undefined) return null
    const tags = [`registered:${day}`]
    return { ...own, kind: 'domain', value: domain, level: 'info', confidence: 1, description: '', tags }
  }
  const value = listedValue(subject)
  if (value === null) return null
  if (id === 'hashlookup') {
    if (facts.isMalicious !== true) return null
    const confidence = typeof facts.confidence === 'number' ? facts.confidence : LEAST_CONFIDENCE
    const level = levelOfThreat(typeof facts.threat === 'number' ? facts.threat : 1)
    return { ...own, ...value, level, confidence, description: textOf(facts.knownMalicious), tags: [] }
  }
  // What it has of a host are URLs on it, which may be anybody's.
  if (id !== 'urlhaus' || (subject.kind !== 'url' && subject.kind !== 'hash')) return null
  const level = String(facts.level)
  return {
    ...own,
    ...value,
    level: isLevel(level) ? level : 'medium',
    confidence: URLHAUS_CONFIDENCE,
    description: textOf(facts.threat),
    tags: textOf(facts.tags)
      .split(', ')
      .filter((tag) => tag !== ''),
  }
}

function listedValue({ kind, value }: Subject): Pick<Indicator, 'kind' | 'value'> | null {
  const hash = hashKinds[value.length]
  if (kind === 'hash') return hash === undefined ? null : { kind: hash, value }
  const parsed = kind === 'url' ? parseIndicatorValue(value, 'url') : { reject: '' }
  return 'reject' in parsed ? null : parsed
}

/** The first level whose value is not below the threat, 0 to 1. */
function levelOfThreat(threat: number): Level {
  if (threat <= 0) return 'info'
  if (threat <= 0.2) return 'low'
  if (threat <= 0.5) return 'medium'
  return threat <= 0.8 ? 'high' : 'critical'
}

function textOf(fact: Facts[string] | undefined): string {
  return typeof fact === 'string' ? fact.slice(0, MAX_TEXT) : ''
}

/**
 * Evidence against one host in one window, weighed into an alert (spec profiles-evidence-alerts.md sections 8 and 9).
 *
 * Evidence against a host may come from several partitions, in any order. So nothing of an alert depends on the order: it is worked out
 * from the set of evidence, and the set is kept in the order of event time. Weights are summed as whole numbers, as
 * sums of fractions are not the same in every order.
 */
import { hash } from 'node:crypto'
import type { Alert, Evidence, Level, TimeWindow } from '@weir/schemas'
import {
  type KeyEntry,
  type KeyedHandler,
  type KeyedProcessOptions,
  type KeyedWindows,
  type KeyWindow,
  keyedProcess,
  type OperatorContext,
  type OperatorSpec,
  type StreamRecord,
} from '@weir/topology'
import { compareLevels, levelValue, weightUnit } from './levels.ts'

export type AccumulateOptions = {
  readonly keyed: KeyedProcessOptions
  /** An alert opens when the evidence of a window weighs this much. */
  readonly threshold: number
  /** Told of evidence that came when its window was over and done. */
  onLate(): void
}

/** Evidence listed in one alert; the earliest are kept, the rest is counted and weighed. */
const MAX_LISTED = 1_000
/**
 * Share of the threshold that what one detector says at level low adds at most (a judgement): each is everyday, and what is often so is still no
 * alert. Below a half, as two detectors may tell of one behaviour.
 */
const LOW_SHARE = 0.45

type Item = {
  readonly id: string
  readonly detector: string
  readonly tsMs: number
  readonly weight: number
  readonly level: Level
  readonly type: string
  readonly techniques: readonly string[]
}

type State = {
  /** In the order of event time, then of ids. */
  items: readonly Item[]
  /** Evidence beyond `MAX_LISTED`: how many, and their weight; of level low by detector. */
  beyond: number
  beyondWeight: number
  beyondLows: Map<string, number> | null
  /** Of the latest evidence, for the revision that closes the alert. */
  observedMs: number
}

/** The step that keeps alerts: evidence in, keyed by site and charged host; revisions of alerts out. */
export function accumulateStep(step: string, options: AccumulateOptions): OperatorSpec<Evidence, Alert> {
  return keyedProcess(step, {
    options: options.keyed,
    states: [{ name: 'accumulated-v2', scope: 'window', closes: () => true }],
    create: (context, windows) => new Accumulator(options, context, windows),
  })
}

class Accumulator implements KeyedHandler<Evidence> {
  readonly #options: AccumulateOptions
  readonly #context: OperatorContext<Alert>
  readonly #windows: KeyedWindows

  constructor(options: AccumulateOptions, context: OperatorContext<Alert>, windows: KeyedWindows) {
    this.#options = options
    this.#context = context
    this.#windows = windows
  }

  onRecord({ value: evidence }: StreamRecord<Evidence>, entry: KeyEntry): void {
    if (!counts(evidence)) return
    const window = this.#windows.open(entry, evidence.window.startMs)
    if (window === undefined) {
      this.#options.onLate()
      this.#context.countLate?.()
      return
    }
    const slots = this.#windows.slots(entry, window)
    const state = (slots[0] ??= empty()) as State
    if (!add(state, evidence)) return
    window.dirty = true
    window.closes = true
    this.#say(entry.key, window, state, 'open', state.observedMs)
  }

  onTimer(): void {}

  onWindowClose(entry: KeyEntry, window: KeyWindow, dueMs: number): void {
    const state = this.#windows.slots(entry, window)[0] as State | undefined
    if (state !== undefined) this.#say(entry.key, window, state, 'closed', dueMs)
  }

  #say(key: string, window: TimeWindow, state: State, status: Alert['status'], observedMs: number): void {
    const alert = toAlert(
      key,
      { startMs: window.startMs, endMs: window.endMs },
      state,
      status,
      observedMs,
      this.#options.threshold,
    )
    if (alert === null) return
    this.#context.forward({ key, value: alert, timestampMs: alert.tsMs, streamTimeMs: observedMs })
  }
}

/** Info weighs nothing; what the other end did is not held against this host. */
function counts(evidence: Evidence): boolean {
  return evidence.attacker.direction === 'src' && evidence.level !== 'info'
}

const empty = (): State => ({
  items: [],
  beyond: 0,
  beyondWeight: 0,
  beyondLows: null,
  observedMs: 0,
})

/** False when nothing changes: the same evidence again weighs nothing. */
function add(state: State, evidence: Evidence): boolean {
  const item: Item = {
    id: evidence.id,
    detector: evidence.detector,
    tsMs: evidence.tsMs,
    weight: Math.round(levelValue(evidence.level) * evidence.confidence * weightUnit),
    level: evidence.level,
    type: evidence.type,
    techniques: sharedTechniques(evidence.techniques),
  }
  let before = state.items
  const same = before.findIndex(({ id }) => id === item.id)
  if (same >= 0) {
    // Told twice in different words: the earlier event stands, whichever came first.
    if ((before[same]?.tsMs ?? 0) <= item.tsMs) return false
    before = before.toSpliced(same, 1)
  }
  let at = before.length
  while (at > 0 && isBefore(item, before[at - 1] as Item)) at--
  const items = before.toSpliced(at, 0, item)
  state.items = items
  if (evidence.observedMs > state.observedMs) state.observedMs = evidence.observedMs
  if (items.length > MAX_LISTED) {
    const last = items.pop() as Item
    state.beyond += 1
    if (last.level === 'low') {
      state.beyondLows ??= new Map()
      state.beyondLows.set(last.detector, (state.beyondLows.get(last.detector) ?? 0) + last.weight)
    } else state.beyondWeight += last.weight
  }
  return true
}

const techniqueLists = new Map<string, readonly string[]>()
/** Detectors name far fewer. */
const MAX_TECHNIQUE_LISTS = 1_000

/** The same list for the same techniques: what is read from a topic has lists of its own each time, with room for seventeen more. */
function sharedTechniques(given: readonly string[]): readonly string[] {
  const name = given.join(' ')
  const known = techniqueLists.get(name)
  if (known !== undefined) return known
  const list = given.slice()
  if (techniqueLists.size < MAX_TECHNIQUE_LISTS) techniqueLists.set(name, list)
  return list
}

function isBefore(a: Item, b: Item): boolean {
  return a.tsMs < b.tsMs || (a.tsMs === b.tsMs && a.id < b.id)
}

/** The alert that a window's evidence amounts to; `null` when it does not weigh enough. */
function toAlert(
  key: string,
  window: TimeWindow,
  state: State,
  status: Alert['status'],
  observedMs: number,
  threshold: number,
): Alert | null {
  const { items } = state
  const needed = Math.round(threshold * weightUnit)
  const { total, reachedMs } = weigh(state, needed, Math.round(threshold * LOW_SHARE * weightUnit))
  if (total < needed) return null
  const weight = total / weightUnit
  const split = key.indexOf('|')
  const site = key.slice(0, split)
  const profile = key.slice(split + 1)
  const types = countTypes(items)
  const count = items.length + state.beyond
  return {
    id: hash('sha256', ['alert', site, profile, window.startMs].join('\u0000'), 'hex').slice(0, 32),
    revision: count + (status === 'closed' ? 1 : 0),
    status,
    tsMs: reachedMs,
    observedMs,
    site,
    profile,
    window,
    weight,
    threshold,
    level: alertLevel(items, weight, threshold),
    confidence: alertConfidence(types.size, count, weight, threshold),
    evidence: items.map((item) => item.id),
    techniques: [...new Set(items.flatMap((item) => item.techniques))].sort(),
    description: describe(profile, types, state.beyond, weight, threshold),
  }
}

/**
 * The weight of all evidence, and the event time of the evidence with which, in the order of event time, as much as is needed was reached. What one
 * detector says at level low adds `mostOfLows` at most.
 */
function weigh(
  { items, beyondWeight, beyondLows }: State,
  needed: number,
  mostOfLows: number,
): { readonly total: number; readonly reachedMs: number } {
  const lows = new Map<string, number>()
  let total = 0
  let reachedMs = Number.NaN
  for (const { level, weight, detector, tsMs } of items) {
    total += level === 'low' ? addLow(lows, detector, weight, mostOfLows) : weight
    if (total >= needed && Number.isNaN(reachedMs)) reachedMs = tsMs
  }
  total += beyondWeight
  for (const [detector, weight] of beyondLows ?? []) total += addLow(lows, detector, weight, mostOfLows)
  return { total, reachedMs: Number.isNaN(reachedMs) ? (items.at(-1)?.tsMs ?? 0) : reachedMs }
}

/** What the weight adds to that of the detector's others. */
function addLow(lows: Map<string, number>, detector: string, weight: number, most: number): number {
  const before = lows.get(detector) ?? 0
  const after = Math.min(most, before + weight)
  lows.set(detector, after)
  return after - before
}

/** That of its gravest evidence; critical once it weighs twice what was needed and something grave is among it. */
function alertLevel(items: readonly Item[], weight: number, threshold: number): Level {
  const gravest = items.reduce<Level>(
    (most, item) => (compareLevels(item.level, most) > 0 ? item.level : most),
    'low',
  )
  return weight >= 2 * threshold && compareLevels(gravest, 'high') >= 0 ? 'critical' : gravest
}

/** From weight, diversity and number, each with its bound (spec section 15, PE-11 «Weir:»). */
function alertConfidence(types: number, count: number, weight: number, threshold: number): number {
  const share =
    0.5 * Math.min(1, weight / (2 * threshold)) + 0.3 * Math.min(1, types / 3) + 0.2 * Math.min(1, count / 10)
  return Math.round(share * 10_000) / 10_000
}

function countTypes(items: readonly Item[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { type } of items) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

function describe(
  profile: string,
  types: ReadonlyMap<string, number>,
  beyond: number,
  weight: number,
  threshold: number,
): string {
  const parts = [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => (count === 1 ? type : `${type} (${count})`))
  const more = beyond === 0 ? '' : ` and ${beyond} more`
  return `${profile} reached a weight of ${weight} (an alert opens at ${threshold}): ${parts.join(', ')}${more}`
}

/**
 * The test every detector is held to: quiet cases, in which it must say nothing, and loud ones. To each case the harness
 * adds what must hold of any detector: its memory survives going through bytes and stays within its bound, the same records
 * give the same evidence, and other hosts make no difference.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { serialize } from 'node:v8'
import { type Evidence, type FlowRecord, type Indicator, type Level, topics } from '@weir/schemas'
import type { Operator, OperatorContext } from '@weir/topology'
import { configure } from '../app/configure.ts'
import { DetectionCounters } from '../app/counters.ts'
import { detectorStep, isSuppressed } from '../app/detector-operator.ts'
import type { Detector, Tools } from '../detectors/detector.ts'
import type { Settings } from '../detectors/settings.ts'
import { plainContext } from '../enrichment/context-facts.ts'
import type { Place } from '../enrichment/whereabouts.ts'
import type { EvidenceType } from '../evidence/evidence-types.ts'
import { IndicatorTable } from '../intel/indicator-table.ts'
import { LiveIndicators } from '../intel/live-indicators.ts'
import { Network } from '../profile/network.ts'
import { emptyWhitelist } from '../profile/whitelist.ts'
import { asRead, hours, minutes } from './flows.ts'

/** What must be true of one piece of evidence; what is left out is not looked at. Each piece is asked for once, in any order. */
export type ExpectedEvidence = {
  readonly type?: EvidenceType
  readonly profile?: string
  readonly level?: Level
  readonly confidence?: number
  readonly attacker?: string
  /** `null`: nobody. */
  readonly victim?: string | null
  readonly tsMs?: number
  readonly windowStartMs?: number
  /** What its sentence says, or a part of it. */
  readonly says?: string
  readonly facts?: Readonly<Record<string, number | string | boolean>>
  /** How many flows it names. */
  readonly uids?: number
}

type Case = {
  /** As a reader hands them on; `asRead` fills in what is left open. */
  readonly records: readonly FlowRecord[]
  readonly config?: Readonly<Record<string, unknown>>
  /** Home networks; the private blocks when left out. */
  readonly network?: readonly string[]
  /** What feeds list; nothing when left out. See `listed`. */
  readonly intel?: readonly Indicator[]
  /** AS numbers of addresses; none is known when left out. */
  readonly asNumbers?: Readonly<Record<string, number>>
  /** What feeds come to list besides, after so many records: indicators then change while records come. */
  readonly listedAfter?: { readonly records: number; readonly intel: readonly Indicator[] }
}

export type QuietCase = Case
/** The evidence is all there is, and in any order. */
export type LoudCase = Case & {
  readonly evidence: readonly ExpectedEvidence[]
  /**
   * What an attacker might send first to fill a bounded table of the detector and have it forget: played before the records, after which the evidence
   * must be said all the same, whatever else is. Times and ends are those of one host, before the first record.
   */
  readonly flushedBy?: readonly FlowRecord[]
}

export type DetectorCases = {
  /** What must not be reported, by what it is: the false positives that will not happen. */
  readonly quiet: Readonly<Record<string, QuietCase>>
  readonly loud: Readonly<Record<string, LoudCase>>
}

type KeyValueStore = ReturnType<OperatorContext<Evidence>['store']>

const SILENCE_MS = minutes(10)
/** Up to here every record goes through bytes, later one in a hundred: a long story would take too long. */
const ALWAYS_EVICTED = 1_000

/** Registers the tests of one detector. */
export function testDetector(detector: Detector, cases: DetectorCases): void {
  const all: readonly (readonly [string, Case])[] = [
    ...Object.entries(cases.quiet),
    ...Object.entries(cases.loud),
  ]
  describe(detector.id, () => {
    test('has quiet and loud cases, each its own, that change every setting', () =>
      checkCases(detector, cases))
    for (const [name, { records, ...rest }] of all) {
      const expected = cases.loud[name]?.evidence ?? []
      test(`${expected.length === 0 ? 'quiet' : 'loud'}: ${name}`, () => {
        const story = { ...rest, records: asRead(records) }
        const evidence = play(detector, story, {})
        matchAll(evidence, expected)
        assert.deepEqual(play(detector, story, {}), evidence, 'a second run says something else')
        assert.deepEqual(
          play(detector, story, { evicts: true }),
          evidence,
          'memory that goes through bytes says something else',
        )
        assert.deepEqual(
          play(detector, story, { aheadMs: 0 }),
          evidence,
          'another busy host makes a difference',
        )
        assert.deepEqual(
          play(detector, story, { aheadMs: SILENCE_MS - 1 }),
          evidence,
          'a busy host whose clock runs ahead makes a difference',
        )
        const flushedBy = cases.loud[name]?.flushedBy ?? []
        if (flushedBy.length > 0) {
          const flushed = { ...rest, records: asRead([...flushedBy, ...records]) }
          findAll(play(detector, flushed, {}), expected)
        }
      })
    }
  })
}

function checkCases(detector: Detector, { quiet, loud }: DetectorCases): void {
  assert.ok(Object.keys(quiet).length > 0, 'no quiet case')
  assert.ok(Object.keys(loud).length > 0, 'no loud case')
  for (const [name, { evidence }] of Object.entries(loud)) {
    assert.ok(evidence.length > 0, `'${name}' is called loud but expects nothing`)
  }
  const stories = [...Object.entries(quiet), ...Object.entries(loud)]
  const known = new Map<string, string>()
  const changed = new Set<string>()
  for (const [name, { records, config = {}, network = [], intel = [], listedAfter }] of stories) {
    const text = JSON.stringify([records, config, network, intel, listedAfter])
    assert.equal(known.get(text), undefined, `'${name}' is the same case as '${known.get(text)}'`)
    assert.ok(!(name in quiet && name in loud), `'${name}' is quiet and loud`)
    known.set(text, name)
    for (const [setting, value] of Object.entries(config)) {
      if (JSON.stringify(value) !== JSON.stringify(detector.settings[setting]?.default)) changed.add(setting)
    }
  }
  const unchanged = Object.keys(detector.settings).filter((setting) => !changed.has(setting))
  assert.deepEqual(unchanged, [], 'no case changes these settings')
}

type Run = {
  /** State is written to the stores, forgotten and read back between records. */
  readonly evicts?: boolean
  /** Another host tells the same story at the same time, with its clock this far ahead. */
  readonly aheadMs?: number
}

function placeOf(ip: string, { asNumbers = {} }: Case): Place | null {
  const asn = asNumbers[ip]
  return asn === undefined ? null : { country: '', asn, asName: `Network ${asn}` }
}

/** The evidence of the story's own site, by event time and then by id, as text: byte for byte. */
function play(detector: Detector, story: Case, run: Run): readonly Evidence[] {
  const evidence: Evidence[] = []
  const counters = new DetectionCounters()
  const live = new LiveIndicators()
  live.useFolder(tableOf(story.intel ?? []))
  const stores = new Map<string, KeyValueStore>()
  const step = detectorStep('detect', [configure(held(detector), story.config)], {
    keyed: {
      windowMs: hours(1),
      graceMs: hours(6),
      silenceMs: SILENCE_MS,
      keyTtlMs: hours(36),
      maxLiveKeys: run.evicts === true ? 0 : 16_384,
    },
    network: new Network(story.network ?? []),
    whitelist: emptyWhitelist,
    intel: story.listedAfter === undefined ? tableOf(story.intel ?? []) : live,
    context: { ...plainContext, whereabouts: { placeOf: (ip) => placeOf(ip, story) } },
    popularDomains: [],
    judgesOutsiders: true,
    disabled: new Set(),
    counters,
  })
  const operator = step.create({
    task: '0_0',
    partition: 0,
    durable: run.evicts === true,
    forward: ({ value }) => {
      if (!isSuppressed(value) && value.site !== OTHER_SITE) evidence.push(value)
    },
    store: (name) => {
      const store = stores.get(name) ?? mapStore(name)
      stores.set(name, store)
      return store
    },
  })
  let i = 0
  for (const record of story.records) {
    if (i === story.listedAfter?.records)
      for (const each of story.listedAfter.intel) live.put(topics.intel.keyOf(each), each)
    if (run.aheadMs !== undefined) tell(operator, detector, elsewhere(record, run.aheadMs))
    tell(operator, detector, record)
    if (run.evicts === true && (i < ALWAYS_EVICTED || i % 100 === 0)) {
      // What was touched since the last flush stays live: the second one lets go of it.
      operator.flush?.()
      operator.flush?.()
    }
    i += 1
  }
  operator.flush?.()
  operator.advance?.(Number.POSITIVE_INFINITY)
  operator.close?.()
  for (const [id, error] of counters.firstFailures) throw new Error(`${id} threw`, { cause: error })
  evidence.sort((a, b) => a.tsMs - b.tsMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return evidence
}

function tableOf(indicators: readonly Indicator[]): IndicatorTable {
  const table = new IndicatorTable()
  for (const indicator of indicators) table.put(indicator)
  return table
}

const OTHER_SITE = 'elsewhere'

function elsewhere(record: FlowRecord, aheadMs: number): FlowRecord {
  return { ...record, site: OTHER_SITE, observedMs: record.observedMs + aheadMs }
}

/** As a task does it: the record, then the stream time it brought. */
function tell(operator: Operator<FlowRecord>, detector: Detector, record: FlowRecord): void {
  const key = detector.key.of(record)
  if (key !== null) {
    operator.process({ key, value: record, timestampMs: record.tsMs, streamTimeMs: record.observedMs })
  }
  operator.advance?.(record.observedMs)
}

/** The detector, held to the bound of its memory: looked at after records at doubling counts, and after all timers. */
function held(detector: Detector): Detector {
  const { state } = detector
  if (state === undefined) return detector
  let handled = 0
  let lookAt = 1
  const look = (tools: Tools<unknown, Settings>): void => {
    handled += 1
    if (handled < lookAt) return
    lookAt = Math.ceil(handled * 1.25)
    const bytes = serialize(tools.peek()).byteLength
    assert.ok(
      bytes <= state.maxBytes,
      `holds ${bytes} bytes after ${handled} records, more than its ${state.maxBytes}`,
    )
  }
  const on = Object.fromEntries(
    Object.entries(detector.on).map(([kind, handle]) => [
      kind,
      (record: never, tools: Tools<unknown, Settings>) => {
        handle(record, tools)
        look(tools)
      },
    ]),
  ) as Detector['on']
  return { ...detector, on }
}

function matchAll(evidence: readonly Evidence[], expected: readonly ExpectedEvidence[]): void {
  const left = findAll(evidence, expected)
  assert.equal(left.length, 0, `said without being expected: ${said(left)}`)
}

/** What is left of the evidence once everything expected is found in it. */
function findAll(evidence: readonly Evidence[], expected: readonly ExpectedEvidence[]): readonly Evidence[] {
  const left = [...evidence]
  for (const want of expected) {
    const at = left.findIndex((item) => isMatch(item, want))
    assert.ok(at >= 0, `no evidence like ${JSON.stringify(want)} among ${said(left)}`)
    left.splice(at, 1)
  }
  return left
}

function isMatch(evidence: Evidence, want: ExpectedEvidence): boolean {
  if (want.type !== undefined && evidence.type !== want.type) return false
  if (want.profile !== undefined && evidence.profile !== want.profile) return false
  if (want.level !== undefined && evidence.level !== want.level) return false
  if (want.confidence !== undefined && evidence.confidence !== want.confidence) return false
  if (want.attacker !== undefined && evidence.attacker.value !== want.attacker) return false
  if (want.victim !== undefined && (evidence.victim?.value ?? null) !== want.victim) return false
  if (want.tsMs !== undefined && evidence.tsMs !== want.tsMs) return false
  if (want.windowStartMs !== undefined && evidence.window.startMs !== want.windowStartMs) return false
  if (want.says !== undefined && !evidence.description.includes(want.says)) return false
  if (want.uids !== undefined && evidence.uids.length !== want.uids) return false
  return Object.entries(want.facts ?? {}).every(([name, value]) => evidence.facts[name] === value)
}

function said(evidence: readonly Evidence[]): string {
  if (evidence.length === 0) return 'none'
  const lines = evidence
    .slice(0, 10)
    .map(
      ({ type, profile, level, confidence, attacker, facts, description }) =>
        `  ${JSON.stringify({ type, profile, level, confidence, attacker: attacker.value, facts })} ${description}`,
    )
  return `${evidence.length}:\n${lines.join('\n')}`
}

/** A store of the tests' own: what detectors promise must not hang on the store that happens to be shipped. */
function mapStore(name: string): KeyValueStore {
  const values = new Map<string, Uint8Array>()
  return {
    name,
    get: (key) => values.get(key),
    // A copy: who puts a value uses its bytes again.
    put: (key, value) => void values.set(key, new Uint8Array(value)),
    delete: (key) => void values.delete(key),
    range: (from = '', to) =>
      [...values.keys()]
        .filter((key) => key >= from && (to === undefined || key < to))
        .sort()
        .map((key) => [key, values.get(key) ?? new Uint8Array()] as const),
    get size() {
      return values.size
    },
    close: () => values.clear(),
  }
}

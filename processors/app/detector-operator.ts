/**
 * Runs the detectors that share a key: shares the host's memory among them, keeps their state, tells lateness and
 * failures apart from findings, and turns findings into evidence.
 */
import type { Evidence, FlowRecord, RecordKind, Suppressed, TimeWindow } from '@weir/schemas'
import {
  KeyEntry,
  type KeyedHandler,
  type KeyedProcessOptions,
  type KeyedWindows,
  type KeyWindow,
  keyedProcess,
  type OperatorContext,
  type OperatorSpec,
  type StateSpec,
  type StreamRecord,
} from '@weir/topology'
import { WeirError } from '@weir/topology/kit'
import { type Detector, type Finding, kindsOf, type Tools } from '../detectors/detector.ts'
import type { Settings } from '../detectors/settings.ts'
import { type EvidenceContext, withContext } from '../enrichment/context-facts.ts'
import { withPopularity } from '../enrichment/popularity.ts'
import { TranslatedIndicators, translatedWhereabouts } from '../enrichment/translated.ts'
import type { Whereabouts } from '../enrichment/whereabouts.ts'
import { toEvidence } from '../evidence/compose.ts'
import type { Indicators } from '../intel/indicators.ts'
import { isUnspecified } from '../profile/address-class.ts'
import { emptyHostMemory, HostMemory, type HostMemoryState, remember } from '../profile/host-memory.ts'
import type { Network } from '../profile/network.ts'
import type { Whitelist } from '../profile/whitelist.ts'
import { type SmallMap, valueUnder, withValue } from '../stats/small-map.ts'
import { hasItem, type SmallSet, sizeOfSet, withItem } from '../stats/small-set.ts'
import type { ConfiguredDetector } from './configure.ts'
import type { DetectionCounters } from './counters.ts'

export type DetectorOptions = {
  readonly keyed: KeyedProcessOptions
  readonly network: Network
  readonly whitelist: Whitelist
  /** The global table of indicators. */
  readonly intel: Indicators
  /** What is known of addresses and devices beyond the traffic. */
  readonly context: EvidenceContext
  /** Evidence against what is known by these names alone has half its confidence; none: like any other. */
  readonly popularDomains: readonly string[]
  /** Evidence types that are not to be said. */
  readonly disabled: ReadonlySet<string>
  /** Whether hosts outside the stated home networks are judged as well. */
  readonly judgesOutsiders: boolean
  readonly counters: DetectionCounters
}

const HOST_MEMORY_SLOT = 0
/** Ids of the evidence already said of this host in this window, by detector. */
const SAID_SLOT = 0
/** Evidence one host may cause of one detector in one window; a flood beyond it is counted, not said. */
const MAX_SAID = 1_000

/** What is held back is told once for each finding too, and has no share of what may be said. */
const HELD_BACK = ' held back'

const always = (): boolean => true

/** What comes out of the step: evidence, and evidence that a rule of the whitelist kept from being said. */
export type Judged = Evidence | Suppressed

export function isSuppressed(judged: Judged): judged is Suppressed {
  return 'rule' in judged
}

/** One step of the topology for the detectors of one key. `step` names its stores. */
export function detectorStep(
  step: string,
  detectors: readonly ConfiguredDetector[],
  options: DetectorOptions,
): OperatorSpec<FlowRecord, Judged> {
  const states: StateSpec[] = [
    { name: 'host-memory-v3', scope: 'key', closes: null },
    { name: 'said-v2', scope: 'window', closes: null },
  ]
  for (const { detector } of detectors) {
    if (detector.state === undefined) continue
    states.push({
      name: `${detector.id}-v${detector.state.version}`,
      scope: detector.state.scope === 'host' ? 'key' : 'window',
      closes: detector.onWindowClose === undefined ? null : (detector.state.wantsClose ?? always),
    })
  }
  return keyedProcess(step, {
    options: options.keyed,
    states,
    create: (context, windows) => new DetectorHandler(detectors, options, context, windows),
  })
}

/** What the detectors of a key look at together while one record, timer or close is handled. */
class Scene {
  readonly options: DetectorOptions
  readonly windows: KeyedWindows
  readonly context: OperatorContext<Judged>
  readonly host = new HostMemory()
  entry: KeyEntry = new KeyEntry('', -1, [])
  nowMs = 0
  /** Whether a record is looked at, and not a timer or a close. */
  isRecord = false
  /** Whether it is one of a host that is not judged: only what is told of home hosts counts. */
  isOutsider = false
  window: TimeWindow = { startMs: 0, endMs: 0 }
  /** The window's state, opened on first demand. */
  keyWindow: KeyWindow | null = null

  constructor(options: DetectorOptions, windows: KeyedWindows, context: OperatorContext<Judged>) {
    this.options = options
    this.windows = windows
    this.context = context
  }

  windowOf(tsMs: number): TimeWindow {
    const { startMs, endMs } = this.window
    if (startMs <= tsMs && tsMs < endMs) return this.window
    const { windowMs } = this.options.keyed
    const start = Math.floor(tsMs / windowMs) * windowMs
    return { startMs: start, endMs: start + windowMs }
  }
}

/** Evidence of one detector that was said in a window. */
type Said = { ids: SmallSet<string> }

/** In one piece, and not as a part that keeps the whole. */
const firstHalf = (id: string): string => [id.slice(0, 8), id.slice(8, 16)].join('')

/** One detector's tools, made once and pointed at scene after scene. */
class DetectorTools implements Tools<unknown, Settings> {
  readonly detector: Detector
  readonly config: ConfiguredDetector['config']
  readonly network: Network
  readonly intel: Indicators
  readonly whereabouts: Whereabouts
  readonly host: HostMemory
  readonly isWindowed: boolean
  readonly #scene: Scene
  readonly #slot: number
  readonly #closes: boolean

  constructor(configured: ConfiguredDetector, slot: number, scene: Scene) {
    this.detector = configured.detector
    this.config = configured.config
    this.network = scene.options.network
    this.intel = new TranslatedIndicators(scene.options.intel)
    this.whereabouts = translatedWhereabouts(scene.options.context.whereabouts)
    this.host = scene.host
    this.isWindowed = configured.detector.state?.scope === 'window'
    this.#scene = scene
    this.#slot = slot
    this.#closes = configured.detector.onWindowClose !== undefined
  }

  get nowMs(): number {
    return this.#scene.nowMs
  }

  get window(): TimeWindow {
    return this.#scene.window
  }

  state(): unknown {
    const slots = this.#slots()
    const state = slots[this.#slot]
    if (state !== undefined) return state
    const empty = this.detector.state?.empty()
    slots[this.#slot] = empty
    return empty
  }

  peek(): unknown {
    const scene = this.#scene
    if (!this.isWindowed) return scene.entry.slots[this.#slot]
    if (scene.keyWindow === null && !isOpen(scene.entry, scene.window.startMs)) return undefined
    return this.#slots()[this.#slot]
  }

  forget(): void {
    if (this.peek() !== undefined) this.#slots()[this.#slot] = undefined
  }

  wakeAt(dueMs: number): void {
    this.#scene.entry.schedule(dueMs, this.detector.id)
  }

  tidyAt(dueMs: number): void {
    this.#scene.entry.schedule(dueMs, this.detector.id, { isPatient: true })
  }

  wakeAtNews(dueMs: number, everyMs: number): void {
    this.#scene.entry.schedule(dueMs, this.detector.id, { isPatient: true, everyMs })
  }

  report(finding: Finding): void {
    const { nowMs, options } = this.#scene
    const { graceMs } = options.keyed
    const tsMs = finding.tsMs ?? finding.record.tsMs
    const own = this.#scene.windowOf(tsMs)
    // A window that is over no longer adds up to an alert: what is told of it now counts where it was found out.
    const overMs = own.endMs + graceMs
    const isOver = overMs < nowMs || (overMs === nowMs && this.#scene.isRecord)
    const foundMs = this.isWindowed && this.#scene.isRecord ? this.#scene.window.startMs : nowMs
    const window = isOver ? this.#scene.windowOf(foundMs) : own
    for (const evidence of toEvidence(this.detector, finding, window, nowMs, this.host)) {
      if (options.disabled.has(evidence.type)) continue
      if (this.#scene.isOutsider && !options.network.isHome(evidence.profile)) continue
      const rule = options.whitelist.suppresses(evidence, this.host, this.whereabouts)
      if (rule !== null) {
        options.counters.suppressed(rule)
        const beyond = () => options.counters.unwritten(rule)
        if (this.#isNew(evidence, window, `${evidence.detector}${HELD_BACK}`, beyond))
          this.#forward(evidence, { rule, evidence: this.#inFull(evidence) })
        continue
      }
      const beyond = () => options.counters.flooded(evidence.detector)
      if (this.#isNew(evidence, window, evidence.detector, beyond))
        this.#forward(evidence, this.#inFull(evidence))
    }
  }

  /** With what is known of its ends beyond the traffic. */
  #inFull(evidence: Evidence): Evidence {
    const { context, popularDomains } = this.#scene.options
    return withContext(withPopularity(evidence, popularDomains), context, this.network)
  }

  #forward({ site, profile, tsMs }: Evidence, value: Judged): void {
    const { context, nowMs } = this.#scene
    context.forward({ key: `${site}|${profile}`, value, timestampMs: tsMs, streamTimeMs: nowMs })
  }

  /** The same key again is the same evidence: said once. `beyond` is told of what is one too many. */
  #isNew(evidence: Evidence, window: TimeWindow, of: string, beyond: () => void): boolean {
    const { entry, windows } = this.#scene
    const keyWindow = windows.open(entry, window.startMs)
    if (keyWindow === undefined) return true
    const slots = windows.slots(entry, keyWindow)
    const byDetector = (slots[SAID_SLOT] ?? null) as SmallMap<Said>
    const said = valueUnder(byDetector, of) ?? { ids: null }
    const short = firstHalf(evidence.id)
    if (hasItem(said.ids, short)) return false
    if (sizeOfSet(said.ids) >= MAX_SAID) {
      beyond()
      return false
    }
    said.ids = withItem(said.ids, short)
    slots[SAID_SLOT] = withValue(byDetector, of, said)
    keyWindow.dirty = true
    return true
  }

  #slots(): unknown[] {
    const scene = this.#scene
    if (!this.isWindowed) return scene.entry.slots
    const window = (scene.keyWindow ??= scene.windows.open(scene.entry, scene.window.startMs) ?? null)
    // Late records do not reach windowed detectors, so the window is open.
    if (window === null) throw new Error(`window ${scene.window.startMs} of ${scene.entry.key} is over`)
    window.dirty = true
    if (this.#closes) window.closes = true
    return scene.windows.slots(scene.entry, window)
  }
}

/** A detector that asked for a kind, with its handler for it: records of no other kind are given to it. */
type Interested = {
  readonly tools: DetectorTools
  readonly handle: (record: FlowRecord, tools: DetectorTools) => void
}

class DetectorHandler implements KeyedHandler<FlowRecord> {
  readonly #options: DetectorOptions
  readonly #scene: Scene
  readonly #byKind = new Map<RecordKind, Interested[]>()
  readonly #byId = new Map<string, DetectorTools>()
  readonly #closers: DetectorTools[] = []
  /** Kinds of records that some detector wants of hosts that are not judged as well. */
  readonly #toldOfOutsiders = new Set<RecordKind>()
  /**
   * Under other keys than the source's, a memory would be that of many hosts; and records come there a second time, so what
   * happens to them is counted here alone.
   */
  readonly #keepsHosts: boolean
  readonly #watchesDestination: boolean

  constructor(
    detectors: readonly ConfiguredDetector[],
    options: DetectorOptions,
    context: OperatorContext<Judged>,
    windows: KeyedWindows,
  ) {
    this.#options = options
    this.#scene = new Scene(options, windows, context)
    this.#keepsHosts = detectors.every(({ detector }) => detector.key.name === 'source')
    this.#watchesDestination = detectors.every(({ detector }) => detector.key.watches === 'destination')
    let keySlot = HOST_MEMORY_SLOT + 1
    let windowSlot = SAID_SLOT + 1
    for (const configured of detectors) {
      const { detector } = configured
      const scope = detector.state?.scope
      const slot = scope === 'host' ? keySlot++ : scope === 'window' ? windowSlot++ : -1
      const tools = new DetectorTools(configured, slot, this.#scene)
      this.#byId.set(detector.id, tools)
      if (detector.onWindowClose !== undefined) this.#closers.push(tools)
      for (const kind of kindsOf(detector)) {
        if (detector.tellsOfDestination === true) this.#toldOfOutsiders.add(kind)
        const handle = detector.on[kind] as Interested['handle']
        const sharing = this.#byKind.get(kind)
        if (sharing === undefined) this.#byKind.set(kind, [{ tools, handle }])
        else sharing.push({ tools, handle })
      }
    }
  }

  onRecord({ value: record }: StreamRecord<FlowRecord>, entry: KeyEntry): void {
    const { network, whitelist, judgesOutsiders, counters, keyed, context } = this.#options
    // A client that has no address yet is on the LAN that its sensor watches, and a certificate has none.
    const held = this.#watchesDestination ? record.dstIp : record.srcIp
    const isOutsider = network.isStated && held !== '' && !network.isHome(held) && !isUnspecified(held)
    const isLeftOut = isOutsider && !judgesOutsiders
    if (isLeftOut && !(this.#toldOfOutsiders.has(record.kind) && network.isHome(record.dstIp))) {
      if (this.#keepsHosts) counters.outsiders += 1
      return
    }
    const memory = this.#look(entry, entry.clockMs)
    this.#scene.isRecord = true
    this.#scene.isOutsider = isLeftOut
    if (this.#keepsHosts && !isLeftOut) remember(memory, record, network)
    const scene = this.#scene
    const rule = whitelist.drops(record, scene.host, context.whereabouts)
    if (rule !== null) {
      if (this.#keepsHosts) counters.dropped(rule)
      return
    }
    const interested = this.#byKind.get(record.kind)
    if (interested === undefined) return
    const own = scene.windowOf(record.tsMs)
    const isOwnOver = own.endMs + keyed.graceMs <= entry.clockMs
    const lasting = isOwnOver ? this.#windowOfEnd(record, entry.clockMs) : own
    let isCounted = false
    for (const { tools, handle } of interested) {
      if (isLeftOut && tools.detector.tellsOfDestination !== true) continue
      if (lasting === null && tools.isWindowed) {
        counters.late(tools.detector.id)
        if (!isCounted) scene.context.countLate?.()
        isCounted = true
        continue
      }
      scene.window = tools.isWindowed && lasting !== null ? lasting : own
      try {
        handle(record, tools)
      } catch (error) {
        this.#failed(tools.detector.id, error)
        scene.context.setAside?.(tools.detector.id, error)
      }
    }
  }

  /**
   * Sensors tell of a connection once it is over, with the time it began at: one that outlasted the window of its beginning is not
   * late, and belongs to the window of its end. `null` when that is over as well. No connection ends later than it was told of.
   */
  #windowOfEnd(record: FlowRecord, clockMs: number): TimeWindow | null {
    if (record.kind !== 'conn' || !(record.durationMs > 0)) return null
    const window = this.#scene.windowOf(Math.min(record.tsMs + record.durationMs, clockMs))
    return window.endMs + this.#options.keyed.graceMs <= clockMs ? null : window
  }

  news(): number {
    return this.#options.intel.changes
  }

  onTimer(entry: KeyEntry, name: string, dueMs: number): void {
    const tools = this.#byId.get(name)
    if (tools === undefined) return
    this.#look(entry, dueMs)
    this.#scene.window = this.#scene.windowOf(dueMs)
    try {
      tools.detector.onTimer?.(dueMs, tools)
    } catch (error) {
      this.#failed(tools.detector.id, error)
      this.#scene.context.setAside?.(tools.detector.id, error, { key: entry.key, dueMs })
    }
  }

  onWindowClose(entry: KeyEntry, window: KeyWindow, dueMs: number): void {
    this.#look(entry, dueMs)
    const scene = this.#scene
    scene.window = { startMs: window.startMs, endMs: window.endMs }
    scene.keyWindow = window
    for (const tools of this.#closers) {
      const state = tools.peek()
      if (state === undefined) continue
      try {
        tools.detector.onWindowClose?.(state, tools)
      } catch (error) {
        this.#failed(tools.detector.id, error)
        scene.context.setAside?.(tools.detector.id, error, { key: entry.key, dueMs })
      }
    }
  }

  /** A store that fails while a detector looks for its state is not the detector's fault, and must not be passed over. */
  #failed(id: string, error: unknown): void {
    if (error instanceof WeirError) throw error
    this.#options.counters.failed(id, error)
  }

  #look(entry: KeyEntry, nowMs: number): HostMemoryState {
    const scene = this.#scene
    scene.entry = entry
    scene.nowMs = nowMs
    scene.isRecord = false
    scene.isOutsider = false
    scene.keyWindow = null
    let memory = entry.slots[HOST_MEMORY_SLOT] as HostMemoryState | undefined
    if (memory === undefined) {
      memory = emptyHostMemory()
      entry.slots[HOST_MEMORY_SLOT] = memory
    }
    scene.host.attach(memory)
    return memory
  }
}

/** Without a closure: asked by most detectors at each record. */
function isOpen({ windows }: KeyEntry, startMs: number): boolean {
  for (const window of windows) if (window.startMs === startMs) return true
  return false
}

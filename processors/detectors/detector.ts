/**
 * The contract every detector fills: one claim, in one file, with one test file. This page is all of it.
 *
 * A detector is told of the records of one key (a source host, a LAN) in the order its sensor wrote
 * them, remembers plain data, and reports what it saw. It has no clock but event time, no randomness, no I/O and never awaits: the
 * same records give the same findings, whatever the machine, the number of partitions or the moment of a crash.
 */
import type { FlowRecord, Level, Party, RecordKind, RecordOf, TimeWindow } from '@weir/schemas'
import type { Whereabouts } from '../enrichment/whereabouts.ts'
import type { EvidenceType } from '../evidence/evidence-types.ts'
import type { Indicators } from '../intel/indicators.ts'
import type { KeySpec } from '../keys.ts'
import type { HostMemory } from '../profile/host-memory.ts'
import type { Network } from '../profile/network.ts'
import type { ConfigOf, Settings } from './settings.ts'

/** What was seen; never what to do about it. */
export type Finding = {
  /** Names the finding among those of the same detector, host and window: the same key again is the same evidence, said once. */
  readonly key: string
  /** One of the detector's types; its first when left out. */
  readonly type?: EvidenceType
  /** The detector's level when left out. */
  readonly level?: Level
  /** 0 to 1. */
  readonly confidence: number
  /** Event time of the finding; the record's when left out. Its window is the one the evidence is charged to. */
  readonly tsMs?: number
  /** The flow that shows it best: both ends, protocol and community id are taken from it. */
  readonly record: FlowRecord
  /** Flows to open first; the record's when left out. The first 100 are kept: say the total in `facts`. */
  readonly uids?: readonly string[]
  /** The host charged; the record's source address when left out. */
  readonly profile?: string
  /** Who did it. The record's source when left out. Evidence whose attacker stands on the `dst` side never adds to an alert. */
  readonly attacker?: Party
  /** Against whom; the record's destination when left out, nobody when null. */
  readonly victim?: Party | null
  /** A sentence for people: who, what, whom, how much. */
  readonly description: string
  /** The numbers behind it, as an analyst would ask for them. Deterministic, units in the names. */
  readonly facts: Readonly<Record<string, number | string | boolean>>
  /** ATT&CK ids; the detector's when left out. */
  readonly techniques?: readonly string[]
  /** The same finding charged to the other end: reported as evidence of its own, each naming the other as related. */
  readonly mirror?: {
    readonly profile: string
    readonly level: Level
    readonly confidence: number
    readonly attacker: Party
    readonly victim: Party | null
    readonly description: string
  }
}

/** What a detector holds while it handles one record, timer or window close. Never kept beyond the call. */
export type Tools<State, S extends Settings> = {
  readonly config: ConfigOf<S>
  /**
   * The detector's memory for this key (and window, by its scope), made by `empty()` on first use. Look at the record first and
   * ask for state last: what is never asked for costs no memory. Bounded by the detector whatever the traffic.
   */
  state(): State
  /** The memory if there is any. Changes to it are kept, like those to `state()`. */
  peek(): State | undefined
  /** Drops the memory of this key (and window). */
  forget(): void
  /** What all detectors share about the source host: names it resolved, MAC, host names, scanner mark. Empty under other keys than `bySource`. */
  readonly host: HostMemory
  /** Home networks. */
  readonly network: Network
  /** What feeds list; the same for every host. */
  readonly intel: Indicators
  /** Countries and AS numbers of addresses, where there are databases of them. Never needed: without, nothing is known. */
  readonly whereabouts: Whereabouts
  /** The key's clock: the record's stream time, or the time the timer or close was due at. */
  readonly nowMs: number
  /**
   * The profile window of the record's event time (of the closing window in `onWindowClose`). Detectors with scope `window` have that of a
   * connection's end where the window of its beginning is over.
   */
  readonly window: TimeWindow
  /**
   * Calls `onTimer` once the key's clock reaches `dueMs`, before any record that it then lets through; at the end of input at the latest.
   * Only for detectors with scope `host`. Setting the same time twice is one timer. Timers cannot be taken back: check the state when called.
   */
  wakeAt(dueMs: number): void
  /**
   * As `wakeAt`, for what only makes room and says nothing: before whatever comes later for the host, but a host that is silent is not read back from the
   * store for it.
   */
  tidyAt(dueMs: number): void
  /**
   * As `wakeAt`, to ask `intel` again what it had no answer to: never while nothing of `intel` has changed; once it has, at `dueMs` or at the
   * first of the times whole `everyMs` later that is still to come. One at a time: what is set anew takes the place of what still waits.
   */
  wakeAtNews(dueMs: number, everyMs: number): void
  report(finding: Finding): void
}

type Handlers<K extends RecordKind, State, S extends Settings> = {
  readonly [Kind in K]: (record: RecordOf<Kind>, tools: Tools<State, S>) => void
}

export type StateOf<State> = {
  /**
   * `window`: one for each key and profile window; records whose window's grace has passed do not reach the detector and are
   * counted as late, but for connections that lasted into a window that is open. `host`: one for each key, kept while the key is
   * heard of; the detector prunes by `nowMs`, and no record is ever late for it.
   */
  readonly scope: 'window' | 'host'
  /** Raised when the shape changes: the memory then starts empty. */
  readonly version: number
  /** What its bytes never exceed, whatever the traffic; tests hold it to it. */
  readonly maxBytes: number
  /** Plain data: objects, arrays, `Map`, `Set`, typed arrays, text, numbers, booleans, null. */
  empty(): State
  /**
   * Scope `window` only: whether `onWindowClose` has anything to do for this state; always when left out. A window that has gone to
   * rest without such a state is dropped unread.
   */
  wantsClose?(state: State): boolean
}

export type DetectorSpec<K extends RecordKind, State, S extends Settings> = {
  /** Kebab case; also the file's name. Never used for something else once released. */
  readonly id: string
  /** Raised when the same records would give other evidence. */
  readonly version: number
  /** One sentence: what is claimed when evidence appears. */
  readonly claim: string
  /** The identifier of the behaviour in the specification (`SCAN-01`). */
  readonly spec: string
  readonly types: readonly [EvidenceType, ...EvidenceType[]]
  readonly level: Level
  /** ATT&CK technique ids. */
  readonly techniques: readonly string[]
  /** Innocent things that look like it. */
  readonly misfires: string
  readonly key: KeySpec
  /**
   * Set by detectors under `bySource` that have something to say of a record's destination itself: they are told of outsiders that turn
   * to home hosts although outsiders are not judged. What they report of the outsider is then dropped.
   */
  readonly tellsOfDestination?: true
  readonly settings: S
  /** Left out by detectors without memory. */
  readonly state?: StateOf<State>
  /** One handler for each kind of record it wants: a record costs only the detectors that asked for its kind. */
  readonly on: Handlers<K, State, S>
  onTimer?(dueMs: number, tools: Tools<State, S>): void
  /** Scope `window` only: the window's grace has passed; only called where there is state, which is dropped afterwards. */
  onWindowClose?(state: State, tools: Tools<State, S>): void
}

/**
 * A detector as the registry and the operator see it. The type of its state stays inside: nobody but the detector may look.
 */
export type Detector = DetectorSpec<RecordKind, unknown, Settings>

/** The kinds a detector asked for, in the order of its handlers. */
export function kindsOf(detector: Detector): readonly RecordKind[] {
  return Object.keys(detector.on) as RecordKind[]
}

/** Checks the types of a detector and hides its state. */
export function defineDetector<K extends RecordKind, State, const S extends Settings>(
  spec: DetectorSpec<K, State, S>,
): Detector {
  return spec as unknown as Detector
}

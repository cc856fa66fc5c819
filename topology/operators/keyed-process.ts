/**
 * The operator that remembers: live objects for each key, timers in event time, tumbling windows with a grace.
 *
 * Determinism. A key's clock is the greatest stream time its own records carried. Before a record is handed on, whatever that
 * record's stream time has made due for its key (timers, window closes) happens first, in the order of due times. The task's
 * stream time, which depends on which keys share the task, may only end what has been silent: an item of another key
 * happens once it has been due for `silenceMs`. As readers stamp records with a stream time that never falls, no record of that key can
 * still come that would have found the item not yet due; so both ways give the same results.
 *
 * Memory. State stays an object between commits (bytes and back at every record were measured at 6 to 23 µs). Keys beyond
 * `maxLiveKeys`, those that no record touched for longest first, keys silent for so long that none of their windows is open, and
 * windows that have ended, go to the stores as bytes and come back when touched.
 */
import { ShapedValues } from '../stores/shaped-values.ts'
import { DueKeys } from './due-keys.ts'
import {
  firstImpatientMs,
  nextOf,
  type Patience,
  type Timer,
  timeAfter,
  waitsForNews,
  withTimer,
} from './keyed-timers.ts'
import type { Operator, OperatorContext, OperatorSpec, StreamRecord } from './operator.ts'
import { RestingKeys } from './resting-keys.ts'
import { whenDue } from './when-due.ts'
import { windowsText } from './window-aggregate.ts'

/** A slot of state beside others of the same key. A changed shape takes a new name and starts empty. */
export type StateSpec = {
  readonly name: string
  readonly scope: 'key' | 'window'
  /**
   * Whether `onWindowClose` wants to see a window for this state of it; `null`: never. Asked when the window goes to rest:
   * those that nobody wants to see are dropped unread.
   */
  readonly closes: ((state: unknown) => boolean) | null
}

export type KeyedProcessOptions = {
  /** Tumbling, aligned to the epoch. */
  readonly windowMs: number
  /** A window takes records until its key's clock reaches its end plus this. */
  readonly graceMs: number
  /** What another key's silence is worth: see the determinism note above. */
  readonly silenceMs: number
  /** Key-scoped state is forgotten when its key has been silent for this long. */
  readonly keyTtlMs: number
  /** Keys kept as live objects. */
  readonly maxLiveKeys: number
}

export type KeyedHandler<In> = {
  /** One record, after all that it made due for its key has happened. */
  onRecord(record: StreamRecord<In>, entry: KeyEntry): void
  /**
   * `name` as given to `schedule`; `dueMs` is the time it was due at, whenever it happens. What it throws becomes a dead letter,
   * as what `onWindowClose` throws does; what `onRecord` throws stops the runner.
   */
  onTimer(entry: KeyEntry, name: string, dueMs: number): void
  /** The window's grace has passed; its state is dropped afterwards. */
  onWindowClose(entry: KeyEntry, window: KeyWindow, dueMs: number): void
  /** Every so often, for counters kept outside of state. */
  flush?(): void
  /** How often what timers with `everyMs` look at has changed so far: see `KeyEntry.schedule`. Asked often. Never, when left out. */
  news?(): number
}

/** How a handler reaches the windows of the entry it was given. */
export type KeyedWindows = {
  /**
   * The window of `tsMs`, opened when need be; `undefined` when its grace has passed for this key. Whether a record is late for that is
   * the handler's to say (`OperatorContext.countLate`): it may want no window for it.
   */
  open(entry: KeyEntry, tsMs: number): KeyWindow | undefined
  /** The window's slots as live objects, read back from the store when they rest there. Set `dirty` after a change. */
  slots(entry: KeyEntry, window: KeyWindow): unknown[]
}

export type KeyedProcessSpec<In, Out> = {
  readonly options: KeyedProcessOptions
  /** Slot numbers are positions among the specs of the same scope. */
  readonly states: readonly StateSpec[]
  create(context: OperatorContext<Out>, windows: KeyedWindows): KeyedHandler<In>
}

/** One window of one key. Owned by its entry. */
export class KeyWindow {
  readonly startMs: number
  readonly endMs: number
  /** State by slot number; `undefined` until touched. `null` as a whole while it rests in the store. */
  slots: unknown[] | null
  dirty = false
  /** Whether any slot present wants to see the close; known even while the slots rest in the store. */
  closes = false

  constructor(startMs: number, endMs: number, slots: unknown[] | null) {
    this.startMs = startMs
    this.endMs = endMs
    this.slots = slots
  }
}

const impatient: Patience = { isPatient: false }

/** What is remembered of one key. Handlers must not keep it beyond the call. */
export class KeyEntry {
  readonly key: string
  /** Of the operator's `DueKeys`. */
  readonly row: number
  /** The greatest stream time that this key's records carried. */
  clockMs: number
  /** Key-scoped state by slot number. */
  readonly slots: unknown[]
  // New arrays whenever they change: one that grows has room for seventeen at once, and most keys have one or two of each.
  /** Newest first. */
  windows: readonly KeyWindow[] = []
  timers: readonly Timer[] = []
  /** When its state is to be forgotten unless a record comes; infinite once that has happened. */
  forgetMs = Number.POSITIVE_INFINITY
  /** Earliest window close, or timer that does not wait for news. */
  nextDueMs = Number.POSITIVE_INFINITY
  /** The same without patient timers: until then, or until it is forgotten, a silent key is left alone. */
  wakesMs = Number.POSITIVE_INFINITY
  dirty = false
  /** Whether a record came since the operator's hand last passed. */
  touched = false

  constructor(key: string, row: number, slots: unknown[]) {
    this.key = key
    this.row = row
    this.clockMs = Number.NEGATIVE_INFINITY
    this.slots = slots
  }

  /** Wakes `onTimer` at `dueMs` of this key's time: see `withTimer`, of what it throws as well. */
  schedule(dueMs: number, name: string, patience: Patience = impatient): void {
    this.timers = withTimer(this.timers, dueMs, name, patience)
    if ((patience.everyMs ?? 0) > 0) return
    if (dueMs < this.nextDueMs) this.nextDueMs = dueMs
    if (!patience.isPatient && dueMs < this.wakesMs) this.wakesMs = dueMs
  }
}

/** Wraps a keyed handler as a step of the topology. Its stores are `<name>-keys` and `<name>-windows`. */
export function keyedProcess<In, Out>(name: string, spec: KeyedProcessSpec<In, Out>): OperatorSpec<In, Out> {
  const { windowMs, graceMs } = spec.options
  const windows = windowsText({ sizeMs: windowMs, hopMs: windowMs, graceMs })
  return {
    kind: 'keyed-process',
    changesKey: false,
    stores: [
      { name: `${name}-keys`, kind: 'key-value', holds: `keys and their ${windows}` },
      { name: `${name}-windows`, kind: 'key-value', holds: windows },
    ],
    create: (context) => new KeyedProcess(name, spec, context),
  }
}

/** Records between two looks at what may rest, at most; and for each live key that there may be: a look costs as much as there are. */
const LOOK_EVERY = 32_768
const LOOK_EVERY_KEY = 4
/** Windows that ended longer ago than this only wait for late records: they rest in the store. */
const REST_AFTER_MS = 300_000

export class KeyedProcess<In, Out> implements Operator<In>, KeyedWindows {
  readonly #options: KeyedProcessOptions
  readonly #keySlots: Slots
  readonly #windowSlots: Slots
  readonly #handler: KeyedHandler<In>
  readonly #keys: ShapedValues
  readonly #windows: ShapedValues
  readonly #durable: boolean
  readonly #name: string
  readonly #context: OperatorContext<Out>
  readonly #live = new Map<string, KeyEntry>()
  /**
   * Goes round the live keys in search of those that may rest: the second-chance («clock») form of least recently used. `null` while there is
   * room: an iterator that stands still keeps all that has left the map since.
   */
  #hand: Iterator<KeyEntry> | null = null
  /** Keys live and at rest. */
  readonly #due = new DueKeys()
  readonly #resting: RestingKeys
  #news = 0
  /** Up to where `advance` has come: what is due of silent keys up to here has happened, or been passed over. */
  #untilMs = Number.NEGATIVE_INFINITY
  /** The same when the last news came. */
  #newsMs = Number.NEGATIVE_INFINITY
  #restored: boolean
  readonly #lookEvery: number
  #sinceLook = 0
  /** The greatest stream time that any record carried. Only decides what rests where. */
  #streamMs = Number.NEGATIVE_INFINITY

  constructor(name: string, spec: KeyedProcessSpec<In, Out>, context: OperatorContext<Out>) {
    this.#options = spec.options
    this.#lookEvery = Math.min(LOOK_EVERY_KEY * spec.options.maxLiveKeys, LOOK_EVERY)
    this.#keySlots = new Slots(spec.states, 'key')
    this.#windowSlots = new Slots(spec.states, 'window')
    this.#keys = new ShapedValues(context.store(`${name}-keys`))
    this.#windows = new ShapedValues(context.store(`${name}-windows`))
    this.#durable = context.durable
    this.#name = name
    this.#context = context
    this.#resting = new RestingKeys(spec.options.windowMs)
    // Stores that outlive nothing begin empty.
    this.#restored = !context.durable
    this.#handler = spec.create(context, this)
  }

  process(record: StreamRecord<In>): void {
    if (!this.#restored) this.#restore()
    this.#hear()
    if (this.#sinceLook >= this.#lookEvery) this.#look()
    this.#sinceLook += 1
    const entry = this.#entry(record.key)
    entry.touched = true
    entry.dirty = true
    const now = record.streamTimeMs
    if (now > this.#streamMs) this.#streamMs = now
    if (entry.nextDueMs <= now || entry.forgetMs <= now) this.#happen(entry, now)
    if (now > entry.clockMs) entry.clockMs = now
    entry.forgetMs = entry.clockMs + this.#options.keyTtlMs
    this.#handler.onRecord(record, entry)
    this.#expectSooner(entry)
  }

  advance(streamTimeMs: number): void {
    if (!this.#restored) this.#restore()
    const until = streamTimeMs - this.#options.silenceMs
    // The first step that is known of: what was before has been passed over.
    if (this.#untilMs === Number.NEGATIVE_INFINITY && until !== Number.POSITIVE_INFINITY)
      this.#untilMs = until
    this.#hear(until === Number.POSITIVE_INFINITY)
    this.#untilMs = Math.max(this.#untilMs, until)
    const due = this.#due
    for (let row = due.first(); row >= 0 && due.dueMs(row) <= until; row = due.first()) {
      const key = due.keyOf(row)
      if (!this.#live.has(key) && this.#staysAtRest(row, until)) continue
      const entry = this.#entry(key)
      due.set(row, Number.POSITIVE_INFINITY)
      this.#happen(entry, until)
      if (isForgotten(entry)) this.#forget(entry)
      else {
        entry.dirty = true
        this.#expect(entry)
      }
    }
    if (streamTimeMs === Number.POSITIVE_INFINITY) {
      this.#live.clear()
      due.clear()
      this.#resting.clear()
      // What comes after an end is new work.
      this.#untilMs = Number.NEGATIVE_INFINITY
      this.#newsMs = Number.NEGATIVE_INFINITY
    }
  }

  flush(): void {
    this.#handler.flush?.()
    if (!this.#durable) return
    for (const entry of this.#live.values()) if (entry.dirty) this.#write(entry)
  }

  open(entry: KeyEntry, tsMs: number): KeyWindow | undefined {
    const options = this.#options
    const newest = entry.windows[0]
    if (newest !== undefined && newest.startMs <= tsMs && tsMs < newest.endMs) return newest
    const startMs = Math.floor(tsMs / options.windowMs) * options.windowMs
    const endMs = startMs + options.windowMs
    if (endMs + options.graceMs <= entry.clockMs) return undefined
    for (const window of entry.windows) if (window.startMs === startMs) return window
    const window = new KeyWindow(startMs, endMs, this.#windowSlots.empty())
    let at = 0
    while (at < entry.windows.length && (entry.windows[at] as KeyWindow).startMs > startMs) at++
    entry.windows = entry.windows.toSpliced(at, 0, window)
    const closeMs = this.#closeMs(startMs)
    if (closeMs < entry.nextDueMs) entry.nextDueMs = closeMs
    if (closeMs < entry.wakesMs) entry.wakesMs = closeMs
    return window
  }

  slots(entry: KeyEntry, window: KeyWindow): unknown[] {
    return (window.slots ??= this.#readWindow(windowKey(entry.key, window.startMs)))
  }

  #entry(key: string): KeyEntry {
    return this.#live.get(key) ?? this.#load(key, this.#keys.get(key))
  }

  /** Lets timers that wait for news happen once there are some: now for live keys, for others when the heap brings them. */
  #hear(isLastChance = false): void {
    const news = this.#handler.news?.() ?? 0
    if (news === this.#news || (this.#untilMs === Number.NEGATIVE_INFINITY && !isLastChance)) return
    this.#news = news
    this.#newsMs = this.#untilMs
    for (const entry of this.#live.values()) {
      this.#endPatience(entry)
      this.#expectSooner(entry)
    }
    for (let row = 0; this.#resting.listening > 0 && row < this.#due.rows; row += 1) {
      if (!this.#resting.isListening(row)) continue
      this.#resting.hear(row, this.#newsMs)
      this.#expectResting(row)
    }
  }

  #endPatience(entry: KeyEntry): void {
    const ended = entry.timers.filter(waitsForNews)
    if (ended.length === 0) return
    entry.timers = entry.timers.filter((timer) => !waitsForNews(timer))
    // What was due before this has been passed over.
    const passedMs = Math.max(this.#newsMs, entry.clockMs)
    for (const timer of ended) entry.schedule(timeAfter(timer, passedMs), timer.name)
  }

  #expect({ row, wakesMs, forgetMs, nextDueMs }: KeyEntry): void {
    const dueMs = Math.min(wakesMs, forgetMs)
    // Nobody is left who would come before it. At the end of input everything is due that is known to be.
    this.#due.set(row, dueMs === Number.POSITIVE_INFINITY ? nextDueMs : dueMs)
  }

  /** What is due later than it was is found out when it would have been. */
  #expectSooner(entry: KeyEntry): void {
    if (Math.min(entry.wakesMs, entry.forgetMs) < this.#due.dueMs(entry.row)) this.#expect(entry)
  }

  /** All that is due for this key up to `nowMs`, earliest first; the handler may schedule more meanwhile. */
  #happen(entry: KeyEntry, nowMs: number): void {
    for (;;) {
      const timer = nextOf(entry.timers)
      const oldest = entry.windows[entry.windows.length - 1]
      const timerMs = timer === undefined ? Number.POSITIVE_INFINITY : timer.dueMs
      const closeMs = this.#closeMs(oldest?.startMs)
      const nextMs = Math.min(timerMs, closeMs)
      if (entry.forgetMs < nextMs && entry.forgetMs <= nowMs) {
        // Due at its time like everything else: what is due later finds the key's state gone.
        entry.slots.fill(undefined)
        entry.timers = entry.timers.filter((waiting) => !waitsForNews(waiting))
        entry.forgetMs = Number.POSITIVE_INFINITY
      } else if (nextMs === Number.POSITIVE_INFINITY || nextMs > nowMs) {
        entry.nextDueMs = nextMs
        entry.wakesMs = Math.min(closeMs, firstImpatientMs(entry.timers))
        return
      } else if (timer !== undefined && timerMs <= closeMs) {
        this.#wake(entry, timer)
      } else if (oldest !== undefined) {
        this.#close(entry, oldest, closeMs)
      }
    }
  }

  /** Of the window that starts then; infinite where there is none. */
  #closeMs(startMs: number | undefined): number {
    if (startMs === undefined) return Number.POSITIVE_INFINITY
    return startMs + this.#options.windowMs + this.#options.graceMs
  }

  /** Whether anybody still wants to see the window at its end. */
  #judge(window: KeyWindow): void {
    if (window.closes && window.slots !== null) window.closes = this.#windowSlots.wantClose(window.slots)
  }

  #wake(entry: KeyEntry, timer: Timer): void {
    const { name, dueMs } = timer
    entry.timers = entry.timers.toSpliced(entry.timers.indexOf(timer), 1)
    whenDue(this.#context, this.#name, { key: entry.key, dueMs }, () =>
      this.#handler.onTimer(entry, name, dueMs),
    )
  }

  #close(entry: KeyEntry, window: KeyWindow, dueMs: number): void {
    if (window.closes) {
      this.slots(entry, window)
      whenDue(this.#context, this.#name, { key: entry.key, dueMs }, () =>
        this.#handler.onWindowClose(entry, window, dueMs),
      )
    }
    entry.windows = entry.windows.slice(0, -1)
    this.#windows.delete(windowKey(entry.key, window.startMs))
  }

  #forget(entry: KeyEntry): void {
    this.#live.delete(entry.key)
    this.#due.remove(entry.row)
    entry.dirty = false
    this.#keys.delete(entry.key)
  }

  #load(key: string, stored: unknown): KeyEntry {
    // Before it is among them: it does not go itself.
    this.#makeRoom()
    const known = this.#due.rowOf(key)
    const row = known ?? this.#due.add(key)
    // The text that the row has: records bring the same one again and again.
    const entry = new KeyEntry(this.#due.keyOf(row), row, this.#keySlots.empty())
    if (stored !== undefined) {
      const saved = stored as SavedEntry
      entry.clockMs = saved.clockMs
      entry.forgetMs = saved.forgetMs
      entry.timers = saved.timers
      if (known === undefined || !this.#resting.isListening(row)) this.#endPatience(entry)
      // The others ended while it was at rest.
      const windows = saved.windows.filter(
        ([startMs, closes]) => closes || known === undefined || this.#resting.isOpen(row, startMs),
      )
      entry.windows = windows.map(([startMs, closes]) => {
        const window = new KeyWindow(startMs, startMs + this.#options.windowMs, null)
        window.closes = closes
        return window
      })
      this.#keySlots.fill(entry.slots, saved.slots)
      const closeMs = this.#closeMs(entry.windows.at(-1)?.startMs)
      entry.nextDueMs = Math.min(closeMs, nextOf(entry.timers)?.dueMs ?? Number.POSITIVE_INFINITY)
      entry.wakesMs = Math.min(closeMs, firstImpatientMs(entry.timers))
    }
    this.#resting.lay(row)
    this.#live.set(entry.key, entry)
    return entry
  }

  #write(entry: KeyEntry): void {
    entry.dirty = false
    for (const window of entry.windows) this.#writeWindow(entry, window)
    // At rest nobody asks how far its key had come.
    for (const timer of entry.timers) {
      if (waitsForNews(timer) && timer.dueMs <= entry.clockMs)
        entry.schedule(timeAfter(timer, entry.clockMs), timer.name, timer)
    }
    this.#keySlots.save(entry.slots, (slots) => {
      const saved: SavedEntry = {
        clockMs: entry.clockMs,
        forgetMs: entry.forgetMs,
        timers: entry.timers,
        windows: entry.windows.map((window) => [window.startMs, window.closes]),
        slots,
      }
      this.#keys.put(entry.key, saved)
    })
  }

  #writeWindow(entry: KeyEntry, window: KeyWindow): void {
    if (!window.dirty || window.slots === null) return
    window.dirty = false
    this.#windowSlots.save(window.slots, (saved) =>
      this.#windows.put(windowKey(entry.key, window.startMs), saved),
    )
  }

  #readWindow(key: string): unknown[] {
    const slots = this.#windowSlots.empty()
    const saved = this.#windows.get(key)
    if (saved !== undefined) this.#windowSlots.fill(slots, saved as SavedSlots)
    return slots
  }

  /** Between commits as well: a backlog touches most keys there are from one to the next. */
  #makeRoom(): void {
    const most = Math.max(1, this.#options.maxLiveKeys)
    if (this.#live.size < most) this.#hand = null
    while (this.#live.size >= most) {
      this.#hand ??= this.#live.values()
      const next = this.#hand.next()
      if (next.done === true) this.#hand = null
      else if (next.value.touched) next.value.touched = false
      else this.#rest(next.value)
    }
  }

  #rest(entry: KeyEntry): void {
    if (entry.dirty) {
      for (const window of entry.windows) this.#judge(window)
      this.#write(entry)
    }
    this.#live.delete(entry.key)
    this.#laidToRest(entry.row, entry)
  }

  #laidToRest(row: number, { forgetMs, timers, windows }: Rested): void {
    const resting = this.#resting
    resting.lay(row)
    resting.need(row, Math.min(forgetMs, firstImpatientMs(timers)))
    for (let at = windows.length - 1; at >= 0; at -= 1) {
      const { startMs, closes } = windows[at] as Rested['windows'][number]
      if (closes || !resting.addEnding(row, startMs)) resting.need(row, this.#closeMs(startMs))
    }
    // Nobody is left who would come before it.
    if (resting.neededMs(row) === Number.POSITIVE_INFINITY)
      resting.need(row, nextOf(timers)?.dueMs ?? Number.POSITIVE_INFINITY)
    for (const timer of timers) if (waitsForNews(timer)) resting.listen(row, timer)
    this.#expectResting(row)
  }

  #expectResting(row: number): void {
    const closeMs = this.#closeMs(this.#resting.nextEnding(row))
    this.#due.set(row, Math.min(this.#resting.neededMs(row), closeMs))
  }

  /** Whether all that is due at rest is that windows end which nobody wants to see: the key is not read for it. */
  #staysAtRest(row: number, untilMs: number): boolean {
    const resting = this.#resting
    const neededMs = resting.neededMs(row)
    // What it is needed for may come before a window's end, and look into it. And of what is not needed for anything any more the last
    // window is the end.
    if (neededMs <= untilMs || neededMs === Number.POSITIVE_INFINITY) return false
    let startMs = resting.nextEnding(row)
    while (startMs !== undefined && this.#closeMs(startMs) <= untilMs) {
      this.#windows.delete(windowKey(this.#due.keyOf(row), startMs))
      resting.endNext(row)
      startMs = resting.nextEnding(row)
    }
    this.#expectResting(row)
    return true
  }

  /** Bytes take a fraction of what objects take. */
  #look(): void {
    this.#sinceLook = 0
    const restMs = this.#streamMs - REST_AFTER_MS
    const idleMs = this.#streamMs - this.#options.windowMs - this.#options.graceMs
    for (const entry of this.#live.values()) {
      for (const window of entry.windows) {
        if (window.slots === null || window.endMs > restMs) continue
        const { closes } = window
        this.#judge(window)
        if (window.closes !== closes) entry.dirty = true
        this.#writeWindow(entry, window)
        window.slots = null
      }
      // Keys that never have windows are not idle before others would be.
      if (entry.windows.length === 0 && entry.clockMs <= idleMs) this.#rest(entry)
    }
  }

  /** After a restart the heap is rebuilt from what the store knows to be due. */
  #restore(): void {
    this.#restored = true
    for (const [key, stored] of this.#keys.range()) {
      const { forgetMs, timers, windows } = stored as SavedEntry
      const saved = windows.map(([startMs, closes]) => ({ startMs, closes }))
      this.#laidToRest(this.#due.add(key), { forgetMs, timers, windows: saved })
    }
    // There may have been some meanwhile.
    this.#news = Number.NaN
  }
}

/** The slots of one scope, and how they are saved. */
class Slots {
  readonly #names: readonly string[]
  readonly #closes: readonly StateSpec['closes'][]
  readonly #at: ReadonlyMap<string, number>
  /** Of each slot what it is saved as, the same at each writing: what holds a state for so short a time would yet grow old. */
  readonly #named: readonly Record<string, unknown>[]
  readonly #saved: Record<string, unknown>[] = []

  constructor(states: readonly StateSpec[], scope: StateSpec['scope']) {
    const own = states.filter((state) => state.scope === scope)
    this.#names = own.map(({ name }) => name)
    this.#closes = own.map(({ closes }) => closes)
    this.#at = new Map(this.#names.map((name, at) => [name, at]))
    this.#named = this.#names.map((name) => ({ [name]: undefined }))
  }

  empty(): unknown[] {
    return new Array<unknown>(this.#names.length).fill(undefined)
  }

  wantClose(slots: readonly unknown[]): boolean {
    return this.#closes.some((closes, at) => closes !== null && slots[at] !== undefined && closes(slots[at]))
  }

  /** Gives what is to be saved of the slots to `write`, and is of no use any more when that returns. */
  save(slots: readonly unknown[], write: (saved: SavedSlots) => void): void {
    const saved = this.#saved
    saved.length = 0
    for (let at = 0; at < slots.length; at++) {
      const state = slots[at]
      if (state === undefined) continue
      const named = this.#named[at] as Record<string, unknown>
      named[this.#names[at] as string] = state
      saved.push(named)
    }
    write(saved)
    for (let at = 0; at < slots.length; at++) {
      if (slots[at] !== undefined)
        (this.#named[at] as Record<string, unknown>)[this.#names[at] as string] = undefined
    }
  }

  /** State under a name that no one declares any more is left behind: its shape has changed or its owner is gone. */
  fill(slots: unknown[], saved: SavedSlots): void {
    for (const named of saved) {
      for (const name in named) {
        const at = this.#at.get(name)
        if (at !== undefined) slots[at] = named[name]
      }
    }
  }
}

/** Of each slot that holds something, an object with its name as the only field: so the name is a shape, and not written each time. */
type SavedSlots = readonly Readonly<Record<string, unknown>>[]

type SavedEntry = {
  readonly clockMs: number
  readonly forgetMs: number
  readonly timers: readonly Timer[]
  readonly windows: readonly (readonly [startMs: number, closes: boolean])[]
  readonly slots: SavedSlots
}

/** What of an entry says when it is due. */
type Rested = Pick<KeyEntry, 'forgetMs' | 'timers'> & {
  /** Newest first. */
  readonly windows: readonly Pick<KeyWindow, 'startMs' | 'closes'>[]
}

/** Windows and timers may outlast the state: a record can tell of a time far ahead of the stream time it carries. */
function isForgotten(entry: KeyEntry): boolean {
  const { forgetMs, windows, timers } = entry
  return forgetMs === Number.POSITIVE_INFINITY && windows.length === 0 && timers.every(waitsForNews)
}

/** Fixed width, so that a key's windows stand in order of time. */
function windowKey(key: string, startMs: number): string {
  return `${key}\u0000${startMs.toString(36).padStart(9, '0')}`
}

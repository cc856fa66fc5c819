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
import { DueHeap } from './due-heap.ts'
import type { Operator, OperatorContext, OperatorSpec, StreamRecord } from './operator.ts'
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

/** Of ECMAScript's `Date`. */
const LAST_MOMENT_MS = 8.64e15

type Timer = {
  readonly dueMs: number
  readonly name: string
  /** Whether it can wait for whatever wakes its key next: a record, another timer, a window's close, the end of its time to live. */
  readonly isPatient: boolean
  /** Of a patient one that news end the patience of: what it is set to again until there are any. 0 of others. */
  readonly everyMs: number
}

export type Patience = {
  /** Happens before whatever comes later for its key, yet does not by itself end the key's rest: for what only makes room. */
  readonly isPatient: boolean
  /**
   * Patient until `KeyedHandler.news` tells of some: for what has nothing to say before. Where its time has passed unheeded by then, it
   * happens at the first that is whole periods later, as if it had been set again each time.
   */
  readonly everyMs?: number
}

const impatient: Patience = { isPatient: false }

/** What is remembered of one key. Handlers must not keep it beyond the call. */
export class KeyEntry {
  readonly key: string
  /** The greatest stream time that this key's records carried. */
  clockMs: number
  /** Key-scoped state by slot number. */
  readonly slots: unknown[]
  // New arrays whenever they change: one that grows has room for seventeen at once, and most keys have one or two of each.
  /** Newest first. */
  windows: readonly KeyWindow[] = []
  /** By due time, then in the order of scheduling. */
  timers: readonly Timer[] = []
  /** When its state is to be forgotten unless a record comes; infinite once that has happened. */
  forgetMs = Number.POSITIVE_INFINITY
  /** Earliest timer or window close. */
  nextDueMs = Number.POSITIVE_INFINITY
  /** The same without patient timers: until then, or until it is forgotten, a silent key is left alone. */
  wakesMs = Number.POSITIVE_INFINITY
  /** The due time under which the operator's heap knows this key; infinite when it does not. */
  heapDueMs = Number.POSITIVE_INFINITY
  dirty = false
  /** Whether a record came since the operator's hand last passed. */
  touched = false

  constructor(key: string, slots: unknown[]) {
    this.key = key
    this.clockMs = Number.NEGATIVE_INFINITY
    this.slots = slots
  }

  /**
   * Wakes `onTimer` at `dueMs` of this key's time. The same name at the same time is one timer, no more patient than the least patient
   * that set it. Throws a `RangeError` at what is no moment that a `Date` can hold: what is never due would never leave.
   */
  schedule(dueMs: number, name: string, { isPatient, everyMs = 0 }: Patience = impatient): void {
    if (!(Math.abs(dueMs) <= LAST_MOMENT_MS)) throw new RangeError(`${dueMs} is no time to wake '${name}' at`)
    const { timers } = this
    let at = timers.length
    while (at > 0 && (timers[at - 1] as Timer).dueMs > dueMs) at--
    let timer: Timer = { dueMs, name, isPatient, everyMs }
    let replaced = 0
    for (let i = at; i > 0; i--) {
      const earlier = timers[i - 1] as Timer
      if (earlier.dueMs !== dueMs) break
      if (earlier.name !== name) continue
      timer = lessPatient(earlier, timer)
      if (timer === earlier) return
      at = i - 1
      replaced = 1
      break
    }
    this.timers = timers.toSpliced(at, replaced, timer)
    if (dueMs < this.nextDueMs) this.nextDueMs = dueMs
    if (!isPatient && dueMs < this.wakesMs) this.wakesMs = dueMs
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

/** Records between two looks at what may rest: a look costs as much as there are live keys. */
const LOOK_EVERY = 16_384
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
  readonly #due = new DueHeap()
  /** Of keys in the store: what is due, and for what they have to be read. */
  readonly #resting = new Map<string, Resting>()
  /** Of keys in the store that have heard all news: timers that the next end the patience of. */
  readonly #listening = new Map<string, readonly Timer[]>()
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
    this.#lookEvery = Math.min(spec.options.maxLiveKeys, LOOK_EVERY)
    this.#keySlots = new Slots(spec.states, 'key')
    this.#windowSlots = new Slots(spec.states, 'window')
    this.#keys = new ShapedValues(context.store(`${name}-keys`))
    this.#windows = new ShapedValues(context.store(`${name}-windows`))
    this.#durable = context.durable
    this.#name = name
    this.#context = context
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
    if (Math.min(entry.wakesMs, entry.forgetMs) < entry.heapDueMs) this.#expect(entry)
  }

  advance(streamTimeMs: number): void {
    if (!this.#restored) this.#restore()
    const until = streamTimeMs - this.#options.silenceMs
    // After a restart: what was passed over before it was, up to here.
    if (this.#untilMs === Number.NEGATIVE_INFINITY && until !== Number.POSITIVE_INFINITY)
      this.#untilMs = until
    this.#hear()
    this.#untilMs = Math.max(this.#untilMs, until)
    for (let next = this.#due.peek(); next !== undefined && next.dueMs <= until; next = this.#due.peek()) {
      this.#due.pop()
      const resting = this.#resting.get(next.key)
      // Forgotten since the heap heard of it, or expected at another time: not worth reading it for.
      if ((this.#live.get(next.key)?.heapDueMs ?? resting?.dueMs) !== next.dueMs) continue
      if (resting !== undefined && this.#staysAtRest(next.key, resting, until)) continue
      const entry = this.#entry(next.key)
      entry.heapDueMs = Number.POSITIVE_INFINITY
      this.#happen(entry, until)
      if (isForgotten(entry)) this.#forget(entry)
      else {
        entry.dirty = true
        this.#expect(entry)
      }
    }
    if (streamTimeMs === Number.POSITIVE_INFINITY) {
      this.#live.clear()
      this.#resting.clear()
      this.#listening.clear()
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
  #hear(): void {
    const news = this.#handler.news?.() ?? 0
    if (news === this.#news || this.#untilMs === Number.NEGATIVE_INFINITY) return
    this.#news = news
    this.#newsMs = this.#untilMs
    for (const entry of this.#live.values()) {
      this.#endPatience(entry)
      if (Math.min(entry.wakesMs, entry.forgetMs) < entry.heapDueMs) this.#expect(entry)
    }
    for (const [key, timers] of this.#listening) {
      const dueMs = Math.min(...timers.map((timer) => this.#heardMs(timer)))
      const resting = this.#resting.get(key)
      if (resting === undefined || dueMs >= resting.neededMs) continue
      resting.neededMs = dueMs
      this.#expectResting(key, resting)
    }
    this.#listening.clear()
  }

  #endPatience(entry: KeyEntry): void {
    const ended = entry.timers.filter(waitsForNews)
    if (ended.length === 0) return
    entry.timers = entry.timers.filter((timer) => !waitsForNews(timer))
    for (const timer of ended) entry.schedule(this.#heardMs(timer), timer.name)
  }

  /** When a timer happens that the last news end the patience of. */
  #heardMs({ dueMs, everyMs }: Timer): number {
    if (dueMs > this.#newsMs) return dueMs
    return dueMs + (Math.floor((this.#newsMs - dueMs) / everyMs) + 1) * everyMs
  }

  #expect(entry: KeyEntry): void {
    const wakesMs = Math.min(entry.wakesMs, entry.forgetMs)
    // Nobody is left who would come before it.
    const dueMs = wakesMs === Number.POSITIVE_INFINITY ? entry.nextDueMs : wakesMs
    entry.heapDueMs = dueMs
    // At the end of input everything is due that the heap knows.
    if (dueMs !== Number.POSITIVE_INFINITY) this.#due.push({ dueMs, key: entry.key })
  }

  /** All that is due for this key up to `nowMs`, earliest first; the handler may schedule more meanwhile. */
  #happen(entry: KeyEntry, nowMs: number): void {
    for (;;) {
      const timer = entry.timers[0]
      const oldest = entry.windows[entry.windows.length - 1]
      const timerMs = timer === undefined ? Number.POSITIVE_INFINITY : timer.dueMs
      const closeMs = this.#closeMs(oldest?.startMs)
      const nextMs = Math.min(timerMs, closeMs)
      if (entry.forgetMs < nextMs && entry.forgetMs <= nowMs) {
        // Due at its time like everything else: what is due later finds the key's state gone.
        entry.slots.fill(undefined)
        entry.forgetMs = Number.POSITIVE_INFINITY
      } else if (nextMs === Number.POSITIVE_INFINITY || nextMs > nowMs) {
        entry.nextDueMs = nextMs
        entry.wakesMs = Math.min(closeMs, firstImpatient(entry.timers))
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

  #wake(entry: KeyEntry, { name, dueMs }: Timer): void {
    entry.timers = entry.timers.slice(1)
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
    entry.dirty = false
    this.#keys.delete(entry.key)
  }

  #load(key: string, stored: unknown): KeyEntry {
    // Before it is among them: it does not go itself.
    this.#makeRoom()
    const resting = this.#resting.get(key)
    this.#resting.delete(key)
    const isListening = this.#listening.delete(key)
    const entry = new KeyEntry(key, this.#keySlots.empty())
    if (stored !== undefined) {
      const saved = stored as SavedEntry
      entry.clockMs = saved.clockMs
      entry.forgetMs = saved.forgetMs
      entry.timers = saved.timers
      if (!isListening) this.#endPatience(entry)
      // The others ended while it was at rest.
      const windows = saved.windows.filter(
        ([startMs, closes]) => closes || resting?.endings.includes(startMs) !== false,
      )
      entry.windows = windows.map(([startMs, closes]) => {
        const window = new KeyWindow(startMs, startMs + this.#options.windowMs, null)
        window.closes = closes
        return window
      })
      this.#keySlots.fill(entry.slots, saved.slots)
      const closeMs = this.#closeMs(entry.windows.at(-1)?.startMs)
      entry.nextDueMs = Math.min(closeMs, entry.timers[0]?.dueMs ?? Number.POSITIVE_INFINITY)
      entry.wakesMs = Math.min(closeMs, firstImpatient(entry.timers))
      entry.heapDueMs = resting?.dueMs ?? Number.POSITIVE_INFINITY
    }
    this.#live.set(key, entry)
    return entry
  }

  #write(entry: KeyEntry): void {
    entry.dirty = false
    for (const window of entry.windows) this.#writeWindow(entry, window)
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
    this.#laidToRest(entry)
  }

  #laidToRest({ key, heapDueMs, forgetMs, timers, windows }: Rested): void {
    const listening = timers.filter(waitsForNews)
    if (listening.length > 0) this.#listening.set(key, listening)
    const seen = windows.findLast(({ closes }) => closes)
    // Copied, an array has no room to grow.
    const endings = windows.flatMap(({ startMs, closes }) => (closes ? [] : [startMs])).slice()
    let neededMs = Math.min(forgetMs, firstImpatient(timers), this.#closeMs(seen?.startMs))
    // Nobody is left who would come before it.
    if (neededMs === Number.POSITIVE_INFINITY) neededMs = timers[0]?.dueMs ?? neededMs
    const resting = { dueMs: heapDueMs, neededMs, endings }
    this.#resting.set(key, resting)
    this.#expectResting(key, resting)
  }

  #expectResting(key: string, resting: Resting): void {
    const dueMs = Math.min(resting.neededMs, this.#closeMs(resting.endings.at(-1)))
    // What the heap knows of an earlier time will do: a key that comes and goes would leave one behind each time.
    if (dueMs >= resting.dueMs) return
    this.#due.push({ dueMs, key })
    resting.dueMs = dueMs
  }

  /** Whether all that is due at rest is that windows end which nobody wants to see: the key is not read for it. What the heap knew is gone. */
  #staysAtRest(key: string, resting: Resting, untilMs: number): boolean {
    // Of what is not needed for anything any more the last window is the end.
    if (resting.neededMs <= untilMs || resting.neededMs === Number.POSITIVE_INFINITY) return false
    const { endings } = resting
    resting.dueMs = Number.POSITIVE_INFINITY
    while (this.#closeMs(endings.at(-1)) <= untilMs) this.#windows.delete(windowKey(key, endings.pop() ?? 0))
    this.#expectResting(key, resting)
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
      this.#laidToRest({ key, heapDueMs: Number.POSITIVE_INFINITY, forgetMs, timers, windows: saved })
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
type Rested = Pick<KeyEntry, 'key' | 'heapDueMs' | 'forgetMs' | 'timers'> & {
  readonly windows: readonly Pick<KeyWindow, 'startMs' | 'closes'>[]
}

/** What is known of a key that is in the store. */
type Resting = {
  /** Under which the heap knows it. */
  dueMs: number
  /** When something is due that it has to be read for. */
  neededMs: number
  /** Starts of its windows that nobody wants to see at their end, newest first: they go without the key being read. */
  readonly endings: number[]
}

/** Windows and timers may outlast the state: a record can tell of a time far ahead of the stream time it carries. */
function isForgotten(entry: KeyEntry): boolean {
  return (
    entry.forgetMs === Number.POSITIVE_INFINITY && entry.windows.length === 0 && entry.timers.length === 0
  )
}

const waitsForNews = ({ everyMs }: Timer): boolean => everyMs > 0

/** Both at the same time. */
function lessPatient(one: Timer, other: Timer): Timer {
  if (one.isPatient !== other.isPatient) return one.isPatient ? other : one
  if (!waitsForNews(other)) return one
  return !waitsForNews(one) || other.everyMs < one.everyMs ? other : one
}

function firstImpatient(timers: readonly Timer[]): number {
  for (const { dueMs, isPatient } of timers) if (!isPatient) return dueMs
  return Number.POSITIVE_INFINITY
}

/** Fixed width, so that a key's windows stand in order of time. */
function windowKey(key: string, startMs: number): string {
  return `${key}\u0000${startMs.toString(36).padStart(9, '0')}`
}

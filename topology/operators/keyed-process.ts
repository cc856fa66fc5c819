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
}

/** What is remembered of one key. Handlers must not keep it beyond the call. */
export class KeyEntry {
  readonly key: string
  /** The greatest stream time that this key's records carried. */
  clockMs: number
  /** Key-scoped state by slot number. */
  readonly slots: unknown[]
  /** Newest first. */
  readonly windows: KeyWindow[] = []
  /** By due time, then in the order of scheduling. */
  readonly timers: Timer[] = []
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

  constructor(key: string, slots: number) {
    this.key = key
    this.clockMs = Number.NEGATIVE_INFINITY
    this.slots = new Array<unknown>(slots).fill(undefined)
  }

  /**
   * Wakes `onTimer` at `dueMs` of this key's time. The same name at the same time is one timer, patient if all that set it are. A
   * patient timer still happens before whatever comes later for its key, yet does not by itself end the key's rest: for what only makes
   * room. Throws a `RangeError` at what is no moment that a `Date` can hold: what is never due would never leave.
   */
  schedule(dueMs: number, name: string, isPatient = false): void {
    if (!(Math.abs(dueMs) <= LAST_MOMENT_MS)) throw new RangeError(`${dueMs} is no time to wake '${name}' at`)
    let at = this.timers.length
    while (at > 0 && (this.timers[at - 1] as Timer).dueMs > dueMs) at--
    for (let i = at; i > 0; i--) {
      const earlier = this.timers[i - 1] as Timer
      if (earlier.dueMs !== dueMs) break
      if (earlier.name !== name) continue
      if (isPatient || !earlier.isPatient) return
      at = i - 1
      this.timers.splice(at, 1)
      break
    }
    this.timers.splice(at, 0, { dueMs, name, isPatient })
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
  /** Of keys in the store that the heap knows: under which due time. */
  readonly #resting = new Map<string, number>()
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
    for (let next = this.#due.peek(); next !== undefined && next.dueMs <= until; next = this.#due.peek()) {
      this.#due.pop()
      // Forgotten since the heap heard of it, or expected at another time: not worth reading it for.
      const expectedMs = this.#live.get(next.key)?.heapDueMs ?? this.#resting.get(next.key)
      if (expectedMs !== next.dueMs) continue
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
    const window = new KeyWindow(startMs, endMs, [])
    let at = 0
    while (at < entry.windows.length && (entry.windows[at] as KeyWindow).startMs > startMs) at++
    entry.windows.splice(at, 0, window)
    const closeMs = this.#closeMs(window)
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
      const closeMs = this.#closeMs(oldest)
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

  #closeMs(window: KeyWindow | undefined): number {
    return window === undefined ? Number.POSITIVE_INFINITY : window.endMs + this.#options.graceMs
  }

  #wake(entry: KeyEntry, { name, dueMs }: Timer): void {
    entry.timers.shift()
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
    entry.windows.pop()
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
    this.#resting.delete(key)
    const entry = new KeyEntry(key, this.#keySlots.length)
    if (stored !== undefined) {
      const saved = stored as SavedEntry
      entry.clockMs = saved.clockMs
      entry.forgetMs = saved.forgetMs
      entry.timers.push(...saved.timers)
      for (const [startMs, closes] of saved.windows) {
        const window = new KeyWindow(startMs, startMs + this.#options.windowMs, null)
        window.closes = closes
        entry.windows.push(window)
      }
      this.#keySlots.fill(entry.slots, saved.slots)
      const closeMs = this.#closeMs(entry.windows[entry.windows.length - 1])
      entry.nextDueMs = Math.min(closeMs, entry.timers[0]?.dueMs ?? Number.POSITIVE_INFINITY)
      entry.wakesMs = Math.min(closeMs, firstImpatient(entry.timers))
      entry.heapDueMs = saved.heapDueMs
    }
    this.#live.set(key, entry)
    return entry
  }

  #write(entry: KeyEntry): void {
    entry.dirty = false
    for (const window of entry.windows) this.#writeWindow(entry, window)
    const saved: SavedEntry = {
      clockMs: entry.clockMs,
      forgetMs: entry.forgetMs,
      heapDueMs: entry.heapDueMs,
      timers: entry.timers,
      windows: entry.windows.map((window) => [window.startMs, window.closes]),
      slots: this.#keySlots.toSaved(entry.slots),
    }
    this.#keys.put(entry.key, saved)
  }

  #writeWindow(entry: KeyEntry, window: KeyWindow): void {
    if (!window.dirty || window.slots === null) return
    window.dirty = false
    this.#windows.put(windowKey(entry.key, window.startMs), this.#windowSlots.toSaved(window.slots))
  }

  #readWindow(key: string): unknown[] {
    const slots: unknown[] = []
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
    if (entry.dirty) this.#write(entry)
    this.#live.delete(entry.key)
    if (entry.heapDueMs !== Number.POSITIVE_INFINITY) this.#resting.set(entry.key, entry.heapDueMs)
  }

  /** Bytes take a fraction of what objects take. */
  #look(): void {
    this.#sinceLook = 0
    const restMs = this.#streamMs - REST_AFTER_MS
    const idleMs = this.#streamMs - this.#options.windowMs - this.#options.graceMs
    for (const entry of this.#live.values()) {
      for (const window of entry.windows) {
        if (window.slots === null || window.endMs > restMs) continue
        if (window.closes) window.closes = this.#windowSlots.wantClose(window.slots)
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
      const saved = stored as SavedEntry
      if (saved.heapDueMs === Number.POSITIVE_INFINITY) continue
      this.#due.push({ dueMs: saved.heapDueMs, key })
      this.#resting.set(key, saved.heapDueMs)
    }
  }
}

/** The slots of one scope, and how they are saved. */
class Slots {
  readonly #names: readonly string[]
  readonly #closes: readonly StateSpec['closes'][]
  readonly #at: ReadonlyMap<string, number>

  constructor(states: readonly StateSpec[], scope: StateSpec['scope']) {
    const own = states.filter((state) => state.scope === scope)
    this.#names = own.map(({ name }) => name)
    this.#closes = own.map(({ closes }) => closes)
    this.#at = new Map(this.#names.map((name, at) => [name, at]))
  }

  get length(): number {
    return this.#names.length
  }

  wantClose(slots: readonly unknown[]): boolean {
    return this.#closes.some((closes, at) => closes !== null && slots[at] !== undefined && closes(slots[at]))
  }

  toSaved(slots: readonly unknown[]): SavedSlots {
    const saved: Readonly<Record<string, unknown>>[] = []
    for (let at = 0; at < slots.length; at++) {
      const state = slots[at]
      if (state !== undefined) saved.push({ [this.#names[at] as string]: state })
    }
    return saved
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
  readonly heapDueMs: number
  readonly timers: readonly Timer[]
  readonly windows: readonly (readonly [startMs: number, closes: boolean])[]
  readonly slots: SavedSlots
}

/** Windows and timers may outlast the state: a record can tell of a time far ahead of the stream time it carries. */
function isForgotten(entry: KeyEntry): boolean {
  return (
    entry.forgetMs === Number.POSITIVE_INFINITY && entry.windows.length === 0 && entry.timers.length === 0
  )
}

function firstImpatient(timers: readonly Timer[]): number {
  for (const { dueMs, isPatient } of timers) if (!isPatient) return dueMs
  return Number.POSITIVE_INFINITY
}

/** Fixed width, so that a key's windows stand in order of time. */
function windowKey(key: string, startMs: number): string {
  return `${key}\u0000${startMs.toString(36).padStart(9, '0')}`
}

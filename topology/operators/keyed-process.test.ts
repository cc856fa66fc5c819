import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import { MemoryKeyValueStore } from '../stores/memory-key-value-store.ts'
import type { KeyValueStore } from '../stores/store.ts'
import { OperatorUnderTest } from '../testing/operator-under-test.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import {
  KeyEntry,
  type KeyedHandler,
  type KeyedProcessOptions,
  type KeyedWindows,
  keyedProcess,
} from './keyed-process.ts'
import type { Operator, OperatorContext, StreamRecord } from './operator.ts'

type Said = { readonly what: string; readonly key: string; readonly atMs: number; readonly sum: number }

const options: KeyedProcessOptions = {
  windowMs: 100,
  graceMs: 50,
  silenceMs: 20,
  keyTtlMs: 1_000,
  maxLiveKeys: 8,
}

/** Sums values by key and by window; says the key's sum 30 ms after a value that is a multiple of ten; says each window's sum at its close. */
class Summing implements KeyedHandler<number> {
  readonly #context: OperatorContext<Said>
  readonly #windows: KeyedWindows

  constructor(context: OperatorContext<Said>, windows: KeyedWindows) {
    this.#context = context
    this.#windows = windows
  }

  onRecord({ value, timestampMs }: StreamRecord<number>, entry: KeyEntry): void {
    entry.slots[0] = Number(entry.slots[0] ?? 0) + value
    if (value % 10 === 0) entry.schedule(timestampMs + 30, `tell-${timestampMs}`)
    const window = this.#windows.open(entry, timestampMs)
    if (window === undefined) {
      this.#say('late', entry, timestampMs, value)
      return
    }
    const slots = this.#windows.slots(entry, window)
    slots[0] = Number(slots[0] ?? 0) + value
    window.dirty = true
    window.closes = true
  }

  onTimer(entry: KeyEntry, name: string, dueMs: number): void {
    this.#say(name, entry, dueMs, Number(entry.slots[0] ?? 0))
  }

  onWindowClose(entry: KeyEntry, window: { slots: unknown[] | null; startMs: number }, dueMs: number): void {
    this.#say(`close-${window.startMs}`, entry, dueMs, Number(window.slots?.[0] ?? 0))
  }

  #say(what: string, entry: KeyEntry, atMs: number, sum: number): void {
    this.#context.forward({
      key: entry.key,
      value: { what, key: entry.key, atMs, sum },
      timestampMs: atMs,
      streamTimeMs: atMs,
    })
  }
}

class Bench {
  readonly said: Said[] = []
  readonly stores = new Map<string, MemoryKeyValueStore>()
  operator: Operator<number>
  readonly #options: KeyedProcessOptions
  readonly #durable: boolean

  constructor(changed: Partial<KeyedProcessOptions> = {}, durable = true) {
    this.#options = { ...options, ...changed }
    this.#durable = durable
    this.operator = this.open()
  }

  /** A new instance over the same stores, as after a restart. */
  open(): Operator<number> {
    const context: OperatorContext<Said> = {
      task: '0_0',
      partition: 0,
      durable: this.#durable,
      forward: ({ value }) => this.said.push(value),
      store: (name) => {
        const store = this.stores.get(name) ?? new MemoryKeyValueStore(name)
        this.stores.set(name, store)
        return store
      },
    }
    const spec = keyedProcess<number, Said>('sum', {
      options: this.#options,
      states: [
        { name: 'total', scope: 'key', closes: null },
        { name: 'window-total', scope: 'window', closes: () => true },
      ],
      create: (own, windows) => new Summing(own, windows),
    })
    this.operator = spec.create(context)
    return this.operator
  }

  give(key: string, timestampMs: number, value: number, streamTimeMs = timestampMs): void {
    this.operator.process({ key, value, timestampMs, streamTimeMs })
  }

  get told(): string[] {
    return this.said.map(({ what, key, atMs, sum }) => `${key} ${what} @${atMs} = ${sum}`)
  }
}

/** Says what happens; a value of ten wants to tidy 30 ms later, a greater one as many. Counts how often a key that is there was read from the store. */
function patient(maxLiveKeys: number) {
  const found = new Map<string, number>()
  class CountingStore extends MemoryKeyValueStore {
    override get(key: string): Uint8Array | undefined {
      const value = super.get(key)
      if (value !== undefined) found.set(key, (found.get(key) ?? 0) + 1)
      return value
    }
  }
  const spec = keyedProcess<number, string>('patient', {
    options: { ...options, maxLiveKeys },
    states: [{ name: 'seen', scope: 'window', closes: () => true }],
    create: ({ forward }, windows) => {
      const say = (value: string, dueMs: number) =>
        forward({ key: '', value, timestampMs: dueMs, streamTimeMs: dueMs })
      return {
        onRecord: ({ value, timestampMs }, entry) => {
          if (value >= 10)
            entry.schedule(timestampMs + (value === 10 ? 30 : value), 'tidy', { isPatient: true })
          const window = windows.open(entry, timestampMs)
          if (window === undefined) return
          windows.slots(entry, window)[0] = true
          window.dirty = true
          window.closes = true
        },
        onTimer: ({ key }, name, dueMs) => say(`${key} ${name} @${dueMs}`, dueMs),
        onWindowClose: ({ key }, _window, dueMs) => say(`${key} close @${dueMs}`, dueMs),
      }
    },
  })
  const stores = new Map(spec.stores.map(({ name }) => [name, new CountingStore(name)] as const))
  return {
    operator: new OperatorUnderTest(spec, stores),
    restart: () => new OperatorUnderTest(spec, stores),
    reads: (key: string) => found.get(key) ?? 0,
  }
}

type Watched = { seen: number; readonly sinceMs: number; wakesAtMs: number }

/** Looks every 50 ms for 200 ms whether there were news since it last looked, and says when there were; a value of 1 is news itself, before it is looked at. */
function watching(isPatient: boolean, maxLiveKeys: number, stores?: ReadonlyMap<string, KeyValueStore>) {
  const everyMs = 50
  const patience = isPatient ? { isPatient, everyMs } : { isPatient }
  const heard = { news: 0 }
  const spec = keyedProcess<number, string>('watch', {
    options: { ...options, maxLiveKeys },
    states: [{ name: 'watched', scope: 'key', closes: null }],
    create: ({ forward }) => ({
      news: () => heard.news,
      onRecord: ({ streamTimeMs }, entry) => {
        const watched = entry.slots[0] as Watched | undefined
        if (watched !== undefined && streamTimeMs < watched.sinceMs + 200) return
        entry.slots[0] = { seen: heard.news, sinceMs: streamTimeMs, wakesAtMs: streamTimeMs + everyMs }
        entry.schedule(streamTimeMs + everyMs, 'look', patience)
      },
      onTimer: (entry, name, dueMs) => {
        const watched = entry.slots[0] as Watched | undefined
        if (watched === undefined || dueMs < watched.wakesAtMs || dueMs > watched.sinceMs + 200) return
        if (heard.news > watched.seen)
          forward({
            key: '',
            value: `${entry.key} @${dueMs} ${heard.news}`,
            timestampMs: 0,
            streamTimeMs: dueMs,
          })
        watched.seen = heard.news
        watched.wakesAtMs = dueMs + everyMs
        if (dueMs >= watched.sinceMs + 200) entry.slots[0] = undefined
        else entry.schedule(watched.wakesAtMs, name, patience)
      },
      onWindowClose: () => {},
    }),
  })
  return { heard, spec, operator: new OperatorUnderTest(spec, stores) }
}

describe('a keyed process', () => {
  test('closes a window of a key at its end and grace, before the record that makes it due', () => {
    const bench = new Bench()
    bench.give('a', 10, 1)
    bench.give('a', 149, 2)
    assert.deepEqual(bench.told, [])
    bench.give('a', 150, 4)
    assert.deepEqual(bench.told, ['a close-0 @150 = 1'])
  })

  test('takes a late record into its own window within the grace and refuses it after', () => {
    const bench = new Bench()
    bench.give('a', 10, 1)
    bench.give('a', 20, 2, 149)
    bench.give('a', 30, 4, 150)
    assert.deepEqual(bench.told, ['a close-0 @150 = 3', 'a late @30 = 4'])
  })

  test('keeps a key as bytes once no window of it is open, and its state is there when it comes back', () => {
    const bench = new Bench({ maxLiveKeys: 1_000_000 }, false)
    bench.give('a', 10, 1)
    for (let look = 0; look < 2; look += 1) {
      for (let i = 0; i < 20_000; i += 1) bench.give('b', 300 + look, 1)
      bench.operator.advance?.(300)
      bench.operator.flush?.()
    }
    assert.deepEqual(
      // The names of fields lie beside the keys, under one of their own.
      [...(bench.stores.get('sum-keys')?.range() ?? [])].flatMap(([key]) => (key < ' ' ? [] : [key])),
      ['a'],
    )
    bench.said.length = 0
    bench.give('a', 320, 10)
    bench.give('a', 400, 0)
    assert.ok(bench.told.includes('a tell-320 @350 = 11'), bench.told.join('\n'))
  })

  test('keys beyond the bound rest as bytes before the next commit, and what they say is the same', () => {
    const bench = new Bench({ maxLiveKeys: 4 }, false)
    const keys = Array.from({ length: 40 }, (_, at) => `k${at}`)
    for (const key of keys) bench.give(key, 10, 1)
    const resting = [...(bench.stores.get('sum-keys')?.range() ?? [])].filter(([key]) => key.startsWith('k'))
    assert.ok(resting.length >= 30, `${resting.length} of 40`)
    for (const key of keys) bench.give(key, 20, 2)
    bench.said.length = 0
    for (const key of keys) bench.give(key, 200, 0)
    for (const key of keys) assert.ok(bench.told.includes(`${key} close-0 @150 = 3`), key)
  })

  test('fires timers and closes in the order of their due times', () => {
    const bench = new Bench()
    bench.give('a', 90, 10)
    bench.give('a', 125, 20)
    bench.give('a', 400, 1)
    assert.deepEqual(bench.told, [
      'a tell-90 @120 = 10',
      'a close-0 @150 = 10',
      'a tell-125 @155 = 30',
      'a close-100 @250 = 20',
    ])
  })

  test('another key ends what has been silent for longer than the silence, with the same result', () => {
    const bench = new Bench()
    bench.give('a', 10, 10)
    bench.operator.advance?.(59)
    assert.deepEqual(bench.told, [])
    bench.operator.advance?.(60)
    assert.deepEqual(bench.told, ['a tell-10 @40 = 10'])
  })

  test('the end of input ends everything', () => {
    const bench = new Bench()
    bench.give('a', 10, 10)
    bench.give('b', 310, 1)
    bench.operator.advance?.(Number.POSITIVE_INFINITY)
    assert.deepEqual(bench.told, ['a tell-10 @40 = 10', 'a close-0 @150 = 10', 'b close-300 @450 = 1'])
  })

  test('forgets a key that was silent for longer than its time to live, store and all', () => {
    const bench = new Bench()
    bench.give('a', 10, 7)
    bench.operator.flush?.()
    bench.operator.advance?.(5_000)
    assert.equal(bench.stores.get('sum-keys')?.get('a'), undefined)
    bench.give('a', 5_000, 10)
    bench.operator.advance?.(Number.POSITIVE_INFINITY)
    assert.ok(bench.told.includes('a tell-5000 @5030 = 10'))
  })

  test('a key heard of again after a restart is still ended by the end of input', () => {
    const bench = new Bench()
    bench.give('a', 10, 10)
    bench.operator.flush?.()
    bench.open()
    bench.give('a', 20, 1)
    bench.operator.advance?.(Number.POSITIVE_INFINITY)
    assert.deepEqual(bench.told, ['a tell-10 @40 = 11', 'a close-0 @150 = 11'])
  })

  test('a record of a time far ahead of its stream time outlasts the state of its key', () => {
    for (const restarts of [false, true]) {
      const bench = new Bench()
      bench.give('a', 10, 1)
      bench.give('a', 90_000, 10, 20)
      bench.operator.advance?.(5_000)
      bench.operator.flush?.()
      if (restarts) bench.open()
      bench.operator.advance?.(10_000)
      assert.deepEqual(bench.told, ['a close-0 @150 = 1'])
      bench.operator.advance?.(100_000)
      assert.deepEqual(bench.told, [
        'a close-0 @150 = 1',
        'a tell-90000 @90030 = 0',
        'a close-90000 @90150 = 10',
      ])
      bench.operator.flush?.()
      assert.equal(bench.stores.get('sum-keys')?.get('a'), undefined)
    }
  })

  test('the same timer at the same time is one timer', () => {
    const bench = new Bench()
    bench.give('a', 10, 10)
    bench.give('a', 10, 10)
    bench.operator.advance?.(Number.POSITIVE_INFINITY)
    assert.deepEqual(
      bench.told.filter((line) => line.includes('tell')),
      ['a tell-10 @40 = 20'],
    )
  })

  test('a timer needs a moment: one that is never due is refused', () => {
    const entry = new KeyEntry('a', 0, [])
    for (const dueMs of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e300]) {
      assert.throws(() => entry.schedule(dueMs, 'never'), RangeError)
    }
    assert.deepEqual([entry.timers, entry.nextDueMs], [[], Number.POSITIVE_INFINITY])
  })

  test('a patient timer does not end the rest of its key, and still comes before what is later for it', () => {
    const { operator, reads } = patient(1)
    operator.take('a', 10, 10).take('b', 1, 11).advance(80)
    // Due at 40, and passed over: its store was not read for it.
    assert.deepEqual([operator.values(), reads('a')], [[], 0])
    operator.take('a', 0, 90)
    assert.deepEqual([operator.values(), reads('a')], [['a tidy @40'], 1])
  })

  test('a patient timer happens with the close of a window, in the order of due times, and at the end of input', () => {
    const { operator } = patient(1)
    operator.take('a', 10, 10).take('b', 1, 11).advance(170)
    assert.deepEqual(operator.values(), ['a tidy @40', 'a close @150', 'b close @150'])
    operator.take('a', 10, 310).take('c', 10, 311).advance(Number.POSITIVE_INFINITY)
    assert.deepEqual(operator.values().toSorted(), [
      'a close @450',
      'a tidy @340',
      'c close @450',
      'c tidy @341',
    ])
  })

  test('a patient timer that is due when its key is forgotten already happens all the same, and leaves nothing', () => {
    for (const moments of [[], [2_000], [2_000, 5_000]]) {
      const { operator } = patient(8)
      operator.take('a', 3_000, 10)
      for (const moment of moments) operator.advance(moment)
      operator.advance(Number.POSITIVE_INFINITY).flush()
      assert.ok(operator.values().includes('a tidy @3010'), String(moments))
      assert.equal(operator.stores.get('patient-keys')?.get('a'), undefined, String(moments))
    }
  })

  test('a timer that one asks for patiently and another does not is not patient', () => {
    for (const asked of [
      [true, false],
      [false, true],
    ]) {
      const entry = new KeyEntry('a', 0, [])
      for (const isPatient of asked) entry.schedule(30, 'both', { isPatient })
      entry.schedule(30, 'other', { isPatient: true })
      assert.deepEqual(
        entry.timers.map(({ name, isPatient }) => `${name} ${isPatient}`),
        ['both false', 'other true'],
      )
      assert.equal(entry.wakesMs, 30)
    }
  })

  test('a patient timer survives a restart', () => {
    const { operator, restart } = patient(8)
    operator.take('a', 10, 10).flush()
    const restarted = restart()
    assert.deepEqual(restarted.advance(80).values(), [])
    assert.deepEqual(restarted.take('a', 0, 90).values(), ['a tidy @40'])
  })

  test('a window that nobody wants to see ends without its key being read, and is gone after a restart as well', () => {
    for (const restarts of [false, true]) {
      const reads: string[] = []
      class ToldStore extends MemoryKeyValueStore {
        override get(key: string): Uint8Array | undefined {
          reads.push(key)
          return super.get(key)
        }
      }
      const spec = keyedProcess<number, string>('quiet', {
        options: { ...options, maxLiveKeys: 1 },
        states: [{ name: 'odd', scope: 'window', closes: (odd) => odd === true }],
        create: ({ forward }, windows) => ({
          onRecord: ({ value, timestampMs }, entry) => {
            const window = windows.open(entry, timestampMs)
            if (window === undefined) return
            windows.slots(entry, window)[0] = value % 2 === 1
            window.dirty = true
            window.closes = true
          },
          onTimer: () => {},
          onWindowClose: ({ key }, _window, dueMs) =>
            forward({ key, value: `${key} close @${dueMs}`, timestampMs: dueMs, streamTimeMs: dueMs }),
        }),
      })
      const stores = new Map(spec.stores.map(({ name }) => [name, new ToldStore(name)] as const))
      let operator = new OperatorUnderTest(spec, stores)
      const rows = () =>
        [...(stores.get('quiet-windows')?.range() ?? [])].filter(([key]) => key.startsWith('a')).length
      // Of `a` the first window is for nobody, the second is for somebody.
      operator.take('a', 2, 10).take('a', 1, 110).take('b', 2, 111).flush()
      if (restarts) operator = new OperatorUnderTest(spec, stores)
      operator.advance(0)
      assert.equal(rows(), 2)
      reads.splice(0)
      operator.advance(170)
      assert.deepEqual([rows(), reads.includes('a')], [1, false], `restarts: ${restarts}`)
      operator.advance(270)
      assert.deepEqual([operator.values(), rows()], [['a close @250', 'b close @250'], 0])
      operator.take('a', 3, 280).advance(Number.POSITIVE_INFINITY)
      assert.deepEqual(operator.values(), ['a close @350'])
    }
  })

  test('a timer that comes before the end of a window finds it, also where both are passed at once and nobody wants to see the end', () => {
    for (const maxLiveKeys of [1, 8]) {
      const spec = keyedProcess<number, string>('looks', {
        options: { ...options, windowMs: 100, graceMs: 50, silenceMs: 0, keyTtlMs: 100_000, maxLiveKeys },
        states: [{ name: 'said', scope: 'window', closes: null }],
        create: ({ forward }, windows) => ({
          onRecord: ({ value, timestampMs }, entry) => {
            const window = windows.open(entry, timestampMs)
            if (window === undefined) return
            windows.slots(entry, window)[0] = value
            window.dirty = true
            entry.schedule(120, 'look')
          },
          onTimer: (entry) => {
            const window = windows.open(entry, 10)
            const value = `${entry.key} ${window === undefined ? 'is too late' : windows.slots(entry, window)[0]}`
            forward({ key: '', value, timestampMs: 0, streamTimeMs: 0 })
          },
          onWindowClose: () => {},
        }),
      })
      const operator = new OperatorUnderTest(spec)
      operator.take('a', 7, 10).take('b', 8, 11).take('c', 9, 12).advance(200)
      assert.deepEqual(operator.values(), ['a 7', 'b 8', 'c 9'], String(maxLiveKeys))
    }
  })

  test('a window that was found to be for nobody after a commit does not come back empty', () => {
    const closed: unknown[] = []
    const spec = keyedProcess<number, string>('judged', {
      options: { ...options, keyTtlMs: 10_000_000, windowMs: 100_000, graceMs: 1_000_000, maxLiveKeys: 3 },
      states: [{ name: 'odd', scope: 'window', closes: () => false }],
      create: (_context, windows) => ({
        onRecord: ({ timestampMs }, entry) => {
          const window = windows.open(entry, timestampMs)
          if (window === undefined) return
          windows.slots(entry, window)[0] = true
          window.dirty = true
          window.closes = true
        },
        onTimer: () => {},
        onWindowClose: (_entry, window) => void closed.push(window.slots?.[0]),
      }),
    })
    const operator = new OperatorUnderTest(spec)
    operator.take('a', 1, 10).flush()
    // Between the commit and their rest all are looked at.
    for (const [at, key] of ['b', 'b', 'b', 'c', 'd', 'e', 'f'].entries()) operator.take(key, 1, 600_000 + at)
    operator.advance(1_300_000).take('a', 1, 1_300_001).advance(Number.POSITIVE_INFINITY)
    assert.ok(!closed.includes(undefined))
  })

  test('news end the patience of timers that wait for them, at the first of their times that is still to come', () => {
    for (const maxLiveKeys of [1, 8]) {
      const { operator, heard } = watching(true, maxLiveKeys)
      operator.take('a', 0, 10).take('b', 0, 30).take('c', 0, 55).advance(100).advance(130)
      heard.news = 1
      // Passed over is all up to 110: of `a` those at 60 and 110, of `b` that at 80, of `c` that at 105.
      operator.take('d', 0, 131).advance(175)
      assert.deepEqual(operator.values(), ['b @130 1', 'c @155 1'], String(maxLiveKeys))
      operator.advance(200)
      assert.deepEqual(operator.values(), ['a @160 1'])
    }
  })

  test('what waits for news says the same as what wakes each time to see whether there are any', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const tell = (isPatient: boolean, maxLiveKeys: number, restartsEvery = Number.POSITIVE_INFINITY) => {
        const { spec, heard, ...first } = watching(isPatient, maxLiveKeys)
        let { operator } = first
        let steps = 0
        const random = new SeededRandom(seed)
        const said: string[] = []
        for (let streamMs = 0; streamMs < 6_000; streamMs += random.below(40)) {
          if (random.below(20) === 0) heard.news += 1
          if (random.below(3) > 0) operator.take(`k${random.below(8)}`, 0, streamMs)
          operator.advance(streamMs)
          said.push(...operator.values())
          steps += 1
          if (steps % restartsEvery === 0)
            operator = new OperatorUnderTest(spec, operator.flush().stores).advance(streamMs)
        }
        return said.toSorted()
      }
      const expected = tell(false, 8)
      assert.ok(expected.length > 20)
      for (const maxLiveKeys of [1, 3, 8]) assert.deepEqual(tell(true, maxLiveKeys), expected, `seed ${seed}`)
      // Told how far time had come, it goes on from there.
      for (const every of [1, 7]) assert.deepEqual(tell(true, 3, every), expected, `seed ${seed}`)
    }
  })

  test('after a restart there may have been news', () => {
    const { operator, spec } = watching(true, 1)
    operator.take('a', 0, 10).take('b', 0, 30).advance(100).flush()
    const reads: string[] = []
    class ToldStore extends MemoryKeyValueStore {
      override get(key: string): Uint8Array | undefined {
        reads.push(key)
        return super.get(key)
      }
    }
    const stores = new Map(spec.stores.map(({ name }) => [name, new ToldStore(name)] as const))
    for (const [name, store] of operator.stores)
      for (const [key, value] of store.range()) stores.get(name)?.put(key, value)
    const restarted = new OperatorUnderTest(spec, stores)
    restarted.advance(Number.NEGATIVE_INFINITY)
    // What is due is looked for in all of it, once.
    reads.splice(0)
    restarted.advance(100)
    // Up to 80 all was passed over.
    restarted.advance(129)
    assert.ok(!reads.includes('a') && !reads.includes('b'))
    restarted.advance(130)
    assert.ok(reads.includes('a') && !reads.includes('b'))
    restarted.advance(150)
    assert.ok(reads.includes('b'))
  })

  test('news that came before the end of input are heard at it, also where nothing was between them and a restart', () => {
    for (const maxLiveKeys of [1, 8]) {
      const { operator, spec, heard } = watching(true, maxLiveKeys)
      operator.take('a', 0, 10).flush()
      heard.news = 1
      const restarted = new OperatorUnderTest(spec, operator.stores)
      restarted.advance(Number.NEGATIVE_INFINITY).advance(Number.POSITIVE_INFINITY)
      assert.deepEqual(restarted.values(), ['a @60 1'], String(maxLiveKeys))
      assert.deepEqual(
        [...operator.stores.values()].flatMap((store) => [...store.range('a')]),
        [],
      )
    }
  })

  test('after an end of input news are heard as before it', () => {
    for (const maxLiveKeys of [1, 8]) {
      const { operator, heard } = watching(true, maxLiveKeys)
      operator.take('a', 0, 10).take('b', 0, 20).advance(100).advance(Number.POSITIVE_INFINITY)
      operator.take('a', 0, 1_010).take('b', 0, 1_011).advance(1_015)
      heard.news = 1
      operator.advance(1_020).advance(1_100)
      assert.deepEqual(operator.values(), ['a @1060 1', 'b @1061 1'], String(maxLiveKeys))
    }
  })

  test('what waits for news goes with the state of its key', () => {
    for (const ticks of [[], [440]]) {
      const heard = { news: 0 }
      const woken: string[] = []
      const spec = keyedProcess<number, string>('gone', {
        options: { ...options, keyTtlMs: 400, silenceMs: 20 },
        states: [{ name: 'state', scope: 'key', closes: null }],
        create: () => ({
          news: () => heard.news,
          onRecord: ({ value, streamTimeMs }, entry) => {
            if (value === 1) entry.schedule(streamTimeMs + 50, 'look', { isPatient: true, everyMs: 50 })
          },
          onTimer: ({ key }, name, dueMs) => void woken.push(`${key} ${name} @${dueMs}`),
          onWindowClose: () => {},
        }),
      })
      const operator = new OperatorUnderTest(spec).advance(0).take('a', 1, 10)
      for (const tick of ticks) operator.advance(tick)
      operator.take('a', 2, 450)
      heard.news = 1
      operator.advance(600)
      assert.deepEqual(woken, [])
    }
  })

  test('what rests is not kept in memory, also where there was always room', async () => {
    v8.setFlagsFromString('--expose-gc')
    const collect: unknown = vm.runInNewContext('gc')
    assert.ok(typeof collect === 'function')
    const states: WeakRef<object>[] = []
    const operator = new OperatorUnderTest(
      keyedProcess<number, string>('kept', {
        options: { ...options, keyTtlMs: 1_000_000, maxLiveKeys: 100 },
        states: [{ name: 'state', scope: 'key', closes: null }],
        create: () => ({
          onRecord: (_record, entry) => {
            if (entry.slots[0] !== undefined) return
            const state = {}
            entry.slots[0] = state
            states.push(new WeakRef(state))
          },
          onTimer: () => {},
          onWindowClose: () => {},
        }),
      }),
    )
    for (let round = 0; round < 1_000; round += 1) {
      for (let i = 0; i < 20; i += 1) operator.take(`${round}-${i % 5}`, 1, round * 500)
      operator.flush()
    }
    // What a reference was made of lives until the end of the turn.
    await setImmediate()
    collect()
    const alive = states.filter((state) => state.deref() !== undefined).length
    assert.ok(states.length === 5_000 && alive <= 150, `${alive} of ${states.length} are alive`)
  })

  test('of more keys than may be live those stay that records come for again and again', () => {
    const { operator, reads } = patient(4)
    for (let i = 0; i < 40; i += 1) operator.take('busy', 0, i).take(`once-${i}`, 0, i).take('often', 0, i)
    assert.equal(reads('once-3'), 0)
    // In the first round nothing tells them from others yet.
    assert.ok(reads('busy') + reads('often') <= 2, `${reads('busy')} and ${reads('often')}`)
    operator.take('once-3', 0, 41)
    assert.equal(reads('once-3'), 1)
  })

  test('the end of input comes to an end where state of before holds a timer that is never due', () => {
    const stores = new Map<string, KeyValueStore>()
    const spec = keyedProcess<number, string>('wait', {
      options,
      states: [],
      create: ({ forward }) => ({
        onRecord: ({ timestampMs }, entry) => {
          const [soonMs, neverMs] = [timestampMs + 5, Number.POSITIVE_INFINITY]
          entry.timers = [
            { dueMs: soonMs, name: 'soon', isPatient: false, everyMs: 0 },
            { dueMs: neverMs, name: 'never', isPatient: false, everyMs: 0 },
          ]
          entry.nextDueMs = timestampMs + 5
        },
        onTimer: ({ key }, value, dueMs) => {
          forward({ key, value, timestampMs: dueMs, streamTimeMs: dueMs })
        },
        onWindowClose: () => {},
      }),
    })
    for (const { name } of spec.stores) stores.set(name, new MemoryKeyValueStore(name))
    new OperatorUnderTest(spec, stores).take('a', 1, 10).flush()
    const restarted = new OperatorUnderTest(spec, stores)
    assert.deepEqual(restarted.advance(Number.POSITIVE_INFINITY).values(), ['soon'])
  })
})

/** The records of many keys, late ones among them, with a stream time that never falls. */
function* story(seed: number): Generator<{ key: string; tsMs: number; value: number; streamMs: number }> {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  let streamMs = 0
  for (let i = 0; i < 3_000; i++) {
    streamMs += random() < 0.02 ? 300 * random() : 3 * random()
    const lateBy = random() < 0.1 ? 200 * random() : 0
    yield {
      key: `k${Math.floor(random() * 40)}`,
      tsMs: Math.max(0, Math.floor(streamMs - lateBy)),
      value: Math.floor(random() * 30),
      streamMs: Math.floor(streamMs),
    }
  }
}

function partitioned(
  seed: number,
  partitions: number,
  flushEvery: number,
  changed: Partial<KeyedProcessOptions>,
  restarts: boolean,
): string[] {
  const benches = Array.from({ length: partitions }, () => new Bench(changed))
  let n = 0
  for (const { key, tsMs, value, streamMs } of story(seed)) {
    const bench = benches[Number(key.slice(1)) % partitions] as Bench
    bench.give(key, tsMs, value, streamMs)
    bench.operator.advance?.(streamMs)
    if (++n % flushEvery === 0) {
      for (const each of benches) {
        each.operator.flush?.()
        if (restarts) each.open()
      }
    }
  }
  for (const bench of benches) bench.operator.advance?.(Number.POSITIVE_INFINITY)
  return benches.flatMap((bench) => bench.told).sort()
}

describe('what a keyed process says does not depend on', () => {
  for (const seed of [1, 2, 3]) {
    const expected = partitioned(seed, 1, 1_000_000, {}, false)

    test(`the number of partitions (seed ${seed})`, () => {
      assert.ok(expected.length > 500)
      assert.deepEqual(partitioned(seed, 8, 1_000_000, {}, false), expected)
      assert.deepEqual(partitioned(seed, 3, 77, {}, false), expected)
    })

    test(`how much of it is kept live (seed ${seed})`, () => {
      assert.deepEqual(partitioned(seed, 1, 1, { maxLiveKeys: 0 }, false), expected)
    })

    test(`restarts between commits (seed ${seed})`, () => {
      assert.deepEqual(partitioned(seed, 2, 100, { maxLiveKeys: 4 }, true), expected)
    })

    test(`the silence granted to other keys (seed ${seed})`, () => {
      assert.deepEqual(partitioned(seed, 1, 50, { silenceMs: 0 }, false), expected)
    })
  }
})

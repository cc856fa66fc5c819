import type { Codec } from '../kit/codec.ts'
import { DueHeap } from './due-heap.ts'

/** What an operator remembers of a stretch of time of one key. */
export type Span<A> = {
  readonly key: string
  startMs: number
  endMs: number
  state: A
  dirty: boolean
  /** Under which times it lies in the store; `null` while it lies nowhere but here. */
  stored: { readonly startMs: number; readonly endMs: number } | null
}

/** Where spans rest while they are not live. */
export type SpanStore = {
  /** Those of one key, in the order of their ends. */
  load(
    key: string,
  ): Iterable<{ readonly startMs: number; readonly endMs: number; readonly value: Uint8Array }>
  put(key: string, startMs: number, endMs: number, value: Uint8Array): void
  delete(key: string, startMs: number, endMs: number): void
  all(): Iterable<{ readonly key: string; readonly endMs: number }>
}

export type SpansOptions<A> = {
  readonly store: SpanStore
  readonly codec: Codec<A>
  readonly durable: boolean
  /** A span is over when the clock has come this far beyond its end. */
  readonly lingerMs: number
  /** How much longer a span of a key that says nothing is left alone. */
  readonly silenceMs: number
  /** Beyond this many keys the live ones go to the store at the next flush. */
  readonly maxLiveKeys: number
  /** The span is over; it has been removed. */
  readonly onOver: (span: Span<A>) => void
}

/**
 * Spans of time by key, live between commits, with the one rule for when they end: by the clock of the record at hand for its
 * own key, and by the task's stream time for a key that has been silent.
 */
export class Spans<A> {
  readonly #options: SpansOptions<A>
  readonly #live = new Map<string, Span<A>[]>()
  readonly #due = new DueHeap()
  #dirty: Span<A>[] = []

  constructor(options: SpansOptions<A>) {
    this.#options = options
    for (const { key, endMs } of options.store.all()) this.#expect(key, endMs)
  }

  /** Open spans of the key in the order of their ends, after ending those that this clock ends. Not to be changed. */
  at(key: string, streamTimeMs: number): readonly Span<A>[] {
    const spans = this.#load(key)
    if (spans.length > 0) this.#end(key, spans, streamTimeMs)
    return spans
  }

  /** After `at` for the same key: where that found nothing, there is nothing in the store either. */
  add(key: string, startMs: number, endMs: number, state: A): Span<A> {
    const span: Span<A> = { key, startMs, endMs, state, dirty: false, stored: null }
    let spans = this.#live.get(key)
    if (spans === undefined) this.#live.set(key, (spans = []))
    let at = spans.length
    while (at > 0 && (spans[at - 1]?.endMs ?? 0) > endMs) at -= 1
    spans.splice(at, 0, span)
    this.touch(span)
    this.#expect(key, endMs)
    return span
  }

  /** To be called after every change of the state. */
  touch(span: Span<A>): void {
    if (span.dirty) return
    span.dirty = true
    if (this.#options.durable) this.#dirty.push(span)
  }

  remove(span: Span<A>): void {
    const spans = this.#live.get(span.key)
    const at = spans?.indexOf(span) ?? -1
    if (spans !== undefined && at >= 0) spans.splice(at, 1)
    if (spans?.length === 0) this.#live.delete(span.key)
    if (span.stored !== null) this.#options.store.delete(span.key, span.stored.startMs, span.stored.endMs)
    span.stored = null
    span.dirty = false
  }

  advance(streamTimeMs: number): void {
    const untilMs = streamTimeMs - this.#options.silenceMs
    for (let due = this.#due.peek(); due !== undefined && due.dueMs <= untilMs; due = this.#due.peek()) {
      this.#due.pop()
      // Only what this entry stands for: the order of results must not depend on entries whose span has long ended.
      this.#end(due.key, this.#load(due.key), due.dueMs)
    }
  }

  flush(): void {
    for (const span of this.#dirty) this.#write(span)
    this.#dirty = []
    if (this.#live.size <= this.#options.maxLiveKeys) return
    for (const spans of this.#live.values()) for (const span of spans) this.#write(span)
    this.#live.clear()
  }

  #expect(key: string, endMs: number): void {
    this.#due.push({ dueMs: endMs + this.#options.lingerMs, key })
  }

  #load(key: string): Span<A>[] {
    const live = this.#live.get(key)
    if (live !== undefined) return live
    const spans: Span<A>[] = []
    for (const { startMs, endMs, value } of this.#options.store.load(key)) {
      const state = this.#options.codec.decode(value)
      spans.push({ key, startMs, endMs, state, dirty: false, stored: { startMs, endMs } })
    }
    if (spans.length > 0) this.#live.set(key, spans)
    return spans
  }

  #end(key: string, spans: Span<A>[], clockMs: number): void {
    const { lingerMs, onOver } = this.#options
    for (let first = spans[0]; first !== undefined && first.endMs + lingerMs <= clockMs; first = spans[0]) {
      spans.shift()
      if (first.stored !== null) this.#options.store.delete(key, first.stored.startMs, first.stored.endMs)
      first.stored = null
      first.dirty = false
      onOver(first)
    }
    if (spans.length === 0) this.#live.delete(key)
  }

  #write(span: Span<A>): void {
    if (!span.dirty) return
    const { key, startMs, endMs, stored } = span
    const { store, codec } = this.#options
    if (stored !== null && (stored.startMs !== startMs || stored.endMs !== endMs)) {
      store.delete(key, stored.startMs, stored.endMs)
    }
    store.put(key, startMs, endMs, codec.encode(span.state))
    span.stored = { startMs, endMs }
    span.dirty = false
  }
}

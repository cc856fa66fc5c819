import type { Codec } from '../kit/codec.ts'
import { KeyValueWindowStore } from '../stores/window-store.ts'
import type { OperatorSpec } from './operator.ts'
import { type Span, Spans } from './spans.ts'
import { whenDue } from './when-due.ts'

export type TimeWindows = {
  readonly kind: 'time'
  readonly sizeMs: number
  readonly hopMs: number
  readonly graceMs: number
}

/** Half-open: `endMs` belongs to the next window. For sessions both ends are times of records. */
export type Window = { readonly startMs: number; readonly endMs: number }

/** What is told of a window: each key's state in it. */
export type Windowed<A> = { readonly window: Window; readonly value: A }

export type AggregateOptions<A> = {
  readonly codec: Codec<A>
  readonly silenceMs: number
  readonly maxLiveKeys: number
}

export type WindowAggregate<V, A, Out> = AggregateOptions<A> & {
  readonly name: string
  readonly windows: TimeWindows
  readonly init: () => A
  /** Gives the new state, which may be the old one changed. */
  readonly add: (state: A, value: V, key: string) => A
  /** `close`: once, when the window takes no more records. `change`: after each record, and not at the close. */
  readonly emit: 'close' | 'change'
  readonly onResult: (result: Windowed<A>) => Out
  /** Records that are late for every window they belong to; `null` drops them. They are counted in either case. */
  readonly onLate: ((value: V) => Out) | null
}

/**
 * One state for each key and window. A result at the close carries the last millisecond of its window as event time and the
 * time of the close, end plus grace, as stream time, whatever made the close happen: so it is the same result whether the
 * key's next record or its silence brought it about.
 */
export function windowAggregate<V, A, Out>(aggregate: WindowAggregate<V, A, Out>): OperatorSpec<V, Out> {
  const { name, windows, init, add, emit, onResult, onLate, codec, silenceMs, maxLiveKeys } = aggregate
  const { sizeMs, hopMs, graceMs } = windows
  return {
    kind: 'window-aggregate',
    changesKey: false,
    stores: [{ name, kind: 'key-value', keepMs: sizeMs + graceMs + silenceMs, holds: windowsText(windows) }],
    create(context) {
      const { forward } = context
      const close = ({ key, startMs, endMs, state }: Span<A>) => {
        if (emit !== 'close') return
        const dueMs = endMs + graceMs
        whenDue(context, name, { key, dueMs }, () => {
          const value = onResult({ window: { startMs, endMs }, value: state })
          forward({ key, value, timestampMs: endMs - 1, streamTimeMs: dueMs })
        })
      }
      const spans = new Spans<A>({
        store: windowSpanStore(new KeyValueWindowStore(context.store(name)), sizeMs),
        codec,
        durable: context.durable,
        lingerMs: graceMs,
        silenceMs,
        maxLiveKeys,
        onOver: close,
      })
      return {
        process(record) {
          const { key, value, timestampMs, streamTimeMs } = record
          const open = spans.at(key, streamTimeMs)
          let taken = false
          const last = Math.floor(timestampMs / hopMs) * hopMs
          const first = (Math.floor((timestampMs - sizeMs) / hopMs) + 1) * hopMs
          for (let startMs = first; startMs <= last; startMs += hopMs) {
            const endMs = startMs + sizeMs
            if (endMs + graceMs <= streamTimeMs) continue
            taken = true
            const span = findStart(open, startMs) ?? spans.add(key, startMs, endMs, init())
            span.state = add(span.state, value, key)
            spans.touch(span)
            if (emit === 'change') {
              const result = onResult({ window: { startMs, endMs }, value: span.state })
              forward({ key, value: result, timestampMs, streamTimeMs })
            }
          }
          if (taken) return
          context.countLate?.()
          if (onLate !== null) forward({ key, value: onLate(value), timestampMs, streamTimeMs })
        },
        advance: (streamTimeMs) => spans.advance(streamTimeMs),
        flush: () => spans.flush(),
      }
    },
  }
}

/** As the plan tells of them. */
export function windowsText({ sizeMs, hopMs, graceMs }: Omit<TimeWindows, 'kind'>): string {
  const every = hopMs === sizeMs ? '' : ` every ${hopMs} ms`
  return `windows of ${sizeMs} ms${every} with ${graceMs} ms of grace`
}

function findStart<A>(spans: readonly Span<A>[], startMs: number): Span<A> | undefined {
  for (let at = spans.length - 1; at >= 0; at -= 1) if (spans[at]?.startMs === startMs) return spans[at]
  return undefined
}

function windowSpanStore(store: KeyValueWindowStore, sizeMs: number) {
  return {
    *load(key: string) {
      for (const [startMs, value] of store.fetch(key, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) {
        yield { startMs, endMs: startMs + sizeMs, value }
      }
    },
    put: (key: string, startMs: number, _endMs: number, value: Uint8Array) => store.put(key, startMs, value),
    delete: (key: string, startMs: number) => store.delete(key, startMs),
    *all() {
      for (const { key, startMs } of store.all()) yield { key, endMs: startMs + sizeMs }
    },
  }
}

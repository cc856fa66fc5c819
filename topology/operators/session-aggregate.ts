import { KeyValueSessionStore } from '../stores/session-store.ts'
import type { OperatorSpec } from './operator.ts'
import { type Span, Spans } from './spans.ts'
import { whenDue } from './when-due.ts'
import type { AggregateOptions, Windowed } from './window-aggregate.ts'

export type SessionWindows = {
  readonly kind: 'session'
  readonly gapMs: number
  readonly graceMs: number
}

export type SessionAggregate<V, A, Out> = AggregateOptions<A> & {
  readonly name: string
  readonly windows: SessionWindows
  readonly init: () => A
  /** Gives the new state, which may be the old one changed. */
  readonly add: (state: A, value: V, key: string) => A
  /** Two sessions that a record between them has made one; `earlier` began first. */
  readonly combine: (earlier: A, later: A, key: string) => A
  readonly onResult: (result: Windowed<A>) => Out
  /** Late records; `null` drops them. They are counted in either case. */
  readonly onLate: ((value: V) => Out) | null
}

/**
 * One state for each key and session, told once, when the session takes no more records: gap and grace after its last one. The
 * result carries the session's end as event time and the time of that close as stream time.
 */
export function sessionAggregate<V, A, Out>(aggregate: SessionAggregate<V, A, Out>): OperatorSpec<V, Out> {
  const { name, windows, init, add, combine, onResult, onLate, codec, silenceMs, maxLiveKeys } = aggregate
  const { gapMs, graceMs } = windows
  const lingerMs = gapMs + graceMs
  return {
    kind: 'session-aggregate',
    changesKey: false,
    stores: [
      {
        name,
        kind: 'key-value',
        keepMs: lingerMs + silenceMs,
        holds: `sessions with gaps of ${gapMs} ms and ${graceMs} ms of grace`,
      },
    ],
    create(context) {
      const { forward } = context
      const close = ({ key, startMs, endMs, state }: Span<A>) => {
        const dueMs = endMs + lingerMs
        whenDue(context, name, { key, dueMs }, () => {
          const value = onResult({ window: { startMs, endMs }, value: state })
          forward({ key, value, timestampMs: endMs, streamTimeMs: dueMs })
        })
      }
      const spans = new Spans<A>({
        store: sessionSpanStore(new KeyValueSessionStore(context.store(name))),
        codec,
        durable: context.durable,
        lingerMs,
        silenceMs,
        maxLiveKeys,
        onOver: close,
      })
      return {
        process({ key, value, timestampMs, streamTimeMs }) {
          // The store's keys hold whole milliseconds; cutting off widens no gap by as much as one.
          const atMs = Math.floor(timestampMs)
          const open = spans.at(key, streamTimeMs)
          const touching = open.filter((span) => span.startMs - gapMs <= atMs && atMs <= span.endMs + gapMs)
          const [first] = touching
          if (first === undefined) {
            if (atMs + lingerMs <= streamTimeMs) {
              context.countLate?.()
              if (onLate !== null) forward({ key, value: onLate(value), timestampMs, streamTimeMs })
            } else {
              spans.add(key, atMs, atMs, add(init(), value, key))
            }
            return
          }
          let { state, endMs } = first
          const startMs = Math.min(first.startMs, atMs)
          for (const later of touching.slice(1)) {
            state = combine(state, later.state, key)
            endMs = later.endMs
          }
          state = add(state, value, key)
          if (touching.length === 1 && atMs <= endMs) {
            first.startMs = startMs
            first.state = state
            spans.touch(first)
            return
          }
          for (const span of touching) spans.remove(span)
          spans.add(key, startMs, Math.max(endMs, atMs), state)
        },
        advance: (streamTimeMs) => spans.advance(streamTimeMs),
        flush: () => spans.flush(),
      }
    },
  }
}

function sessionSpanStore(store: KeyValueSessionStore) {
  return {
    load: (key: string) => store.find(key, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    put: (key: string, startMs: number, endMs: number, value: Uint8Array) =>
      store.put(key, startMs, endMs, value),
    delete: (key: string, startMs: number, endMs: number) => store.delete(key, startMs, endMs),
    all: () => store.all(),
  }
}

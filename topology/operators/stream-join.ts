import type { Codec } from '../kit/codec.ts'
import { KeyValueSessionStore } from '../stores/session-store.ts'
import type { OperatorContext, OperatorSpec, StreamRecord } from './operator.ts'
import { Spans } from './spans.ts'

/** A record and the side it came from. */
export type Sided<L, R> =
  | { readonly side: 'left'; readonly value: L }
  | { readonly side: 'right'; readonly value: R }

export type StreamJoin<L, R, Out> = {
  readonly name: string
  /** Event times of two that meet are at most this far apart. */
  readonly withinMs: number
  readonly graceMs: number
  readonly silenceMs: number
  readonly maxLiveKeys: number
  readonly left: Codec<L>
  readonly right: Codec<R>
  readonly join: (left: L, right: R, key: string) => Out
}

/**
 * Every pair of a left and a right record of one key whose event times are close enough, told when the second of them comes. A
 * record waits for others until its key's clock is more than `withinMs` and grace past it; one that comes later than that by its own
 * clock is late and meets nobody. The pair carries the later event time, and the stream time of the record that came second.
 */
export function streamJoin<L, R, Out>(spec: StreamJoin<L, R, Out>): OperatorSpec<Sided<L, R>, Out> {
  const { name, withinMs, graceMs, silenceMs, join } = spec
  const keepMs = withinMs + graceMs + silenceMs
  const leftStore = `${name}-left`
  const rightStore = `${name}-right`
  const holds = `records that wait for others within ${withinMs} ms and ${graceMs} ms of grace`
  return {
    kind: 'stream-join',
    changesKey: false,
    stores: [
      { name: leftStore, kind: 'key-value', keepMs, holds },
      { name: rightStore, kind: 'key-value', keepMs, holds },
    ],
    create(context) {
      const { forward } = context
      const left = waiting(spec, context, leftStore, spec.left)
      const right = waiting(spec, context, rightStore, spec.right)
      const meet = <Mine, Other>(
        record: StreamRecord<unknown>,
        mine: Spans<Waiting<Mine>>,
        value: Mine,
        others: Spans<Waiting<Other>>,
        pair: (other: Other) => Out,
      ) => {
        const { key, timestampMs, streamTimeMs } = record
        if (timestampMs + withinMs + graceMs < streamTimeMs) {
          context.countLate?.()
          return
        }
        for (const { state } of others.at(key, streamTimeMs)) {
          if (Math.abs(state.timestampMs - timestampMs) > withinMs) continue
          if (state.timestampMs + withinMs + graceMs < streamTimeMs) continue
          const laterMs = Math.max(timestampMs, state.timestampMs)
          forward({ key, value: pair(state.value), timestampMs: laterMs, streamTimeMs })
        }
        const same = mine.at(key, streamTimeMs)
        const endMs = Math.floor(timestampMs)
        // Records of one millisecond are told apart by a number, in the place of a start.
        let number = 0
        for (const span of same) if (span.endMs === endMs) number = Math.max(number, span.startMs + 1)
        mine.add(key, number, endMs, { timestampMs, value })
      }
      return {
        process(record) {
          const { key, value: sided } = record
          if (sided.side === 'left') {
            const { value } = sided
            meet(record, left, value, right, (other) => join(value, other, key))
          } else {
            const { value } = sided
            meet(record, right, value, left, (other) => join(other, value, key))
          }
        },
        advance(streamTimeMs) {
          left.advance(streamTimeMs)
          right.advance(streamTimeMs)
        },
        flush() {
          left.flush()
          right.flush()
        },
      }
    },
  }
}

/** A record that waits for its like. */
type Waiting<V> = { readonly timestampMs: number; readonly value: V }

function waiting<V, Out>(
  spec: {
    readonly withinMs: number
    readonly graceMs: number
    readonly silenceMs: number
    readonly maxLiveKeys: number
  },
  context: OperatorContext<Out>,
  storeName: string,
  codec: Codec<V>,
): Spans<Waiting<V>> {
  const store = new KeyValueSessionStore(context.store(storeName))
  return new Spans<Waiting<V>>({
    store: {
      load: (key) => store.find(key, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
      put: (key, startMs, endMs, value) => store.put(key, startMs, endMs, value),
      delete: (key, startMs, endMs) => store.delete(key, startMs, endMs),
      all: () => store.all(),
    },
    codec: waitingCodec(codec),
    durable: context.durable,
    // One more for the part of a millisecond that `endMs` has lost.
    lingerMs: spec.withinMs + spec.graceMs + 1,
    silenceMs: spec.silenceMs,
    maxLiveKeys: spec.maxLiveKeys,
    onOver: () => {},
  })
}

/** Event time:8, a double, then the value's own bytes. */
function waitingCodec<V>(codec: Codec<V>): Codec<Waiting<V>> {
  return {
    encode({ timestampMs, value }) {
      const bytes = codec.encode(value)
      const whole = new Uint8Array(8 + bytes.length)
      new DataView(whole.buffer).setFloat64(0, timestampMs)
      whole.set(bytes, 8)
      return whole
    },
    decode: (bytes) => ({
      timestampMs: new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0),
      value: codec.decode(bytes.subarray(8)),
    }),
  }
}

import type { Codec } from '../kit/codec.ts'
import type { OperatorSpec } from './operator.ts'

export type Aggregate<V, A> = {
  readonly name: string
  readonly init: () => A
  /** Gives the new state. It is forwarded: what was given before must not be changed. */
  readonly add: (state: A, value: V, key: string) => A
  readonly codec: Codec<A>
  readonly maxLiveKeys: number
}

/** One state for each key, for ever; forwards it after each record. */
export function aggregate<V, A>(spec: Aggregate<V, A>): OperatorSpec<V, A> {
  const { name, init, add, codec, maxLiveKeys } = spec
  return {
    kind: 'aggregate',
    changesKey: false,
    stores: [{ name, kind: 'key-value', holds: 'one state a key' }],
    create(context) {
      const { forward, durable } = context
      const store = context.store(name)
      const live = new Map<string, A>()
      const changed = new Set<string>()
      return {
        process({ key, value: given, timestampMs, streamTimeMs }) {
          let state = live.get(key)
          if (state === undefined) {
            const bytes = store.get(key)
            state = bytes === undefined ? init() : codec.decode(bytes)
          }
          const value = add(state, given, key)
          live.set(key, value)
          changed.add(key)
          forward({ key, value, timestampMs, streamTimeMs })
        },
        flush() {
          const full = live.size > maxLiveKeys
          if (!durable && !full) return
          for (const key of changed) {
            const state = live.get(key)
            if (state !== undefined) store.put(key, codec.encode(state))
          }
          changed.clear()
          if (full) live.clear()
        },
      }
    },
  }
}

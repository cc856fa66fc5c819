import type { Codec } from '../kit/codec.ts'
import type { OperatorSpec } from './operator.ts'

/** Keeps the latest value of each key in store `store`; `null` deletes it. Forwards nothing: joins look into the store. */
export function tableStore<V>(store: string, codec: Codec<V>): OperatorSpec<V | null, never> {
  return {
    kind: 'table',
    changesKey: false,
    stores: [{ name: store, kind: 'key-value', holds: 'a table' }],
    create(context) {
      const values = context.store(store)
      return {
        process({ key, value }) {
          if (value === null) values.delete(key)
          else values.put(key, codec.encode(value))
        },
      }
    },
  }
}

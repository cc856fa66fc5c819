import type { OperatorSpec } from './operator.ts'

export type TableJoin<V, T, Out> = {
  /** The table's store, kept by another step of the same task. */
  readonly store: string
  /** What the table shows of the bytes stored for a key; `undefined` hides it. */
  readonly read: (bytes: Uint8Array, key: string) => T | undefined
  readonly join: (value: V, found: T, key: string) => Out
  /** What becomes of records that find nothing; `null` drops them. */
  readonly unmatched: ((value: V, key: string) => Out) | null
}

/** Looks each record's key up in a table, as the table is when the task comes to the record. */
export function tableJoin<V, T, Out>(spec: TableJoin<V, T, Out>): OperatorSpec<V, Out> {
  const { store, read, join, unmatched } = spec
  return {
    kind: 'table-join',
    changesKey: false,
    stores: [{ name: store, kind: 'key-value' }],
    create(context) {
      const values = context.store(store)
      const { forward } = context
      return {
        process({ key, value: mine, timestampMs, streamTimeMs }) {
          const bytes = values.get(key)
          const found = bytes === undefined ? undefined : read(bytes, key)
          if (found !== undefined) forward({ key, value: join(mine, found, key), timestampMs, streamTimeMs })
          else if (unmatched !== null)
            forward({ key, value: unmatched(mine, key), timestampMs, streamTimeMs })
        },
      }
    },
  }
}

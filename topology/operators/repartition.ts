import type { OperatorSpec } from './operator.ts'

/** Gives each record the key it shall be grouped by. The internal topic that follows takes it to the task of that key. */
export function repartition<V>(keyOf: (value: V, key: string) => string): OperatorSpec<V, V> {
  return {
    kind: 'repartition',
    changesKey: true,
    stores: [],
    create: ({ forward }) => ({
      process({ key, value, timestampMs, streamTimeMs }) {
        forward({ key: keyOf(value, key), value, timestampMs, streamTimeMs })
      },
    }),
  }
}

import type { OperatorSpec } from './operator.ts'

/** Forwards the records that `keep` accepts, untouched. */
export function filter<V>(keep: (value: V, key: string) => boolean): OperatorSpec<V, V> {
  return {
    kind: 'filter',
    changesKey: false,
    stores: [],
    create: ({ forward }) => ({
      process(record) {
        if (keep(record.value, record.key)) forward(record)
      },
    }),
  }
}

import type { OperatorSpec } from './operator.ts'

/** Any number of values for each, in the order given; key and times stay. */
export function flatMapValues<In, Out>(
  map: (value: In, key: string) => readonly Out[],
): OperatorSpec<In, Out> {
  return {
    kind: 'flat-map-values',
    changesKey: false,
    stores: [],
    create: ({ forward }) => ({
      process({ key, value: from, timestampMs, streamTimeMs }) {
        for (const value of map(from, key)) forward({ key, value, timestampMs, streamTimeMs })
      },
    }),
  }
}

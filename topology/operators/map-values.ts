import type { OperatorSpec } from './operator.ts'

/** One value for each; key and times stay. */
export function mapValues<In, Out>(map: (value: In, key: string) => Out): OperatorSpec<In, Out> {
  return {
    kind: 'map-values',
    changesKey: false,
    stores: [],
    create: ({ forward }) => ({
      process({ key, value, timestampMs, streamTimeMs }) {
        forward({ key, value: map(value, key), timestampMs, streamTimeMs })
      },
    }),
  }
}

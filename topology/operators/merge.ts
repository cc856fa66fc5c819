import type { OperatorSpec } from './operator.ts'

/** Several streams as one: forwards whatever comes, untouched, in the order in which the task meets it. */
export function merge<V>(): OperatorSpec<V, V> {
  return {
    kind: 'merge',
    changesKey: false,
    stores: [],
    create: ({ forward }) => ({ process: forward }),
  }
}

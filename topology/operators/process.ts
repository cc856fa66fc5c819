import type { Operator, OperatorContext, OperatorSpec, StoreSpec } from './operator.ts'

/** A step written by the author: what stores it wants, and what it does in each task. */
export function process<In, Out>(spec: {
  readonly stores?: readonly StoreSpec[]
  readonly changesKey?: boolean
  create(context: OperatorContext<Out>): Operator<In>
}): OperatorSpec<In, Out> {
  return {
    kind: 'process',
    changesKey: spec.changesKey ?? false,
    stores: spec.stores ?? [],
    create: (context) => spec.create(context),
  }
}

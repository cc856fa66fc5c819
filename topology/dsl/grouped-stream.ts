import type { OperatorSpec } from '../operators/operator.ts'
import type { Graph } from './graph.ts'
import type { Stream } from './stream.ts'

/** A stream whose records of one key are all in one task, in order. */
export class GroupedStream<V> {
  readonly #graph: Graph
  readonly #id: number

  constructor(graph: Graph, id: number) {
    this.#graph = graph
    this.#id = id
  }

  /** A step of the author's own. `name` stays the same from release to release. */
  process<Out>(name: string, spec: OperatorSpec<V, Out>): Stream<Out> {
    return this.#graph.streamOf<Out>(this.#graph.step(name, [this.#id], spec))
  }
}

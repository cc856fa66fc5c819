import { type Codec, numberCodec } from '../kit/codec.ts'
import { aggregate } from '../operators/aggregate.ts'
import type { OperatorSpec } from '../operators/operator.ts'
import type { SessionWindows } from '../operators/session-aggregate.ts'
import type { TimeWindows } from '../operators/window-aggregate.ts'
import type { Graph } from './graph.ts'
import type { Stream } from './stream.ts'
import { WindowedStream } from './windowed-stream.ts'

export type Aggregation<V, A> = {
  readonly init: () => A
  /** Gives the new state, a new object: what was given before is on its way. */
  readonly add: (state: A, value: V, key: string) => A
  readonly codec: Codec<A>
  /** Keys kept as live objects between commits; 100,000. */
  readonly maxLiveKeys?: number
}

/** A stream whose records of one key are all in one task, in order. */
export class GroupedStream<V> {
  readonly #graph: Graph
  readonly #id: number

  constructor(graph: Graph, id: number) {
    this.#graph = graph
    this.#id = id
  }

  windowedBy(windows: TimeWindows | SessionWindows): WindowedStream<V> {
    return new WindowedStream(this.#graph, this.#id, windows)
  }

  /** One state for each key, for ever; comes out after each record. */
  aggregate<A>(name: string, { init, add, codec, maxLiveKeys = 100_000 }: Aggregation<V, A>): Stream<A> {
    const spec = aggregate({ name, init, add, codec, maxLiveKeys })
    return this.#graph.streamOf(this.#graph.step(name, [this.#id], spec), codec)
  }

  count(name: string): Stream<number> {
    return this.aggregate(name, { init: () => 0, add: (count) => count + 1, codec: numberCodec })
  }

  /** A step of the author's own. `name` stays the same from release to release. */
  process<Out>(name: string, spec: OperatorSpec<V, Out>): Stream<Out> {
    return this.#graph.streamOf<Out>(this.#graph.step(name, [this.#id], spec))
  }
}

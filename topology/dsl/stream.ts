import type { Codec } from '../kit/codec.ts'
import { filter } from '../operators/filter.ts'
import { flatMapValues } from '../operators/flat-map-values.ts'
import { mapValues } from '../operators/map-values.ts'
import { merge } from '../operators/merge.ts'
import type { OperatorSpec } from '../operators/operator.ts'
import { repartition } from '../operators/repartition.ts'
import type { Topic } from '../plan/topic.ts'
import type { Graph } from './graph.ts'
import { GroupedStream } from './grouped-stream.ts'

export type GroupOptions<V> = {
  /** How values cross the internal topic; by default as in the topic they came from, if no step changed them since. */
  readonly codec?: Codec<V>
  readonly partitions?: number
}

/** Records one after the other. Every method leaves this stream as it is and can be called any number of times. */
export class Stream<V> {
  readonly #graph: Graph
  readonly #id: number
  /** `null` once a step has changed the values. */
  readonly #codec: Codec<V> | null

  constructor(graph: Graph, id: number, codec: Codec<V> | null) {
    this.#graph = graph
    this.#id = id
    this.#codec = codec
  }

  filter(keep: (value: V, key: string) => boolean): Stream<V> {
    return new Stream(this.#graph, this.#graph.step(null, [this.#id], filter(keep)), this.#codec)
  }

  mapValues<Out>(map: (value: V, key: string) => Out): Stream<Out> {
    return new Stream<Out>(this.#graph, this.#graph.step(null, [this.#id], mapValues(map)), null)
  }

  flatMapValues<Out>(map: (value: V, key: string) => readonly Out[]): Stream<Out> {
    return new Stream<Out>(this.#graph, this.#graph.step(null, [this.#id], flatMapValues(map)), null)
  }

  merge(...others: readonly Stream<V>[]): Stream<V> {
    const inputs = [this.#id, ...others.map((other) => other.#id)]
    return new Stream(this.#graph, this.#graph.step(null, inputs, merge<V>()), this.#codec)
  }

  /** Takes every record to the task of its new key, over the internal topic `<application>-<name>-repartition`. */
  groupBy(
    name: string,
    keyOf: (value: V, key: string) => string,
    options: GroupOptions<V> = {},
  ): GroupedStream<V> {
    const rekeyed = this.#graph.step(null, [this.#id], repartition(keyOf))
    const source = this.#graph.through(name, rekeyed, options.codec ?? this.#codec, options.partitions)
    return new GroupedStream(this.#graph, source)
  }

  /** For streams whose key is already the one to group by: costs nothing. */
  groupByKey(): GroupedStream<V> {
    return new GroupedStream(this.#graph, this.#id)
  }

  /** A step of the author's own. `name` stays the same from release to release. */
  process<Out>(name: string, spec: OperatorSpec<V, Out>): Stream<Out> {
    return new Stream<Out>(this.#graph, this.#graph.step(name, [this.#id], spec), null)
  }

  to(topic: Topic<V>): void {
    this.#graph.sink(this.#id, topic)
  }
}

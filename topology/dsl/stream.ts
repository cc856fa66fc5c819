import { topologyError } from '../errors.ts'
import type { Codec } from '../kit/codec.ts'
import { filter } from '../operators/filter.ts'
import { flatMapValues } from '../operators/flat-map-values.ts'
import { mapValues } from '../operators/map-values.ts'
import { merge } from '../operators/merge.ts'
import type { OperatorSpec } from '../operators/operator.ts'
import { repartition } from '../operators/repartition.ts'
import { type Sided, streamJoin } from '../operators/stream-join.ts'
import { tableJoin } from '../operators/table-join.ts'
import type { Topic } from '../plan/topic.ts'
import type { Graph } from './graph.ts'
import { GroupedStream } from './grouped-stream.ts'
import type { Table } from './table.ts'

export type GroupOptions<V> = {
  /** How values cross the internal topic; by default as in the topic they came from, if no step changed them since. */
  readonly codec?: Codec<V>
  readonly partitions?: number
}

export type JoinOptions<L, R, Out> = {
  readonly join: (left: L, right: R, key: string) => Out
  /** Event times of two that meet are at most this far apart. */
  readonly withinMs: number
  readonly graceMs?: number
  /** See `tasks/stream-clock.ts`; one minute. */
  readonly silenceMs?: number
  readonly maxLiveKeys?: number
  /** How waiting records are stored; by default as in the topics they came from, if no step changed them since. */
  readonly left?: Codec<L>
  readonly right?: Codec<R>
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

  /** Looks the key up in the table; records that find nothing are dropped. */
  joinTable<T, Out>(table: Table<T>, join: (value: V, found: T, key: string) => Out): Stream<Out> {
    const { store, read } = table
    return this.#joinTable(store, tableJoin({ store, read, join, unmatched: null }))
  }

  /** Looks the key up in the table; records that find nothing are joined with `undefined`. */
  leftJoinTable<T, Out>(
    table: Table<T>,
    join: (value: V, found: T | undefined, key: string) => Out,
  ): Stream<Out> {
    const { store, read } = table
    const unmatched = (value: V, key: string) => join(value, undefined, key)
    return this.#joinTable(store, tableJoin({ store, read, join, unmatched }))
  }

  /** Every pair of a record here and one there that have the same key and are close in event time. */
  join<R, Out>(name: string, other: Stream<R>, options: JoinOptions<V, R, Out>): Stream<Out> {
    const { withinMs, join, graceMs = 0, silenceMs = 60_000, maxLiveKeys = 100_000 } = options
    const left = options.left ?? this.#codec
    const right = options.right ?? other.#codec
    if (left === null || right === null) throw topologyError.NO_CODEC({ step: name })
    const graph = this.#graph
    const tagLeft = mapValues((value: V): Sided<V, R> => ({ side: 'left', value }))
    const tagRight = mapValues((value: R): Sided<V, R> => ({ side: 'right', value }))
    const inputs = [graph.step(null, [this.#id], tagLeft), graph.step(null, [other.#id], tagRight)]
    const spec = streamJoin({ name, withinMs, graceMs, silenceMs, maxLiveKeys, left, right, join })
    return new Stream<Out>(graph, graph.step(name, inputs, spec), null)
  }

  /** A step of the author's own. `name` stays the same from release to release. */
  process<Out>(name: string, spec: OperatorSpec<V, Out>): Stream<Out> {
    return new Stream<Out>(this.#graph, this.#graph.step(name, [this.#id], spec), null)
  }

  to(topic: Topic<V>): void {
    this.#graph.sink(this.#id, topic)
  }

  #joinTable<Out>(store: string, spec: OperatorSpec<V, Out>): Stream<Out> {
    return new Stream<Out>(this.#graph, this.#graph.step(null, [this.#id], spec, [store]), null)
  }
}

import { type Codec, numberCodec } from '../kit/codec.ts'
import { flatMapValues } from '../operators/flat-map-values.ts'
import type { OperatorSpec } from '../operators/operator.ts'
import { type SessionWindows, sessionAggregate } from '../operators/session-aggregate.ts'
import { type TimeWindows, type Windowed, windowAggregate } from '../operators/window-aggregate.ts'
import type { Graph } from './graph.ts'
import type { Stream } from './stream.ts'

export type WindowedAggregation<V, A> = {
  readonly init: () => A
  /** Gives the new state, which may be the old one changed. With `emit: 'change'` it must be a new one. */
  readonly add: (state: A, value: V, key: string) => A
  readonly codec: Codec<A>
  /** Sessions need it: two that turn out to be one. `earlier` began first. */
  readonly combine?: (earlier: A, later: A, key: string) => A
  /**
   * `close`, the default: one result, when the window takes no more records. `change`: one after each record, time windows
   * only.
   */
  readonly emit?: 'close' | 'change'
  /** How long a key that says nothing is left alone beyond its windows' ends; see `tasks/stream-clock.ts`. One minute. */
  readonly silenceMs?: number
  /** Keys kept as live objects between commits; 100,000. */
  readonly maxLiveKeys?: number
}

/** Results and the records that came too late for any window. */
export type WithLate<V, A> = { readonly results: Stream<Windowed<A>>; readonly late: Stream<V> }

type Outcome<V, A> = { readonly result: Windowed<A> } | { readonly late: V }

/** Judgements, not measurements. */
const defaultSilenceMs = 60_000
const defaultMaxLiveKeys = 100_000

/** Records of each key by the window they fall into. */
export class WindowedStream<V> {
  readonly #graph: Graph
  readonly #id: number
  readonly #windows: TimeWindows | SessionWindows

  constructor(graph: Graph, id: number, windows: TimeWindows | SessionWindows) {
    this.#graph = graph
    this.#id = id
    this.#windows = windows
  }

  /** Late records are counted and dropped. */
  aggregate<A>(name: string, aggregation: WindowedAggregation<V, A>): Stream<Windowed<A>> {
    const spec = this.#spec<A, Windowed<A>>(name, aggregation, (result) => result, null)
    return this.#graph.streamOf<Windowed<A>>(this.#graph.step(name, [this.#id], spec))
  }

  /** Late records are counted and come out beside the results. */
  aggregateWithLate<A>(name: string, aggregation: WindowedAggregation<V, A>): WithLate<V, A> {
    const spec = this.#spec<A, Outcome<V, A>>(
      name,
      aggregation,
      (result) => ({ result }),
      (late) => ({ late }),
    )
    const step = this.#graph.step(name, [this.#id], spec)
    const split = <Out>(pick: (outcome: Outcome<V, A>) => readonly Out[]) =>
      this.#graph.streamOf<Out>(this.#graph.step(null, [step], flatMapValues(pick)))
    return {
      results: split((outcome) => ('result' in outcome ? [outcome.result] : [])),
      late: split((outcome) => ('late' in outcome ? [outcome.late] : [])),
    }
  }

  count(name: string): Stream<Windowed<number>> {
    return this.aggregate(name, {
      init: () => 0,
      add: (count) => count + 1,
      combine: (earlier, later) => earlier + later,
      codec: numberCodec,
    })
  }

  #spec<A, Out>(
    name: string,
    aggregation: WindowedAggregation<V, A>,
    onResult: (result: Windowed<A>) => Out,
    onLate: ((value: V) => Out) | null,
  ): OperatorSpec<V, Out> {
    const { init, add, codec, combine, emit = 'close' } = aggregation
    const silenceMs = aggregation.silenceMs ?? defaultSilenceMs
    const maxLiveKeys = aggregation.maxLiveKeys ?? defaultMaxLiveKeys
    const shared = { name, init, add, codec, silenceMs, maxLiveKeys, onResult, onLate }
    const windows = this.#windows
    if (windows.kind === 'time') return windowAggregate({ ...shared, windows, emit })
    if (combine === undefined || emit !== 'close') {
      throw new TypeError(`step '${name}': sessions need combine, and tell their results at the close`)
    }
    return sessionAggregate({ ...shared, windows, combine })
  }
}

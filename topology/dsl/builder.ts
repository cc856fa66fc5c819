import type { GlobalTable } from '../plan/global-table.ts'
import { makePlan, type Plan, type PlanOptions } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { Graph } from './graph.ts'
import { Stream } from './stream.ts'
import { Table } from './table.ts'

export type StreamOptions<V> = {
  /** The clock a value carries, for topics whose writers knew nothing of stream time. Never falls within a reader. */
  readonly streamTime?: (value: V) => number
}

/** Where a topology begins. `application` names the group, the internal topics and the stores. */
export class TopologyBuilder {
  readonly #graph: Graph
  readonly #globals: GlobalTable[] = []

  constructor(application: string) {
    this.#graph = new Graph(application, (graph, id, codec) => new Stream(graph, id, codec))
  }

  /** Every record of the topic, in the order of each partition. Asking again gives the same stream. */
  stream<V>(topic: Topic<V>, options: StreamOptions<V> = {}): Stream<V> {
    const id = this.#graph.source(topic, false, options.streamTime ?? null)
    return this.#graph.streamOf(id, topic.codec)
  }

  /** The latest value of each key, for streams with the same key to look up. */
  table<V>(topic: Topic<V>, options: StreamOptions<V> = {}): Table<V> {
    return Table.of(this.#graph, topic, options.streamTime ?? null)
  }

  /** Every process follows the table's topic, which has one partition, whole before its first record and on from there. */
  globalTable(table: GlobalTable): void {
    this.#globals.push(table)
  }

  /** Checks everything; see `plan/plan.ts` for what can be refused. */
  build(options: PlanOptions = {}): Plan {
    return makePlan(this.#graph.application, this.#graph.nodes, options, this.#globals)
  }
}

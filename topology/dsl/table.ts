import { tableStore } from '../operators/table.ts'
import type { Topic } from '../plan/topic.ts'
import type { Graph } from './graph.ts'

/** A topic read as the latest value of each key, kept in a store that joins look into. */
export class Table<V> {
  readonly graph: Graph

  private constructor(graph: Graph, _topic: Topic<V>) {
    this.graph = graph
  }

  static read<V>(graph: Graph, topic: Topic<V>, streamTime: ((value: V) => number) | null): Table<V> {
    const source = graph.source(topic, true, streamTime)
    graph.step(topic.name, [source], tableStore(topic.name, topic.codec))
    return new Table(graph, topic)
  }
}

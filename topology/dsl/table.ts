import { tableStore } from '../operators/table.ts'
import type { Topic } from '../plan/topic.ts'
import type { Graph } from './graph.ts'

/** A topic read as the latest value of each key, kept in a store that joins look into. `mapValues` and `filter` are views of it. */
export class Table<V> {
  /** Name of the store, which is that of the topic. */
  readonly store: string
  /** What this view shows of the bytes stored for a key; `undefined` hides them. */
  readonly read: (bytes: Uint8Array, key: string) => V | undefined

  private constructor(store: string, read: (bytes: Uint8Array, key: string) => V | undefined) {
    this.store = store
    this.read = read
  }

  static of<V>(graph: Graph, topic: Topic<V>, streamTime: ((value: V) => number) | null): Table<V> {
    const source = graph.source(topic, true, streamTime)
    if (!graph.hasStep(topic.name)) graph.step(topic.name, [source], tableStore(topic.name, topic.codec))
    return new Table(topic.name, (bytes) => topic.codec.decode(bytes))
  }

  mapValues<Out>(map: (value: V, key: string) => Out): Table<Out> {
    return new Table<Out>(this.store, (bytes, key) => {
      const value = this.read(bytes, key)
      return value === undefined ? undefined : map(value, key)
    })
  }

  filter(keep: (value: V, key: string) => boolean): Table<V> {
    return new Table<V>(this.store, (bytes, key) => {
      const value = this.read(bytes, key)
      return value !== undefined && keep(value, key) ? value : undefined
    })
  }
}

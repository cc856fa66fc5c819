import { topologyError } from '../errors.ts'
import type { Codec } from '../kit/codec.ts'
import type { OperatorSpec } from '../operators/operator.ts'
import type { GraphNode } from '../plan/graph.ts'
import { repartitionTopic } from '../plan/names.ts'
import type { Topic } from '../plan/topic.ts'
import type { Stream } from './stream.ts'

type NewStream = <V>(graph: Graph, id: number, codec: Codec<V> | null) => Stream<V>

/** What the streams and tables of one builder write into. */
export class Graph {
  readonly application: string
  readonly #nodes: GraphNode[] = []
  readonly #newStream: NewStream

  /** `newStream` is handed in, since streams lead to grouped streams and those back to streams. */
  constructor(application: string, newStream: NewStream) {
    this.application = application
    this.#newStream = newStream
  }

  streamOf<V>(id: number, codec: Codec<V> | null = null): Stream<V> {
    return this.#newStream(this, id, codec)
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes
  }

  source<V>(topic: Topic<V>, table: boolean, streamTime: ((value: V) => number) | null): number {
    for (const node of this.#nodes) {
      if (node.type !== 'source' || node.topic.name !== topic.name) continue
      if (node.table === table && node.topic === topic && (node.streamTime?.of ?? null) === streamTime)
        return node.id
    }
    const id = this.#nodes.length
    this.#nodes.push(sourceNode(id, topic, table, streamTime))
    return id
  }

  hasStep(name: string): boolean {
    return this.#nodes.some((node) => node.type === 'step' && node.name === name)
  }

  step<In, Out>(
    name: string | null,
    inputs: readonly number[],
    spec: OperatorSpec<In, Out>,
    reads: readonly string[] = [],
  ): number {
    const id = this.#nodes.length
    this.#nodes.push({ type: 'step', id, name, inputs, spec, reads })
    return id
  }

  sink<V>(input: number, topic: Topic<V>): void {
    this.#nodes.push({ type: 'sink', id: this.#nodes.length, input, topic, internal: false })
  }

  /** Sends what `input` gives through an internal topic; gives the source on its other side. */
  through<V>(name: string, input: number, codec: Codec<V> | null, partitions?: number): number {
    if (codec === null) throw topologyError.NO_CODEC({ step: name })
    const topic: Topic<V> = {
      name: repartitionTopic(this.application, name),
      codec,
      ...(partitions === undefined ? {} : { partitions }),
    }
    const id = this.#nodes.length
    this.#nodes.push({ type: 'sink', id, input, topic, internal: true })
    this.#nodes.push({ ...sourceNode(id + 1, topic, false, null), internal: true })
    return id + 1
  }
}

function sourceNode<V>(
  id: number,
  topic: Topic<V>,
  table: boolean,
  streamTime: ((value: V) => number) | null,
) {
  const clock: { of(value: V): number } | null = streamTime === null ? null : { of: streamTime }
  return { type: 'source' as const, id, topic, table, streamTime: clock, internal: false }
}

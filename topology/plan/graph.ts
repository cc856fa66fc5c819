import type { OperatorSpec } from '../operators/operator.ts'
import type { Topic } from './topic.ts'

/** What an author's calls leave behind: nodes in the order of the calls, each naming the nodes that feed it. */
export type GraphNode = SourceNode | StepNode | SinkNode

export type SourceNode = {
  readonly type: 'source'
  readonly id: number
  readonly topic: Topic<unknown>
  /** Read as the latest value of each key: deletions are passed on. */
  readonly table: boolean
  /** The clock a value carries, where it is not the record's own. */
  readonly streamTime: { of(value: unknown): number } | null
  /** Internal topics belong to the application, which creates them under a name of its own. */
  readonly internal: boolean
}

export type StepNode = {
  readonly type: 'step'
  readonly id: number
  /** `null`: the author gave none. */
  readonly name: string | null
  readonly inputs: readonly number[]
  readonly spec: OperatorSpec<unknown, unknown>
  /** Stores among the spec's that another step owns; this one only reads them. */
  readonly reads: readonly string[]
}

export type SinkNode = {
  readonly type: 'sink'
  readonly id: number
  readonly input: number
  readonly topic: Topic<unknown>
  readonly internal: boolean
}

import { topologyError } from '../errors.ts'
import type { GlobalTable } from './global-table.ts'
import type { GraphNode, SinkNode, SourceNode, StepNode } from './graph.ts'
import { changelogTopic, checkName, deadLetterTopic } from './names.ts'
import { orderByTopics, splitAtTopics } from './sub-topologies.ts'
import type { Topic } from './topic.ts'

export type PlannedStore = {
  readonly name: string
  /** The step whose state it is. */
  readonly step: string
  /** The name under which commits and restores know it. */
  readonly changelog: string
  /** See `StoreSpec.keepMs`; `null`: entries matter until they are deleted. */
  readonly keepMs: number | null
  /** See `StoreSpec.holds`; empty where nothing is said. */
  readonly holds: string
}

/** Steps that one task runs together: they reach each other without a topic. */
export type SubTopology = {
  readonly id: number
  readonly sources: readonly SourceNode[]
  /** Inputs come before the steps they feed. */
  readonly steps: readonly StepNode[]
  readonly sinks: readonly SinkNode[]
  readonly stores: readonly PlannedStore[]
  /** One task for each. */
  readonly partitions: number
}

export type PlannedTopic = {
  readonly topic: Topic<unknown>
  readonly partitions: number
  readonly internal: boolean
}

/** A topology that has been found sound. */
export type Plan = {
  readonly application: string
  /** Whoever writes a topic comes before whoever reads it. */
  readonly subTopologies: readonly SubTopology[]
  /** By name. Without the dead letters. */
  readonly topics: readonly PlannedTopic[]
  /** Where records go that are set aside. */
  readonly deadLetters: string
  /** By topic. */
  readonly globals: readonly GlobalTable[]
}

export type PlanOptions = {
  /** For topics that do not say, internal ones included. */
  readonly partitions?: number
  /** Topic for what is set aside; `<application>-dead-letters` where none is named. */
  readonly deadLetters?: string
}

/** Every rule a topology must obey is checked here and nowhere else; the first that is broken is thrown. */
export function makePlan(
  application: string,
  nodes: readonly GraphNode[],
  options: PlanOptions = {},
  globals: readonly GlobalTable[] = [],
): Plan {
  checkName('application', application)
  if (options.deadLetters !== undefined) checkName('topic', options.deadLetters)
  checkSteps(nodes)
  const topics = planTopics(nodes, options.partitions ?? 1)
  checkKeys(nodes)
  checkGlobals(globals, topics)
  const groups = orderByTopics(splitAtTopics(nodes))
  const subTopologies = groups.map((group, id) => planSubTopology(application, id, group, topics))
  return {
    application,
    subTopologies,
    topics: [...topics.values()].sort((a, b) => (a.topic.name < b.topic.name ? -1 : 1)),
    deadLetters: options.deadLetters ?? deadLetterTopic(application),
    globals: globals.toSorted((a, b) => (a.topic < b.topic ? -1 : 1)),
  }
}

function checkSteps(nodes: readonly GraphNode[]): void {
  const names = new Set<string>()
  const owners = new Set<string>()
  for (const node of nodes) {
    if (node.type !== 'step') continue
    const owns = node.spec.stores.some((store) => !node.reads.includes(store.name))
    if (owns && (node.name === null || node.name === '')) {
      throw topologyError.UNNAMED_STEP({ kind: node.spec.kind })
    }
    if (node.name !== null) {
      checkName('step', node.name)
      if (names.has(node.name)) throw topologyError.NAME_TAKEN({ name: node.name, what: 'step' })
      names.add(node.name)
    }
    for (const store of node.spec.stores) {
      if (node.reads.includes(store.name)) continue
      checkName('store', store.name)
      if (owners.has(store.name)) throw topologyError.NAME_TAKEN({ name: store.name, what: 'store' })
      owners.add(store.name)
    }
  }
}

function planTopics(nodes: readonly GraphNode[], fallback: number): Map<string, PlannedTopic> {
  const topics = new Map<string, PlannedTopic>()
  const read = new Set<string>()
  for (const node of nodes) {
    if (node.type === 'step') continue
    const { topic, internal } = node
    if (!internal) checkName('topic', topic.name)
    const partitions = topic.partitions ?? fallback
    const known = topics.get(topic.name)
    if (known !== undefined && known.partitions !== partitions) {
      const difference = `${known.partitions} and ${partitions} partitions`
      throw topologyError.TOPIC_TWICE({ topic: topic.name, difference })
    }
    if (known !== undefined && known.topic.codec !== topic.codec) {
      throw topologyError.TOPIC_TWICE({ topic: topic.name, difference: 'different codecs' })
    }
    if (node.type === 'source') {
      if (read.has(topic.name)) {
        throw topologyError.TOPIC_TWICE({ topic: topic.name, difference: 'read by two sources' })
      }
      read.add(topic.name)
    }
    topics.set(topic.name, { topic, partitions, internal })
  }
  return topics
}

/** A topic has one reader in an application, and is not written by who reads it whole. */
function checkGlobals(globals: readonly GlobalTable[], topics: ReadonlyMap<string, PlannedTopic>): void {
  const read = new Set<string>()
  for (const { topic } of globals) {
    checkName('topic', topic)
    if (topics.has(topic) || read.has(topic)) {
      throw topologyError.TOPIC_TWICE({ topic, difference: 'a global table and something else' })
    }
    read.add(topic)
  }
}

/** State lies with the key of the topic partition: a key changed on the way has to cross a topic first. */
function checkKeys(nodes: readonly GraphNode[]): void {
  const changed = new Map<number, boolean>()
  for (const node of nodes) {
    if (node.type !== 'step') {
      changed.set(node.id, false)
      continue
    }
    const before = node.inputs.some((input) => changed.get(input) === true)
    if (before && node.spec.stores.length > 0)
      throw topologyError.KEY_CHANGED({ step: node.name ?? node.spec.kind })
    changed.set(node.id, before || node.spec.changesKey)
  }
}

function planSubTopology(
  application: string,
  id: number,
  nodes: readonly GraphNode[],
  topics: ReadonlyMap<string, PlannedTopic>,
): SubTopology {
  const sources = nodes.filter((node) => node.type === 'source')
  const steps = nodes.filter((node) => node.type === 'step')
  const sinks = nodes.filter((node) => node.type === 'sink')
  const counts = sources.map((source) => topics.get(source.topic.name)?.partitions ?? 0)
  const stateful = steps.find((step) => step.spec.stores.length > 0)
  if (sources.length === 0) throw topologyError.NO_SOURCES({ step: steps[0]?.name ?? '' })
  if (stateful !== undefined && counts.some((count) => count !== counts[0])) {
    throw topologyError.NOT_CO_PARTITIONED({
      step: stateful.name ?? '',
      topics: sources.map((source, at) => `${source.topic.name} (${counts[at]})`).join(', '),
    })
  }
  const stores = steps.flatMap((step) =>
    step.spec.stores
      .filter((store) => !step.reads.includes(store.name))
      .map(({ name, keepMs = null, holds = '' }) => ({
        name,
        step: step.name ?? '',
        changelog: changelogTopic(application, name),
        keepMs,
        holds,
      })),
  )
  return { id, sources, steps, sinks, stores, partitions: Math.max(...counts) }
}

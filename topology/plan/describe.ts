import type { GraphNode } from './graph.ts'
import type { Plan, SubTopology } from './plan.ts'

/**
 * The plan as text: the same text for the same plan, one line for each topic, step and store, so that a renamed store is a
 * changed line. `compatible.ts` reads the lines that begin with `store`.
 */
export function describePlan(plan: Plan): string {
  const lines = [`application ${plan.application}`]
  for (const { topic, partitions, internal } of plan.topics) {
    lines.push(`topic ${topic.name} partitions ${partitions}${internal ? ' internal' : ''}`)
  }
  for (const { topic } of plan.globals) lines.push(`topic ${topic} partitions 1 global table`)
  lines.push(`topic ${plan.deadLetters} partitions 1 dead letters`)
  for (const subTopology of plan.subTopologies) lines.push('', ...describeSubTopology(subTopology))
  return `${lines.join('\n')}\n`
}

/** By node: what a step is called where its author gave it no name is its kind, counted within its sub-topology. */
export function stepLabels({ steps }: Pick<SubTopology, 'steps'>): ReadonlyMap<number, string> {
  const labels = new Map<number, string>()
  const unnamed = new Map<string, number>()
  for (const step of steps) {
    const count = (unnamed.get(step.spec.kind) ?? 0) + 1
    if (step.name === null) unnamed.set(step.spec.kind, count)
    labels.set(step.id, step.name ?? `${step.spec.kind}-${count}`)
  }
  return labels
}

function describeSubTopology(subTopology: SubTopology): string[] {
  const labels = new Map(stepLabels(subTopology))
  for (const source of subTopology.sources) labels.set(source.id, source.topic.name)
  const from = (ids: readonly number[]) => ids.map((id) => labels.get(id) ?? '').join(', ')
  const lines = [`sub-topology ${subTopology.id} tasks ${subTopology.partitions}`]
  const describe = (node: GraphNode): string => {
    if (node.type === 'source') return `  ${node.table ? 'table' : 'stream'} ${node.topic.name}`
    if (node.type === 'sink') return `  to ${node.topic.name} from ${from([node.input])}`
    const kind = node.name === null ? '' : ` ${node.spec.kind}`
    return `  step ${labels.get(node.id)}${kind} from ${from(node.inputs)}`
  }
  for (const node of [...subTopology.sources, ...subTopology.steps, ...subTopology.sinks]) {
    lines.push(describe(node))
  }
  for (const store of subTopology.stores) {
    const { name, step, changelog } = store
    const holds = store.holds === '' ? '' : ` holds ${store.holds}`
    lines.push(`  store ${name} of ${step} in ${changelog} partitions ${subTopology.partitions}${holds}`)
  }
  return lines
}

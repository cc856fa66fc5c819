import { topologyError } from '../errors.ts'
import type { GraphNode } from './graph.ts'

/** Groups of nodes that are connected by edges or by a shared store, in the order of their first nodes. */
export function splitAtTopics(nodes: readonly GraphNode[]): GraphNode[][] {
  const parent = new Map<number, number>(nodes.map((node) => [node.id, node.id]))
  const rootOf = (id: number): number => {
    let at = id
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) at = up
    return at
  }
  const unite = (a: number, b: number): void => {
    const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y)
    if (low !== undefined && high !== undefined && low !== high) parent.set(high, low)
  }
  const storeUsers = new Map<string, number>()
  for (const node of nodes) {
    if (node.type === 'sink') unite(node.input, node.id)
    if (node.type !== 'step') continue
    for (const input of node.inputs) unite(input, node.id)
    for (const { name } of node.spec.stores) {
      const other = storeUsers.get(name)
      if (other === undefined) storeUsers.set(name, node.id)
      else unite(other, node.id)
    }
  }
  return [...Map.groupBy(nodes, (node) => rootOf(node.id)).values()]
}

/** Writers before readers, otherwise as given. */
export function orderByTopics(groups: readonly (readonly GraphNode[])[]): (readonly GraphNode[])[] {
  const waiting = groups.map((group) => ({
    group,
    reads: new Set(group.flatMap((node) => (node.type === 'source' ? [node.topic.name] : []))),
    writes: new Set(group.flatMap((node) => (node.type === 'sink' ? [node.topic.name] : []))),
  }))
  const ordered: (readonly GraphNode[])[] = []
  while (waiting.length > 0) {
    const next = waiting.findIndex((each) =>
      waiting.every((other) => other.writes.isDisjointFrom(each.reads)),
    )
    const [found] = next < 0 ? [] : waiting.splice(next, 1)
    if (found === undefined) {
      const written = new Set(waiting.flatMap((each) => [...each.writes]))
      const topics = new Set(waiting.flatMap((each) => [...each.reads].filter((name) => written.has(name))))
      throw topologyError.CYCLE({ topics: [...topics].sort().join(', ') })
    }
    ordered.push(found.group)
  }
  return ordered
}

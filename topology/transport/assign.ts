import type { Assignment, Subscription } from './transport.ts'

/** A task whose state a member has on its disk, and how far: of two copies the one with the greater number is nearer the end. */
export type Held = Assignment & { readonly progress: number }

/**
 * Spreads the tasks of a group over its members: everyone keeps what it had as far as shares stay even, then whoever has the state
 * of a task gets it, the rest goes to whoever has least, in the order given. What has to be given up is first what somebody who
 * comes new has the state of. Pure, so that every implementation and every restart agrees.
 */
export function assign(
  subscriptions: readonly Subscription[],
  members: readonly string[],
  before: ReadonlyMap<string, readonly Assignment[]>,
  held: ReadonlyMap<string, readonly Held[]> = new Map(),
): Map<string, Assignment[]> {
  const result = new Map<string, Assignment[]>(members.map((member) => [member, []]))
  if (members.length === 0) return result
  const wanted = allTasks(subscriptions)
  const floor = Math.floor(wanted.size / members.length)
  let withOneMore = wanted.size % members.length
  const give = (task: Assignment, mine: Assignment[]) => {
    if (mine.length === floor) withOneMore -= 1
    mine.push(task)
    wanted.delete(nameOf(task))
  }
  const isFull = (mine: readonly Assignment[]) =>
    mine.length > floor || (mine.length === floor && withOneMore <= 0)

  const comeBack = new Set<string>()
  for (const member of members) {
    if ((before.get(member) ?? []).length > 0) continue
    for (const task of held.get(member) ?? []) comeBack.add(nameOf(task))
  }
  for (const [member, mine] of result) {
    const had = before.get(member) ?? []
    const stays = (task: Assignment) => (comeBack.has(nameOf(task)) ? 1 : 0)
    for (const kept of had.toSorted((a, b) => stays(a) - stays(b))) {
      if (isFull(mine)) break
      if (wanted.has(nameOf(kept))) give(kept, mine)
    }
  }
  for (const { member, task } of byProgress(held)) {
    const mine = result.get(member)
    if (mine !== undefined && !isFull(mine) && wanted.has(nameOf(task))) give(task, mine)
  }
  for (const task of [...wanted.values()]) {
    let least: Assignment[] | undefined
    for (const mine of result.values()) if (least === undefined || mine.length < least.length) least = mine
    if (least !== undefined) give(task, least)
  }
  return sorted(result)
}

/**
 * What of a spread can be given out at once: nothing that another member still has. Once that has been given up, the same spread
 * takes nothing away from anybody, and gives out what is free.
 */
export function withoutForeign(
  spread: ReadonlyMap<string, readonly Assignment[]>,
  before: ReadonlyMap<string, readonly Assignment[]>,
): Map<string, Assignment[]> {
  const owners = new Map<string, string>()
  for (const [member, tasks] of before) for (const task of tasks) owners.set(nameOf(task), member)
  return new Map(
    [...spread].map(([member, tasks]) => [
      member,
      tasks.filter((task) => (owners.get(nameOf(task)) ?? member) === member),
    ]),
  )
}

/**
 * For each task that has state, up to `count` members beside its owner that keep a copy of it: those that have one already, then
 * those with the least to keep.
 */
export function assignStandbys(
  subscriptions: readonly Subscription[],
  owned: ReadonlyMap<string, readonly Assignment[]>,
  held: ReadonlyMap<string, readonly Held[]>,
  count: number,
): Map<string, Assignment[]> {
  const result = new Map<string, Assignment[]>([...held.keys()].map((member) => [member, []]))
  for (const task of allTasks(subscriptions).values()) {
    if ((subscriptions[task.subscription]?.stores ?? []).length === 0) continue
    const name = nameOf(task)
    const has = (tasks: readonly Assignment[] | undefined) =>
      (tasks ?? []).some((each) => nameOf(each) === name)
    const candidates = [...result].filter(([member]) => !has(owned.get(member)))
    const isCold = (member: string) => (has(held.get(member)) ? 0 : 1)
    candidates.sort(([a, ofA], [b, ofB]) => isCold(a) - isCold(b) || ofA.length - ofB.length)
    for (const [, mine] of candidates.slice(0, count)) mine.push(task)
  }
  return sorted(result)
}

function allTasks(subscriptions: readonly Subscription[]): Map<string, Assignment> {
  const tasks = new Map<string, Assignment>()
  subscriptions.forEach((each, subscription) => {
    for (let partition = 0; partition < each.partitions; partition += 1) {
      const task = { subscription, partition }
      tasks.set(nameOf(task), task)
    }
  })
  return tasks
}

function byProgress(held: ReadonlyMap<string, readonly Held[]>) {
  return [...held]
    .flatMap(([member, tasks]) =>
      tasks.map(({ subscription, partition, progress }) => ({
        member,
        task: { subscription, partition },
        progress,
      })),
    )
    .sort((a, b) => b.progress - a.progress)
}

function sorted(result: Map<string, Assignment[]>): Map<string, Assignment[]> {
  for (const mine of result.values())
    mine.sort((a, b) => a.subscription - b.subscription || a.partition - b.partition)
  return result
}

function nameOf({ subscription, partition }: Assignment): string {
  return `${subscription}/${partition}`
}

import type { Assignment, Subscription } from './transport.ts'

/** A task whose state a member has on its disk, and how far: of two copies the one with the greater number is nearer the end. */
export type Held = Assignment & { readonly progress: number }

/**
 * Spreads the tasks of a group over its members, those of each subscription evenly, as one may be most of the work: everyone keeps what
 * it had as far as shares stay even, then whoever has the state of a task gets it, the rest goes to whoever has least, in the order
 * given. What has to be given up is first what somebody who comes new has the state of. Pure, so that every implementation and every
 * restart agrees.
 */
export function assign(
  subscriptions: readonly Subscription[],
  members: readonly string[],
  before: ReadonlyMap<string, readonly Assignment[]>,
  held: ReadonlyMap<string, readonly Held[]> = new Map(),
): Map<string, Assignment[]> {
  const result = new Map<string, Assignment[]>(members.map((member) => [member, []]))
  if (members.length === 0) return result
  const comeBack = new Set<string>()
  for (const member of members) {
    if ((before.get(member) ?? []).length > 0) continue
    for (const task of held.get(member) ?? []) comeBack.add(nameOf(task))
  }
  const stays = (task: Assignment) => (comeBack.has(nameOf(task)) ? 1 : 0)
  const ranked = byProgress(held)
  subscriptions.forEach(({ partitions }, subscription) => {
    const isOne = (task: Assignment) => task.subscription === subscription
    const spread = new Spread(subscription, partitions, members)
    for (const member of members) {
      const had = (before.get(member) ?? []).filter(isOne)
      for (const { partition } of had.toSorted((a, b) => stays(a) - stays(b))) spread.offer(partition, member)
    }
    for (const { member, task } of ranked) if (isOne(task)) spread.offer(task.partition, member)
    spread.giveRest((member) => result.get(member)?.length ?? 0)
    for (const [member, partitions] of spread.given) {
      for (const partition of partitions) result.get(member)?.push({ subscription, partition })
    }
  })
  return sorted(result)
}

/** The partitions of one subscription, no member having two more of them than another. */
class Spread {
  readonly given: ReadonlyMap<string, number[]>
  readonly #subscription: number
  readonly #wanted: Set<number>
  readonly #floor: number
  /** How many more members may have one more than the floor. */
  #withOneMore: number

  constructor(subscription: number, partitions: number, members: readonly string[]) {
    this.#subscription = subscription
    this.given = new Map(members.map((member) => [member, []]))
    this.#wanted = new Set(Array.from({ length: partitions }, (_, partition) => partition))
    this.#floor = Math.floor(partitions / members.length)
    this.#withOneMore = partitions % members.length
  }

  /** To this member, unless it has its share or somebody has the partition. */
  offer(partition: number, member: string): void {
    const mine = this.given.get(member)
    if (mine === undefined || !this.#wanted.has(partition)) return
    if (mine.length > this.#floor || (mine.length === this.#floor && this.#withOneMore <= 0)) return
    this.#give(partition, mine)
  }

  /** To those with least of this subscription, then of all; at first in another order for each, so that odd ones spread too. */
  giveRest(loadOf: (member: string) => number): void {
    const members = [...this.given]
    const from = this.#subscription % members.length
    const inTurn = [...members.slice(from), ...members.slice(0, from)]
    for (const partition of [...this.#wanted]) {
      let least = inTurn[0]
      for (const candidate of inTurn) {
        if (least === undefined) break
        const fewer = candidate[1].length - least[1].length
        if (fewer < 0 || (fewer === 0 && loadOf(candidate[0]) < loadOf(least[0]))) least = candidate
      }
      if (least !== undefined) this.#give(partition, least[1])
    }
  }

  #give(partition: number, mine: number[]): void {
    if (mine.length === this.#floor) this.#withOneMore -= 1
    mine.push(partition)
    this.#wanted.delete(partition)
  }
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

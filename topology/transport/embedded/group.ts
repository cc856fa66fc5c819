import { topologyError } from '../../errors.ts'
import { assign } from '../assign.ts'
import type { Assignment, CommittedInput, CommitUnit, MemberListener, Subscription } from '../transport.ts'

export type Tenure = {
  readonly since: number
  isOpen: boolean
  /** Topics of it for whose records the last fetch found no room. */
  readonly roomless: Set<string>
}

export type GroupMember = {
  readonly id: string
  readonly listener: MemberListener
  owned: readonly Assignment[]
  /** Of what is owned, by task: the generation that gave it, and whether `assigned` has been answered since. */
  readonly tenures: Map<string, Tenure>
  /** Next offset to fetch, by topic and partition; only what is owned. */
  readonly positions: Map<string, Map<number, number>>
}

/** Who reads what in one group, and how far. Knows nothing of records; who may call what when is the transport's business. */
export class Group {
  readonly name: string
  generation = 0
  readonly members = new Map<string, GroupMember>()
  /** Next offset to read after a restart, by topic, one per partition. */
  readonly committed = new Map<string, number[]>()
  /** Left with the last commit, by `topic/partition`. */
  readonly notes = new Map<string, string>()
  subscriptions: readonly Subscription[] = []
  #memberCount = 0

  constructor(name: string) {
    this.name = name
  }

  newMember(subscriptions: readonly Subscription[], listener: MemberListener): GroupMember {
    if (this.members.size > 0 && JSON.stringify(subscriptions) !== JSON.stringify(this.subscriptions)) {
      throw topologyError.GROUP_DIFFERS({ group: this.name })
    }
    this.subscriptions = subscriptions
    this.#memberCount += 1
    return {
      id: `${this.name}-${this.#memberCount}`,
      listener,
      owned: [],
      tenures: new Map(),
      positions: new Map(),
    }
  }

  reads(topic: string): boolean {
    return this.subscriptions.some((each) => each.topics.includes(topic))
  }

  offset(topic: string, partition: number): number {
    return this.committed.get(topic)?.[partition] ?? 0
  }

  note(topic: string, partition: number): string | null {
    return this.notes.get(`${topic}/${partition}`) ?? null
  }

  setOffset({ topic, partition, offset, note = '' }: CommittedInput): void {
    if (note === '') this.notes.delete(`${topic}/${partition}`)
    else this.notes.set(`${topic}/${partition}`, note)
    let offsets = this.committed.get(topic)
    if (offsets === undefined) this.committed.set(topic, (offsets = []))
    while (offsets.length <= partition) offsets.push(0)
    offsets[partition] = offset
  }

  /** How far the partition has been fetched by whoever owns it; committed, where nobody does. */
  position(topic: string, partition: number): number {
    for (const member of this.members.values()) {
      const position = member.positions.get(topic)?.get(partition)
      if (position !== undefined) return position
    }
    return this.offset(topic, partition)
  }

  /** What each member would lose if the members stayed as they are now, but for `leaving`. */
  losses(leaving?: GroupMember): Map<GroupMember, Assignment[]> {
    const next = this.#assign([...this.members.keys()].filter((id) => id !== leaving?.id))
    const losses = new Map<GroupMember, Assignment[]>()
    for (const member of this.members.values()) {
      const kept = new Set((next.get(member.id) ?? []).map(taskKey))
      losses.set(
        member,
        member.owned.filter((task) => !kept.has(taskKey(task))),
      )
    }
    return losses
  }

  /** The next generation begins. */
  move(): void {
    const next = this.#assign([...this.members.keys()])
    this.generation += 1
    for (const member of this.members.values()) {
      this.#give(member, next.get(member.id) ?? [])
    }
  }

  /** Throws what a broker would answer to a commit that must not happen. */
  check(member: GroupMember, unit: CommitUnit): void {
    const stale = () =>
      topologyError.STALE_MEMBER({ group: this.name, generation: unit.generation, current: this.generation })
    if (unit.generation > this.generation || !this.members.has(member.id)) throw stale()
    if (![...member.tenures.values()].some(({ since }) => since <= unit.generation)) throw stale()
    for (const { topic, partition } of unit.inputs) {
      const since = this.tenureOf(member, topic, partition)?.since
      if (since === undefined && unit.generation === this.generation) {
        throw topologyError.NOT_OWNED({ group: this.name, topic, partition })
      }
      if (since === undefined || since > unit.generation) throw stale()
    }
    for (const { store, partition } of unit.changes) {
      const subscription = this.subscriptions.findIndex(({ stores = [] }) => stores.includes(store))
      if (subscription < 0) continue
      const since = member.tenures.get(taskKey({ subscription, partition }))?.since
      if (since === undefined || since > unit.generation) throw stale()
    }
  }

  tenureOf(member: GroupMember, topic: string, partition: number): Tenure | undefined {
    const subscription = this.subscriptions.findIndex(({ topics }) => topics.includes(topic))
    return member.tenures.get(taskKey({ subscription, partition }))
  }

  #assign(members: readonly string[]): Map<string, Assignment[]> {
    const before = new Map([...this.members].map(([id, member]) => [id, member.owned]))
    return assign(this.subscriptions, members, before)
  }

  /** What is kept stays the very same: a fetch may be under way. */
  #give(member: GroupMember, owned: readonly Assignment[]): void {
    const keys = new Set(owned.map(taskKey))
    for (const task of member.owned) {
      if (keys.has(taskKey(task))) continue
      member.tenures.delete(taskKey(task))
      for (const topic of this.#topicsOf(task)) member.positions.get(topic)?.delete(task.partition)
    }
    for (const task of owned) {
      if (member.tenures.has(taskKey(task))) continue
      member.tenures.set(taskKey(task), { since: this.generation, isOpen: false, roomless: new Set() })
      for (const topic of this.#topicsOf(task)) {
        let ofTopic = member.positions.get(topic)
        if (ofTopic === undefined) member.positions.set(topic, (ofTopic = new Map()))
        ofTopic.set(task.partition, this.offset(topic, task.partition))
      }
    }
    member.owned = owned
  }

  #topicsOf({ subscription }: Assignment): readonly string[] {
    return this.subscriptions[subscription]?.topics ?? []
  }
}

const taskKey = (task: Assignment): string => `${task.subscription}/${task.partition}`

import { topologyError } from '../../errors.ts'
import { assign } from '../assign.ts'
import type { Assignment, CommittedInput, CommitUnit, MemberListener, Subscription } from '../transport.ts'

export type GroupMember = {
  readonly id: string
  readonly listener: MemberListener
  owned: readonly Assignment[]
  /** Whether `assigned` has been answered for the current generation. */
  ready: boolean
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
      ready: false,
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
      member.ready = false
    }
  }

  /** Throws what a broker would answer to a commit that must not happen. */
  check(member: GroupMember, unit: CommitUnit): void {
    if (unit.generation !== this.generation || !this.members.has(member.id)) {
      throw topologyError.STALE_MEMBER({
        group: this.name,
        generation: unit.generation,
        current: this.generation,
      })
    }
    for (const { topic, partition } of unit.inputs) {
      if (member.positions.get(topic)?.has(partition) !== true) {
        throw topologyError.NOT_OWNED({ group: this.name, topic, partition })
      }
    }
  }

  #assign(members: readonly string[]): Map<string, Assignment[]> {
    const before = new Map([...this.members].map(([id, member]) => [id, member.owned]))
    return assign(this.subscriptions, members, before)
  }

  #give(member: GroupMember, owned: readonly Assignment[]): void {
    const had = new Set(member.owned.map(taskKey))
    const positions = new Map<string, Map<number, number>>()
    for (const task of owned) {
      for (const topic of this.subscriptions[task.subscription]?.topics ?? []) {
        const kept = had.has(taskKey(task)) ? member.positions.get(topic)?.get(task.partition) : undefined
        let ofTopic = positions.get(topic)
        if (ofTopic === undefined) positions.set(topic, (ofTopic = new Map()))
        ofTopic.set(task.partition, kept ?? this.offset(topic, task.partition))
      }
    }
    member.owned = owned
    member.positions.clear()
    for (const [topic, ofTopic] of positions) member.positions.set(topic, ofTopic)
  }
}

const taskKey = (task: Assignment): string => `${task.subscription}/${task.partition}`

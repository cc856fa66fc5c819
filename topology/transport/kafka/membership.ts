/**
 * A place in a consumer group, by the classic protocol with an assignment of our own, cooperative as in KIP-429. A member keeps
 * its tasks while it joins again, and says which they are; whoever the broker names leader spreads the tasks so that most stay
 * where they are, and gives nothing out that another member still has. Whoever has more than it is to have commits that, closes
 * it and joins once more: then it is free, and the next generation gives it out.
 *
 * So what a member says it has is its own for as long as it has its place, in every generation: it may commit under the one that
 * the group is at, whichever that is. A leader that gave out what others have would break this, so groups of the protocol under
 * its earlier name, which did, are refused.
 *
 * Tools see an ordinary consumer group: topics and partitions stand in the protocol's own fields. Subscriptions and tasks go
 * in the user data, as JSON.
 */

import { topologyError } from '../../errors.ts'
import type { Clock } from '../../kit/clock.ts'
import { WeirError } from '../../kit/errors.ts'
import { assign, assignStandbys, type Held, withoutForeign } from '../assign.ts'
import type { Assignment, Subscription } from '../transport.ts'
import { Answers } from './answers.ts'
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV7,
  leaveGroupV5,
  syncGroupV5,
} from './client.ts'
import type { Cluster } from './cluster.ts'
import { ask, BrokerError, code } from './protocol.ts'
import {
  compareSettings,
  countSettings,
  hasHeard,
  parseSettingsCounts,
  parseSettingsMark,
  type SettingsCount,
  type SettingsMark,
  type SettingsNews,
} from './settings-mark.ts'

export type MembershipOptions = {
  readonly group: string
  /** Name under which a restarted process finds its place again without a rebalance; `null` for none. */
  readonly instanceId: string | null
  /** Silence after which the broker gives a member's place away. */
  readonly sessionMs: number
  /** Time members have to commit and join again. */
  readonly rebalanceMs: number
  readonly heartbeatMs: number
  /** Copies of each store that other members keep, as far as there are members with a disk. */
  readonly standbys: number
  /** Empty where nothing is said of them. */
  readonly settings: SettingsMark
  /** Of this member in this process: members must not wait for each other's answers. */
  readonly connectionName: string
}

export type MembershipListener = {
  /** These are to be committed and closed. They are this member's until it has. */
  revoking(lost: readonly Assignment[]): Promise<void>
  assigned(owned: readonly Assignment[], generation: number): Promise<void>
  /** On the leader, of each new generation: who is in the group, by instance id where it has one. */
  led(members: readonly string[]): void
  /** After each `assigned`: which settings the members have. Not called by those who say nothing of theirs. */
  settings(news: SettingsNews): void
  /** Of which tasks the state is on this member's disk; `null` where it has none. */
  held(): readonly Held[] | null
}

const protocolName = 'weir-cooperative-tasks'
/** A judgement: how soon members that wait for tasks of others hear that these are free. */
const settlingBeatMs = 100
const lost = [code.unknownMember, code.illegalGeneration, code.fencedInstance] as const

type JoinAnswer = ReturnType<typeof joinGroupV7.parseResponse>

export class Membership {
  memberId = ''
  generation = -1
  owned: readonly Assignment[] = []
  /** Tasks of others of whose state this member is to keep a copy. */
  standbys: readonly Assignment[] = []
  /** Why the place is lost; `null` while it is not. */
  lostBecause: Error | null = null
  /** Whether brokers answer this member. */
  readonly answers: Answers
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #options: MembershipOptions
  readonly #subscriptions: readonly Subscription[]
  readonly #listener: MembershipListener
  readonly #left = new AbortController()
  #rebalance = new AbortController()
  #joined: Promise<void> = Promise.resolve()
  /** Whether tasks have still to change hands, so that another rebalance is sure to come soon. */
  #isSettling = false
  /** How often this member has joined to give up tasks: a broker takes a second request of the same words for a repetition. */
  #given = 0
  /** Whether it has joined once more to say its settings. */
  #hasSaidSettings = false
  #isEntering = false
  #moved = Promise.withResolvers<void>()

  constructor(
    cluster: Cluster,
    clock: Clock,
    options: MembershipOptions,
    subscriptions: readonly Subscription[],
    listener: MembershipListener,
  ) {
    this.#cluster = cluster
    this.#clock = clock
    this.#options = options
    this.#subscriptions = subscriptions
    this.#listener = listener
    this.answers = new Answers(clock)
  }

  /** Resolves after the first `assigned`; the place is then held until `leave`, or until it is lost. */
  async join(): Promise<void> {
    try {
      await this.#rejoin()
    } catch (error) {
      if (error instanceof WeirError && error.code === 'TOPO_GROUP_DIFFERS') await this.leave()
      throw error
    }
    this.#joined = this.#stay()
  }

  /**
   * Resolves once the group is at another generation than this one, or its members know what they have been given. Gives whether
   * this member is among them: then what the group refused under this generation may be asked again.
   */
  async movedFrom(generation: number, isSynced = false): Promise<boolean> {
    while (this.#isEntering && (isSynced || this.generation === generation)) {
      if (this.#isOver) return false
      await this.#moved.promise
    }
    return !this.#isOver && (isSynced || this.generation !== generation)
  }

  /** Asks the group anew whether this member has its place, and rejects with what it says if not. */
  async confirm(): Promise<void> {
    const { generation } = this
    try {
      await this.#cluster.retrying(
        () => this.#sendHeartbeat(),
        () => this.#cluster.forgetCoordinator('group', this.#options.group),
      )
    } catch (error) {
      // Between two generations it has: the group says so when it refuses anything but the join.
      const isBetween = error instanceof BrokerError && error.has(code.rebalanceInProgress)
      const hasMoved = this.#isEntering || this.generation !== generation
      const isBehind = hasMoved && error instanceof BrokerError && error.has(code.illegalGeneration)
      if (!isBetween && !isBehind) throw error
    }
  }

  /** Gives the place up at once. What was to be committed has been. */
  async leave(): Promise<void> {
    if (this.#left.signal.aborted) return
    this.#left.abort()
    this.#rebalance.abort()
    this.#tellMoved()
    await this.#joined
    await this.#tellLeft()
    const { connectionName } = this.#options
    await this.#cluster.release([`group ${connectionName}`, `join ${connectionName}`])
  }

  async #tellLeft(): Promise<void> {
    // One that has a name of its own keeps its place for the session: it may only be restarting.
    if (this.memberId === '' || this.#options.instanceId !== null) return
    const { group, connectionName } = this.#options
    try {
      const broker = await this.#cluster.coordinator('group', group)
      const members = [{ memberId: this.memberId, groupInstanceId: null, reason: 'stopped' }]
      await this.#cluster.call(
        `group ${connectionName}`,
        broker,
        'leave group',
        leaveGroupV5.api,
        group,
        members,
      )
    } catch {
      // Then its session runs out.
    }
  }

  /**
   * To be told by whoever else hears that the place is lost. What is wrong with this process itself stays what it is: starting over
   * would not mend it.
   */
  lose(cause: unknown): void {
    const { group } = this.#options
    const { generation } = this
    this.lostBecause ??= isInstanceTaken(cause)
      ? topologyError.INSTANCE_TAKEN({ group, instance: this.#options.instanceId ?? '' }, cause)
      : cause instanceof WeirError
        ? cause
        : topologyError.STALE_MEMBER({ group, generation, current: 'another' }, cause)
    this.#rebalance.abort()
    this.#tellMoved()
  }

  get #isOver(): boolean {
    return this.lostBecause !== null || this.#left.signal.aborted || this.#cluster.isClosed
  }

  #tellMoved(): void {
    this.#moved.resolve()
    this.#moved = Promise.withResolvers()
  }

  /** Waits for rebalances and goes through them, one after another. */
  async #stay(): Promise<void> {
    for (;;) {
      await this.#beat()
      if (this.#isOver) return
      try {
        await this.#rejoin()
      } catch (error) {
        // Whoever cannot commit or cannot open what it was given must not keep it from the others.
        if (!this.#left.signal.aborted) this.lose(error)
        return
      }
    }
  }

  /** Joins until this member has nothing that it is to give up. */
  async #rejoin(): Promise<void> {
    for (;;) {
      const { owned, standbys, again, settling, settings } = await this.#enter()
      if (this.#isOver) return
      const lost = this.owned.filter((task) => !has(owned, task))
      if (lost.length > 0) await this.#inTime(() => this.#listener.revoking(lost))
      if (this.#isOver) return
      this.owned = owned
      this.standbys = standbys
      await this.#inTime(() => this.#listener.assigned(owned, this.generation))
      this.#isSettling = settling
      const isUnheard = settings !== null && this.#compareSettings(settings)
      // Asked by the leader, not for what was lost here: a process may have died between the two and come back by its name.
      if (this.#isOver || !(again || isUnheard)) return
      this.#given += 1
    }
  }

  /**
   * Tells which settings there are. Gives whether the group is to be told of these once more: one that comes back by its name is given
   * what its former self was, and nobody has heard of its settings.
   */
  #compareSettings(counts: readonly SettingsCount[]): boolean {
    const { settings } = this.#options
    if (Object.keys(settings).length === 0) return false
    if (!this.#hasSaidSettings && !hasHeard(counts, settings)) {
      this.#hasSaidSettings = true
      return true
    }
    this.#listener.settings(compareSettings(counts, settings))
    return false
  }

  /**
   * Keeps the place as long as that takes, if that is not longer than members have for it. One that is stuck would keep from
   * others what it is to give up, and the broker sees only that it lives.
   */
  async #inTime(work: () => Promise<void>): Promise<void> {
    const done = new AbortController()
    const beating = this.#beat(done.signal)
    const late = this.#clock.sleep(this.#options.rebalanceMs, done.signal).then(
      () => this.lose(new Error('the member did not answer a rebalance in time')),
      () => {},
    )
    try {
      await Promise.race([work(), late])
    } finally {
      done.abort()
      await Promise.all([beating, late])
    }
  }

  /**
   * Keeps the place until the group is about to move on, or, with `until`, as long as some work takes. Brokers that are away
   * are asked again: they remember the group.
   */
  async #beat(until?: AbortSignal): Promise<void> {
    const { group } = this.#options
    const heartbeatMs = this.#isSettling
      ? Math.min(settlingBeatMs, this.#options.heartbeatMs)
      : this.#options.heartbeatMs
    const wake = until ?? this.#rebalance.signal
    while (!wake.aborted && this.lostBecause === null && !this.#cluster.isClosed) {
      await this.#clock.sleep(heartbeatMs, wake).catch(() => {})
      if (wake.aborted) return
      this.answers.asked('heartbeat')
      try {
        await this.#sendHeartbeat()
        this.answers.answered('heartbeat')
      } catch (error) {
        if (!(error instanceof BrokerError)) return
        if (error.codes.length === 0) this.answers.failed('heartbeat', error.message)
        else this.answers.answered('heartbeat')
        if (error.has(...lost)) return this.lose(error)
        if (error.has(code.rebalanceInProgress)) {
          if (until === undefined) return
          continue
        }
        this.#cluster.forgetCoordinator('group', group)
        if (error.codes.length === 0) await this.#cluster.refresh([]).catch(() => {})
      }
    }
  }

  async #sendHeartbeat(): Promise<void> {
    const { group, connectionName, instanceId } = this.#options
    const broker = await this.#cluster.coordinator('group', group)
    await this.#cluster.call(
      `group ${connectionName}`,
      broker,
      'heartbeat',
      heartbeatV4.api,
      group,
      this.generation,
      this.memberId,
      instanceId,
    )
  }

  /** Joins and is told what to do, however many generations pass meanwhile. */
  async #enter(): Promise<Given> {
    this.#isEntering = true
    try {
      for (;;) {
        const joined = await this.#join()
        // One with a name of its own may have been kept for a generation that it missed: what it got last may be another's by now.
        if (this.owned.length > 0 && joined.generationId > this.generation + 1)
          throw new Error('the group went through a generation without this member')
        this.memberId = joined.memberId
        this.generation = joined.generationId
        this.#tellMoved()
        const given = await this.#sync(joined)
        if (given === null) continue
        if (given === 'refused') throw topologyError.GROUP_DIFFERS({ group: this.#options.group })
        this.#rebalance = new AbortController()
        if (this.#left.signal.aborted) this.#rebalance.abort()
        return given
      }
    } finally {
      this.#isEntering = false
      this.#tellMoved()
    }
  }

  async #join(): Promise<JoinAnswer> {
    const { group, connectionName, instanceId, sessionMs, rebalanceMs } = this.#options
    const hasNothing = this.owned.length === 0
    return this.#cluster.retrying(
      async () => {
        const broker = await this.#cluster.coordinator('group', group)
        const connection = await this.#cluster.connection(
          `join ${connectionName}`,
          broker,
          rebalanceMs + 10_000,
        )
        try {
          return await ask(
            connection,
            'join group',
            joinGroupV7.api,
            group,
            sessionMs,
            rebalanceMs,
            this.memberId,
            instanceId,
            'consumer',
            [{ name: protocolName, metadata: this.#metadata() }],
          )
        } catch (error) {
          if (error instanceof BrokerError) {
            if (error.has(code.memberIdRequired)) {
              this.memberId = memberIdOf(error.response)
              throw new BrokerError('join group', [code.coordinatorLoading], undefined, error)
            }
            if (error.has(code.inconsistentProtocol)) throw topologyError.GROUP_DIFFERS({ group }, error)
            if (hasNothing && error.has(code.unknownMember)) {
              this.memberId = ''
              throw new BrokerError('join group', [code.coordinatorLoading], undefined, error)
            }
          }
          throw error
        }
      },
      (error) => {
        if (!error.has(code.coordinatorLoading)) this.#cluster.forgetCoordinator('group', group)
      },
      1,
      this.#left.signal,
    )
  }

  /** What this member is to do; `null` when the group has moved on once more. */
  async #sync(joined: JoinAnswer): Promise<Given | 'refused' | null> {
    const { group, connectionName, instanceId } = this.#options
    const leads = joined.leader === joined.memberId
    const assignments = leads ? this.#spread(joined) : []
    try {
      const answer = await this.#cluster.retrying(
        async () => {
          const broker = await this.#cluster.coordinator('group', group)
          return this.#cluster.call(
            `join ${connectionName}`,
            broker,
            'sync group',
            syncGroupV5.api,
            group,
            joined.generationId,
            joined.memberId,
            instanceId,
            'consumer',
            protocolName,
            assignments,
          )
        },
        () => this.#cluster.forgetCoordinator('group', group),
      )
      if (leads) this.#listener.led(joined.members.map((each) => each.groupInstanceId ?? each.memberId))
      return readAssignment(answer.assignment)
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      if (error.has(code.rebalanceInProgress, code.illegalGeneration)) return null
      // Whoever has nothing yet may come again as somebody new.
      if (!error.has(code.unknownMember) || this.owned.length > 0) throw error
      this.memberId = ''
      return null
    }
  }

  #metadata(): Buffer {
    const topics = this.#subscriptions.flatMap((each) => each.topics)
    const userData = JSON.stringify({
      subscriptions: this.#subscriptions,
      owned: toPairs(this.owned),
      standbys: this.#options.standbys,
      given: this.#given,
      settings: this.#options.settings,
      held:
        this.#listener
          .held()
          ?.map(({ subscription, partition, progress }) => [subscription, partition, progress]) ?? null,
    })
    return encodeConsumerProtocolSubscription({ version: 1, topics, userData, ownedPartitions: [] })
  }

  /** The leader's work. Members whose topology is another are given nothing but the news. */
  #spread(joined: JoinAnswer): { memberId: string; assignment: Buffer }[] {
    const members = joined.members
      .map(({ memberId, metadata }) => ({ memberId, ...readUserData(metadata) }))
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    // Whoever is at work already decides what the topology is.
    const ours =
      members.find(({ owned }) => owned.length > 0)?.subscriptions ?? JSON.stringify(this.#subscriptions)
    const alike = members.filter(({ subscriptions }) => subscriptions === ours)
    const isOurs = ours === JSON.stringify(this.#subscriptions)
    const subscriptions = isOurs ? this.#subscriptions : []
    const held = new Map(
      alike.flatMap(({ memberId, held: of }) => (of === null ? [] : [[memberId, of] as const])),
    )
    const before = new Map(alike.map(({ memberId, owned }) => [memberId, owned]))
    // A leader whose topology is another leaves everything where it is: it is refused and goes.
    const wanted = isOurs ? assign(subscriptions, [...before.keys()], before, held) : before
    const given = withoutForeign(wanted, before)
    const copies = Math.max(0, ...alike.map(({ standbys }) => standbys))
    const kept = assignStandbys(subscriptions, wanted, held, copies)
    const givesUp = (memberId: string) =>
      (before.get(memberId) ?? []).some((task) => !has(given.get(memberId) ?? [], task))
    const settling = alike.some(({ memberId }) => givesUp(memberId))
    const marks = alike.map(({ settings }) => settings)
    return members.map(({ memberId, settings }) => {
      const owned = given.get(memberId)
      const userData = JSON.stringify(
        owned === undefined
          ? null
          : {
              owned: toPairs(owned),
              standbys: toPairs(kept.get(memberId) ?? []),
              again: givesUp(memberId),
              settling,
              settings: countSettings(marks, settings),
            },
      )
      const assignedPartitions = this.#partitionsOf(owned ?? [])
      return {
        memberId,
        assignment: encodeConsumerProtocolAssignment({ version: 1, assignedPartitions, userData }),
      }
    })
  }

  #partitionsOf(owned: readonly Assignment[]): { topic: string; partitions: number[] }[] {
    const byTopic = new Map<string, number[]>()
    for (const { subscription, partition } of owned) {
      for (const topic of this.#subscriptions[subscription]?.topics ?? []) {
        const known = byTopic.get(topic)
        if (known === undefined) byTopic.set(topic, [partition])
        else known.push(partition)
      }
    }
    return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }))
  }
}

type Given = {
  readonly owned: readonly Assignment[]
  readonly standbys: readonly Assignment[]
  /** Whether the member has something that it is to give up, and then to join again. */
  readonly again: boolean
  /** Whether any member has. */
  readonly settling: boolean
  /** `null` where the leader knows nothing of settings. */
  readonly settings: readonly SettingsCount[] | null
}

type MemberData = {
  readonly subscriptions: string
  readonly owned: readonly Assignment[]
  readonly standbys: number
  readonly held: readonly Held[] | null
  readonly settings: SettingsMark
}

function readUserData(metadata: Buffer): MemberData {
  const nothing = { subscriptions: '', owned: [], standbys: 0, held: null, settings: {} }
  try {
    const { userData } = decodeConsumerProtocolSubscription(metadata)
    const parsed: unknown = JSON.parse(userData.toString())
    if (typeof parsed !== 'object' || parsed === null) return nothing
    return {
      subscriptions: 'subscriptions' in parsed ? JSON.stringify(parsed.subscriptions) : '',
      owned: 'owned' in parsed ? toAssignments(parsed.owned) : [],
      standbys: 'standbys' in parsed && typeof parsed.standbys === 'number' ? parsed.standbys : 0,
      held: 'held' in parsed && Array.isArray(parsed.held) ? toHeld(parsed.held) : null,
      settings: ('settings' in parsed ? parseSettingsMark(parsed.settings) : null) ?? {},
    }
  } catch {
    // Somebody else's consumer went by the name of this group.
    return nothing
  }
}

function readAssignment(bytes: Buffer): Given | 'refused' {
  const parsed: unknown = JSON.parse(decodeConsumerProtocolAssignment(bytes).userData.toString())
  if (typeof parsed !== 'object' || parsed === null) return 'refused'
  return {
    owned: 'owned' in parsed ? toAssignments(parsed.owned) : [],
    standbys: 'standbys' in parsed ? toAssignments(parsed.standbys) : [],
    again: 'again' in parsed && parsed.again === true,
    settling: 'settling' in parsed && parsed.settling === true,
    settings: 'settings' in parsed ? parseSettingsCounts(parsed.settings) : null,
  }
}

function has(tasks: readonly Assignment[], { subscription, partition }: Assignment): boolean {
  return tasks.some((each) => each.subscription === subscription && each.partition === partition)
}

/** Starting over would take the place from the other, who would take it back, and so on. */
function isInstanceTaken(cause: unknown): boolean {
  if (cause instanceof BrokerError) return cause.has(code.fencedInstance)
  return cause instanceof WeirError && isInstanceTaken(cause.cause)
}

function toPairs(tasks: readonly Assignment[]): (readonly [number, number])[] {
  return tasks.map(({ subscription, partition }) => [subscription, partition] as const)
}

function toHeld(value: readonly unknown[]): readonly Held[] {
  return value.flatMap((each) => {
    const [task] = toAssignments([each])
    const progress: unknown = Array.isArray(each) ? each[2] : undefined
    return task === undefined || typeof progress !== 'number' ? [] : [{ ...task, progress }]
  })
}

function toAssignments(value: unknown): readonly Assignment[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: unknown) => {
    if (!Array.isArray(each)) return []
    const [subscription, partition]: unknown[] = each
    return typeof subscription === 'number' && typeof partition === 'number'
      ? [{ subscription, partition }]
      : []
  })
}

function memberIdOf(response: unknown): string {
  if (typeof response !== 'object' || response === null || !('memberId' in response)) return ''
  return typeof response.memberId === 'string' ? response.memberId : ''
}

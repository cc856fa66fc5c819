import { topologyError } from '../../errors.ts'
import { Partitioner } from '../partitioner.ts'
import type {
  Batch,
  CommittedValues,
  CommitUnit,
  Fetched,
  Follower,
  LogRecord,
  Member,
  MemberListener,
  Producer,
  RestoreListener,
  Subscription,
  TopicSpec,
  Transport,
} from '../transport.ts'
import { Following } from './following.ts'
import { Group, type GroupMember } from './group.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { PartitionLog } from './partition-log.ts'

export type EmbeddedOptions = {
  /** Records of one topic that may wait unread before `send` waits too. */
  readonly backlog?: number
}

type TopicState = {
  readonly spec: TopicSpec
  readonly partitioner: Partitioner
  readonly logs: PartitionLog[]
  /** Per partition, below this the journal has been purged. */
  readonly purged: number[]
  readonly journaled: boolean
  readonly replayed: boolean
}

const defaultBacklog = 100_000
/** Deleting record by record costs as much as writing: it is put off until it is worth a range deletion. */
const purgeEvery = 10_000
const readLimit = 1_000

/**
 * Log, groups and commits in one process. Without a journal everything passes by reference and is gone with the process;
 * with one, commits are also on disk before they are seen by anyone.
 *
 * Two kinds of turn. Changes of membership wait for each other. Writes wait for each other too, and the step of a change in
 * which the generation moves is such a write: no commit is under way then. Members commit while they answer `revoking`,
 * which is inside a change and outside any write, and go on with what they keep all the while.
 */
export class EmbeddedTransport implements Transport {
  readonly durable: boolean
  readonly encoded = false
  readonly #journal: Journal | null
  readonly #backlog: number
  readonly #topics = new Map<string, TopicState>()
  readonly #groups = new Map<string, Group>()
  readonly #following: Following
  #arrivals: (() => void)[] = []
  #room: (() => void)[] = []
  #changing: Promise<unknown> = Promise.resolve()
  #writing: Promise<unknown> = Promise.resolve()
  #closed = false

  private constructor(journal: Journal | null, options: EmbeddedOptions) {
    this.#journal = journal
    this.durable = journal !== null
    this.#backlog = options.backlog ?? defaultBacklog
    this.#following = new Following(journal)
  }

  static inMemory(options: EmbeddedOptions = {}): EmbeddedTransport {
    return new EmbeddedTransport(null, options)
  }

  static async onJournal(journal: Journal, options: EmbeddedOptions = {}): Promise<EmbeddedTransport> {
    const transport = new EmbeddedTransport(journal, options)
    for (const stored of await journal.readOffsets()) {
      transport.#group(stored.group).setOffset(stored)
    }
    return transport
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    for (const spec of specs) {
      // Changelogs lie in the journal, by store.
      if (spec.keep === 'latest') continue
      const known = this.#topics.get(spec.name)
      if (known !== undefined) {
        const actual = known.logs.length
        if (actual !== spec.partitions) {
          throw topologyError.PARTITIONS_DIFFER({ topic: spec.name, actual, wanted: spec.partitions })
        }
        continue
      }
      const replayed = this.#journal?.replayed.has(spec.name) ?? false
      const ends = this.#journal === null ? [] : await this.#journal.openTopic(spec)
      const logs: PartitionLog[] = []
      const purged: number[] = []
      for (let partition = 0; partition < spec.partitions; partition += 1) {
        let end = replayed ? 0 : (ends[partition] ?? 0)
        // Records that were consumed and purged live on in the offsets alone.
        if (!replayed) {
          for (const group of this.#groups.values()) end = Math.max(end, group.offset(spec.name, partition))
        }
        logs.push(new PartitionLog(spec.name, partition, end))
        purged.push(0)
      }
      this.#topics.set(spec.name, {
        spec,
        partitioner: new Partitioner(spec.partitions),
        logs,
        purged,
        journaled: this.#journal !== null && !replayed,
        replayed,
      })
    }
  }

  partitionsOf(topic: string): number {
    return this.#topic(topic).logs.length
  }

  producer(): Producer {
    return {
      send: async (topic, records) => {
        const state = this.#topic(topic)
        await this.#send(state, splitByPartition(state, records))
      },
      sendToAll: async (topic, record) => {
        const state = this.#topic(topic)
        await this.#send(
          state,
          state.logs.map(() => [record]),
        )
      },
    }
  }

  async join(
    groupName: string,
    subscriptions: readonly Subscription[],
    listener: MemberListener,
    signal?: AbortSignal,
  ): Promise<Member> {
    signal?.throwIfAborted()
    this.#checkOpen()
    for (const topic of subscriptions.flatMap((each) => each.topics)) this.#topic(topic)
    const group = this.#group(groupName)
    let member: GroupMember | undefined
    await this.#changeMembers(group, () => {
      member = group.newMember(subscriptions, listener)
      group.members.set(member.id, member)
    })
    if (member === undefined) throw topologyError.TRANSPORT_CLOSED()
    return this.#memberOf(group, member)
  }

  async committed(group: string, topic: string, partition: number): Promise<number> {
    return this.#groups.get(group)?.offset(topic, partition) ?? 0
  }

  /** Records of a topic that are in memory. */
  held(topic: string): number {
    return this.#topic(topic).logs.reduce((sum, log) => sum + log.held, 0)
  }

  /** Takes places away without asking, as a broker does with members that have gone silent: all but that of `keep`. */
  async expel(groupName: string, keep: Member | null): Promise<void> {
    const group = this.#group(groupName)
    const kept = keep === null ? undefined : this.#members.get(keep)
    await this.#changeMembers(group, () => {
      for (const id of [...group.members.keys()]) if (id !== kept?.id) group.members.delete(id)
    })
  }

  async *changelog(
    store: string,
    partition: number,
    _listener?: RestoreListener,
    signal?: AbortSignal,
  ): AsyncIterable<readonly (readonly [string, Uint8Array])[]> {
    if (this.#journal === null) return
    for await (const portion of this.#journal.changelog(store, partition)) {
      if (signal?.aborted === true) return
      yield portion
    }
  }

  async committedValues(store: string, partition: number): Promise<CommittedValues | null> {
    return this.#journal?.committedValues(store, partition) ?? null
  }

  follow(store: string, partition: number): Promise<Follower> {
    this.#checkOpen()
    return this.#following.follow(store, partition)
  }

  async readPlan(application: string): Promise<string | null> {
    return this.#journal === null ? null : this.#journal.readText(`plan ${application}`)
  }

  async writePlan(application: string, text: string): Promise<void> {
    await this.#journal?.writeText(`plan ${application}`, text)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#following.close()
    this.#wakeReaders()
    this.#wakeWriters()
    await this.#changing
    await this.#writing
    if (this.#journal !== null) {
      for (const topic of this.#topics.values()) await this.#purge(topic, 1)
      await this.#journal.close()
    }
  }

  readonly #members = new WeakMap<Member, GroupMember>()

  #memberOf(group: Group, state: GroupMember): Member {
    const member: Member = {
      fetch: (room) => this.#fetch(group, state, room),
      waitForRecords: (signal) => this.#waitForRecords(group, state, signal),
      silentMs: null,
      gone: null,
      progressOf: (topic, partition) => {
        const position = state.positions.get(topic)?.get(partition)
        const end = this.#topics.get(topic)?.logs[partition]?.end
        return position === undefined || end === undefined ? null : { position, end, skipped: 0 }
      },
      committedOf: (topic, partition) => group.offset(topic, partition),
      noteOf: (topic, partition) => group.note(topic, partition),
      commit: (unit) => this.#inWriteTurn(() => this.#commit(group, state, unit)),
      leave: async () => {
        if (!group.members.has(state.id)) return
        await this.#changeMembers(group, () => {}, state)
      },
    }
    this.#members.set(member, state)
    return member
  }

  /** Before the generation moves whoever is to lose something may commit it; one that fails to loses its place. */
  async #changeMembers(group: Group, change: () => void, leaving?: GroupMember): Promise<void> {
    const work = async () => {
      const before = [...group.members.values()]
      change()
      const losing = group.losses(leaving)
      for (const member of before) {
        const lost = losing.get(member) ?? []
        if (member === leaving || !group.members.has(member.id) || lost.length === 0) continue
        await member.listener.revoking(lost).catch(() => group.members.delete(member.id))
      }
      if (leaving !== undefined) {
        await leaving.listener.revoking(leaving.owned).catch(() => {})
        group.members.delete(leaving.id)
      }
      await this.#inWriteTurn(async () => {
        group.move()
        for (const topic of this.#topics.values()) this.#release(topic)
      })
      await Promise.all(
        [...group.members.values()].map(async (member) => {
          await member.listener.assigned(member.owned, group.generation)
          for (const tenure of member.tenures.values()) tenure.isOpen = true
        }),
      )
    }
    const mine = this.#changing.then(work)
    this.#changing = mine.catch(() => {})
    await mine
    this.#wakeReaders()
    this.#wakeWriters()
  }

  async #fetch(
    group: Group,
    member: GroupMember,
    room: (topic: string, partition: number) => number,
  ): Promise<Fetched> {
    this.#checkOpen()
    const { generation } = group
    const batches: Batch[] = []
    if (!group.members.has(member.id)) {
      throw topologyError.STALE_MEMBER({ group: group.name, generation: 'gone', current: generation })
    }
    for (const [topic, positions] of member.positions) {
      const { logs, journaled } = this.#topic(topic)
      for (const [partition, position] of positions) {
        const log = logs[partition]
        if (log === undefined || position >= log.end) continue
        const tenure = group.tenureOf(member, topic, partition)
        // Until a member has answered that it was given it, it must not be handed records of it.
        if (tenure?.isOpen !== true || tenure.since > generation) continue
        const wanted = room(topic, partition)
        if (wanted <= 0) {
          tenure.roomless.add(topic)
          continue
        }
        tenure.roomless.delete(topic)
        if (position < log.start && journaled) {
          const batch = await this.#readJournal(log, position, wanted)
          if (batch === null || group.tenureOf(member, topic, partition) !== tenure) continue
          batches.push(batch)
          positions.set(partition, batch.nextOffset)
        } else {
          positions.set(partition, log.read(position, wanted, batches))
        }
      }
    }
    if (batches.length > 0) this.#wakeWriters()
    return { generation, batches, pending: false }
  }

  async #readJournal(log: PartitionLog, position: number, wanted: number): Promise<Batch | null> {
    const limit = Math.min(wanted, readLimit, log.start - position)
    const records = (await this.#journal?.read(log.topic, log.partition, position, limit)) ?? []
    if (records.length === 0) return null
    const nextOffset = position + records.length
    return {
      topic: log.topic,
      partition: log.partition,
      records,
      encoded: true,
      firstOffset: position,
      offsets: null,
      nextOffset,
      more: nextOffset < log.end,
    }
  }

  async #waitForRecords(group: Group, member: GroupMember, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#closed) return
    for (const [topic, positions] of member.positions) {
      const { logs } = this.#topic(topic)
      for (const [partition, position] of positions) {
        if (position >= (logs[partition]?.end ?? 0)) continue
        const tenure = group.tenureOf(member, topic, partition)
        if (tenure?.isOpen === true && !tenure.roomless.has(topic)) return
      }
    }
    await new Promise<void>((resolve) => {
      this.#arrivals.push(resolve)
      const giveUp = () => {
        this.#arrivals = this.#arrivals.filter((other) => other !== resolve)
        resolve()
      }
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  async #send(topic: TopicState, split: readonly (readonly LogRecord[])[]): Promise<void> {
    this.#checkOpen()
    while (this.#unread(topic) >= this.#backlog) {
      await new Promise<void>((resolve) => this.#room.push(resolve))
      this.#checkOpen()
    }
    if (topic.journaled) {
      await this.#inWriteTurn(async () => {
        const encoded = split.map((each) => encodeAll(topic.spec, each))
        await this.#journal?.write({
          appended: appendedOf(topic, encoded),
          offsets: [],
          changes: [],
        })
        this.#append(topic, split)
      })
    } else {
      this.#append(topic, split)
    }
    this.#wakeReaders()
  }

  async #commit(group: Group, member: GroupMember, unit: CommitUnit): Promise<void> {
    this.#checkOpen()
    group.check(member, unit)
    const outputs = unit.outputs.map(({ topic: name, records }) => {
      const topic = this.#topic(name)
      return { topic, split: splitByPartition(topic, records) }
    })
    if (this.#journal !== null) {
      const appended = outputs
        .filter(({ topic }) => topic.journaled)
        .flatMap(({ topic, split }) =>
          appendedOf(
            topic,
            split.map((each) => encodeAll(topic.spec, each)),
          ),
        )
      const offsets = unit.inputs.map((input) => ({ group: group.name, ...input }))
      await this.#journal.write({ appended, offsets, changes: unit.changes })
    }
    this.#following.heard(unit.changes)
    for (const { topic, split } of outputs) this.#append(topic, split)
    for (const input of unit.inputs) group.setOffset(input)
    for (const { topic: name } of unit.inputs) {
      const topic = this.#topic(name)
      this.#release(topic)
      if (this.#journal !== null) await this.#purge(topic, purgeEvery)
    }
    this.#wakeReaders()
    this.#wakeWriters()
  }

  #append(topic: TopicState, split: readonly (readonly LogRecord[])[]): void {
    const readers = this.#readersOf(topic)
    split.forEach((records, partition) => {
      const log = topic.logs[partition]
      if (log === undefined || records.length === 0) return
      if (readers.length === 0) {
        log.skip(records.length)
        return
      }
      let floor = Infinity
      for (const group of readers) floor = Math.min(floor, group.offset(topic.spec.name, partition))
      // Only a replayed topic is behind its readers: they committed these records in an earlier run.
      const past = Math.min(records.length, Math.max(0, floor - log.end))
      if (past > 0) log.skip(past)
      log.append(past === 0 ? records : records.slice(past), topic.spec.encode === null)
      if (topic.journaled && log.held > this.#backlog) log.release(log.end - this.#backlog)
    })
  }

  /** Groups for which records are held in memory. One that nobody is in reads from the journal when it comes back. */
  #readersOf(topic: TopicState): Group[] {
    const readers: Group[] = []
    for (const group of this.#groups.values()) {
      if (group.reads(topic.spec.name) && (group.members.size > 0 || !topic.journaled)) readers.push(group)
    }
    return readers
  }

  #unread(topic: TopicState): number {
    let unread = 0
    const readers = this.#readersOf(topic)
    for (const log of topic.logs) {
      let most = 0
      for (const group of readers) {
        most = Math.max(most, log.end - group.position(topic.spec.name, log.partition))
      }
      unread += most
    }
    return unread
  }

  #release(topic: TopicState): void {
    const readers = this.#readersOf(topic)
    for (const log of topic.logs) {
      let lowest = log.end
      for (const group of readers) lowest = Math.min(lowest, group.offset(topic.spec.name, log.partition))
      log.release(lowest)
    }
  }

  async #purge(topic: TopicState, least: number): Promise<void> {
    if (!topic.journaled || topic.spec.keep !== 'consumed') return
    for (const log of topic.logs) {
      let lowest = Infinity
      for (const group of this.#groups.values()) {
        if (group.committed.has(topic.spec.name) || group.reads(topic.spec.name)) {
          lowest = Math.min(lowest, group.offset(topic.spec.name, log.partition))
        }
      }
      const purged = topic.purged[log.partition] ?? 0
      if (lowest === Infinity || lowest - purged < least) continue
      await this.#journal?.purge(topic.spec.name, log.partition, lowest)
      topic.purged[log.partition] = lowest
    }
  }

  #group(name: string): Group {
    let group = this.#groups.get(name)
    if (group === undefined) this.#groups.set(name, (group = new Group(name)))
    return group
  }

  #topic(name: string): TopicState {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw topologyError.UNKNOWN_TOPIC({ topic: name })
    return topic
  }

  #checkOpen(): void {
    if (this.#closed) throw topologyError.TRANSPORT_CLOSED()
  }

  #wakeReaders(): void {
    const waiting = this.#arrivals
    this.#arrivals = []
    for (const wake of waiting) wake()
  }

  #wakeWriters(): void {
    const waiting = this.#room
    this.#room = []
    for (const wake of waiting) wake()
  }

  /** What is appended gets its offset and its place on disk in one turn. In memory nothing needs to wait. */
  #inWriteTurn(work: () => Promise<void>): Promise<void> {
    if (this.#journal === null) return work()
    const mine = this.#writing.then(work)
    this.#writing = mine.catch(() => {})
    return mine
  }
}

function splitByPartition(topic: TopicState, records: readonly LogRecord[]): (readonly LogRecord[])[] {
  if (topic.logs.length === 1) return [records]
  const split: LogRecord[][] = topic.logs.map(() => [])
  const { partitioner } = topic
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i]
    if (record !== undefined) split[partitioner.partitionOf(record.key)]?.push(record)
  }
  return split
}

function appendedOf(topic: TopicState, split: readonly (readonly LogRecord[])[]): JournalEntry['appended'] {
  return split.flatMap((records, partition) =>
    records.length === 0
      ? []
      : [{ topic: topic.spec.name, partition, firstOffset: topic.logs[partition]?.end ?? 0, records }],
  )
}

function encodeAll(spec: TopicSpec, records: readonly LogRecord[]): readonly LogRecord[] {
  const { encode } = spec
  if (encode === null) return records
  return records.map((record) =>
    record.value === null ? record : { ...record, value: encode(record.value) },
  )
}

import { topologyError } from '../../errors.ts'
import type { Clock } from '../../kit/clock.ts'
import { WeirError } from '../../kit/errors.ts'
import type { Held } from '../assign.ts'
import type {
  Assignment,
  Batch,
  CommittedInput,
  CommitUnit,
  Fetched,
  Member,
  MemberListener,
  Subscription,
} from '../transport.ts'
import { type BrokerNews, noticeMs } from './answers.ts'
import type { Cluster, GoneTopic } from './cluster.ts'
import { committedInputs } from './committed-inputs.ts'
import { Fetcher, PartitionReader, unsureOf } from './fetcher.ts'
import { Membership, type MembershipOptions } from './membership.ts'
import type { Patience } from './patience.ts'
import { brokerError } from './protocol.ts'
import type { SettingsNews } from './settings-mark.ts'
import type { TopicNews } from './topic-news.ts'
import { decodeTopicNote, encodeTopicNote } from './topic-note.ts'
import type { GroupOffsets } from './transaction.ts'

/** A broker answers earlier when records come; this only bounds how long a change of what is read goes unnoticed. */
const pollMs = 500
/** How long a fetch waits for a question that is already under way. */
const joinPollMs = 5
/** A judgement: longer than a leader takes to move, short beside the time records wait in a topic. */
const holdMs = 10_000
const lookMs = 1_000
/** How long a fetch waits for what has to be known to read it: commits, and tasks that are given up, wait for the fetch. */
const prepareMs = 500

export type MemberOptions = MembershipOptions & {
  /** Between two questions how many partitions there are: of what was added nobody reads anything. */
  readonly topicsMs: number
}

export type CommitWork = {
  /**
   * Whatever has to be done before these batches are handed over; `null`: nothing. What takes long is asked for again with the same
   * batches while it goes on: it must not begin anew, and rejects then if it has failed.
   */
  prepare(batches: readonly Batch[]): Promise<void> | null
  commit(unit: CommitUnit, offsets: GroupOffsets): Promise<void>
  /** On the leader: transactions of members that have gone. */
  led(members: readonly string[]): void
  held(): readonly Held[] | null
  /** Keeps copies of the state of these tasks and of no others any more. */
  follow(standbys: readonly Assignment[]): Promise<void>
  /** The member has left. */
  close(): Promise<void>
  /** Brokers do not answer, or do again. */
  told(news: BrokerNews): void
  toldOfTopic(news: TopicNews): void
  toldOfSettings(news: SettingsNews): void
}

/** A task as this member has it, from when it was given until it is given up. One that comes back is another tenure. */
type Tenure = {
  readonly task: Assignment
  /** Generation under which it was given: what was fetched before is of another tenure. */
  readonly since: number
  /** In the order of the subscription's topics. */
  readonly readers: readonly PartitionReader[]
  /** Records are handed over as long as it is open: from the answer to `assigned` on. */
  phase: 'given' | 'open' | 'over'
}

/** Where a partition is read from, and of which topic that is. */
type Beginning = { readonly offset: number; readonly topicId: string | null }

/** Place in the group, positions in its partitions, and what has been fetched ahead of them. */
export class KafkaMember implements Member {
  readonly membership: Membership
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #options: MemberOptions
  readonly #subscriptions: readonly Subscription[]
  readonly #listener: MemberListener
  readonly #fetcher: Fetcher
  /** Asks while a broker keeps a question that waits for records, over connections of its own. */
  readonly #asker: Fetcher
  #work: CommitWork | null = null
  /** By task. */
  #tenures = new Map<string, Tenure>()
  /** How far each partition has been committed, by `topic/partition`, as the group has it; where it begins, as long as it has not been. */
  readonly #committed = new Map<string, CommittedInput>()
  /** For whose records the last fetch found no room: that there are some is no news. */
  #roomless = new Set<PartitionReader>()
  #isLeaving = false
  #round: Promise<unknown> | null = null
  /** As long as brokers leave questions unanswered nothing is known of what they have. */
  readonly #patience: Patience
  #committing: Promise<unknown> = Promise.resolve()
  readonly #gone = new AbortController()

  constructor(
    cluster: Cluster,
    clock: Clock,
    options: MemberOptions,
    subscriptions: readonly Subscription[],
    listener: MemberListener,
  ) {
    this.#cluster = cluster
    this.#clock = clock
    this.#options = options
    this.#subscriptions = subscriptions
    this.#listener = listener
    const told = (news: TopicNews) => this.#work?.toldOfTopic(news)
    this.#fetcher = new Fetcher(cluster, `fetch ${options.connectionName}`, told)
    this.#patience = cluster.patience()
    this.#asker = new Fetcher(cluster, `ask ${options.connectionName}`, told)
    this.membership = new Membership(cluster, clock, options, subscriptions, {
      revoking: (lost) => this.#giveUp(lost),
      assigned: (owned, generation) => this.#assigned(owned, generation),
      led: (members) => this.#work?.led(members),
      settings: (news) => this.#work?.toldOfSettings(news),
      held: () => this.#work?.held() ?? null,
    })
  }

  async join(work: CommitWork): Promise<void> {
    this.#work = work
    await this.membership.join()
    void this.#tellOfSilence(work)
    void this.#tellOfTheGone(work)
    void this.#watchTopics()
    void this.#hearOfTheRoomless()
  }

  async fetch(room: (topic: string, partition: number) => number): Promise<Fetched> {
    this.#checkPlace()
    const { generation } = this.membership
    const batches: Batch[] = []
    if (this.#isLeaving) return { generation, batches, pending: true }
    const tenures = this.#openTenures()
    // A task that is given up meanwhile may have come back: what was asked for of it is of its former tenure.
    const isOver = () => tenures.some(({ phase }) => phase === 'over')
    const readers = readersOf(tenures)
    const wanted = readers.filter((each) => room(each.topic, each.partition) > 0)
    this.#roomless = new Set(readers).difference(new Set(wanted))
    const isUnknown = this.#patience.unansweredMs !== null || wanted.some((each) => each.stableEnd < 0)
    let isAnswered = true
    if (isUnknown || wanted.every((each) => each.held.length === 0)) {
      isAnswered = await this.#ask(wanted)
      this.#checkPlace()
      // What arrived stays with those partitions that do.
      if (this.#holdsBack() || isOver()) return { generation, batches, pending: true }
    }
    if (!(await this.#makeSure(tenures, wanted)) || isOver()) return { generation, batches, pending: true }
    const takings = wanted.map((reader) =>
      reader.take(room(reader.topic, reader.partition), batches, this.#isUndecided(reader)),
    )
    const preparing = this.#work?.prepare(batches) ?? null
    if (preparing !== null) {
      let isPrepared = false
      try {
        isPrepared = (await this.#within(prepareMs, preparing)) && !isOver()
      } finally {
        if (!isPrepared) for (const [at, taken] of takings.entries()) wanted[at]?.giveBack(taken)
      }
      this.#checkPlace()
      if (!isPrepared) return { generation, batches: [], pending: true }
    }
    if (batches.length > 0) {
      for (const reader of wanted) announceMore(reader, batches, this.#isUndecided(reader))
      this.#fetchAhead(wanted)
      return { generation, batches, pending: false }
    }
    const pending =
      !isAnswered ||
      this.#patience.unansweredMs !== null ||
      wanted.some((each) => each.isPending || each.stableEnd < 0)
    return { generation, batches, pending }
  }

  async waitForRecords(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.membership.lostBecause === null && !this.#cluster.isClosed) {
      const readers = this.#isLeaving
        ? []
        : readersOf(this.#openTenures()).filter((each) => !this.#roomless.has(each))
      if (readers.some((each) => each.held.length > 0)) return
      if (readers.length === 0) {
        await this.#clock.sleep(this.#options.heartbeatMs, signal).catch(() => {})
        continue
      }
      const round = this.#round ?? this.#startRound(readers, pollMs)
      await Promise.race([round, aborted(signal)])
    }
  }

  progressOf(topic: string, partition: number): { position: number; end: number; skipped: number } | null {
    const reader = this.#readerOf(topic, partition)
    if (reader === undefined || reader.readableEnd < 0) return null
    return { position: reader.position, end: reader.readableEnd, skipped: reader.skipped }
  }

  get silentMs(): number | null {
    return this.membership.answers.silence?.forMs ?? null
  }

  get gone(): GoneTopic | null {
    const { gone } = this.#cluster
    return gone === null || gone.forMs < noticeMs ? null : gone
  }

  committedOf(topic: string, partition: number): number | null {
    return this.#committed.get(`${topic}/${partition}`)?.offset ?? null
  }

  noteOf(topic: string, partition: number): string | null {
    const committed = this.#committed.get(`${topic}/${partition}`)?.note
    return committed === undefined ? null : decodeTopicNote(committed).note
  }

  commit(unit: CommitUnit): Promise<void> {
    const mine = this.#committing.then(() => this.#commit(unit))
    this.#committing = mine.catch(() => {})
    return mine
  }

  async leave(): Promise<void> {
    if (this.membership.lostBecause === null) {
      this.#isLeaving = true
      await this.#listener.revoking(this.membership.owned).catch(() => {})
    }
    await this.#work?.follow([])
    await this.membership.leave()
    this.#gone.abort()
    await this.#work?.close()
    const { connectionName } = this.#options
    await this.#cluster.release([`fetch ${connectionName}`, `ask ${connectionName}`])
  }

  /** Once when it begins to be noticed, and once when it is over. */
  async #tellOfSilence(work: CommitWork): Promise<void> {
    const { brokers, giveUpMs } = this.#cluster
    let last: { readonly forMs: number; readonly why: string } | null = null
    while (!this.#gone.signal.aborted && !this.#cluster.isClosed) {
      const { silence } = this.membership.answers
      const before = last
      last = silence
      if (silence !== null && before === null) work.told({ silent: true, brokers, giveUpMs, ...silence })
      if (silence === null && before !== null) work.told({ silent: false, brokers, giveUpMs, ...before })
      await this.#cluster.pause(lookMs, this.#gone.signal)
    }
  }

  /** The same of topics that were deleted: brokers answer, and reading or writing does not go on. */
  async #tellOfTheGone(work: CommitWork): Promise<void> {
    const { giveUpMs } = this.#cluster
    const told = new Map<string, GoneTopic>()
    while (!this.#gone.signal.aborted && !this.#cluster.isClosed) {
      const missed = this.#cluster.gone
      if (missed !== null) await this.#cluster.refresh([missed.topic]).catch(() => {})
      const { gone } = this
      for (const [topic, last] of told) {
        if (topic === gone?.topic) continue
        told.delete(topic)
        work.toldOfTopic({ is: 'back', ...last })
      }
      if (gone !== null && !told.has(gone.topic)) work.toldOfTopic({ is: 'gone', giveUpMs, ...gone })
      if (gone !== null) told.set(gone.topic, gone)
      await this.#cluster.pause(lookMs, this.#gone.signal)
    }
  }

  /** A key whose partition is another than it was has left its state behind, and what is in added partitions has no reader. */
  async #watchTopics(): Promise<void> {
    const topics = [...new Set(this.#subscriptions.flatMap((each) => each.topics))]
    let askedMs = this.#clock.monotonicMs()
    while (!this.#gone.signal.aborted && !this.#cluster.isClosed && this.membership.lostBecause === null) {
      if (this.#clock.monotonicMs() - askedMs >= this.#options.topicsMs) {
        await this.#cluster.refresh(topics).catch(() => {})
        askedMs = this.#clock.monotonicMs()
      }
      this.#checkPartitions()
      await this.#cluster.pause(Math.min(lookMs, this.#options.topicsMs), this.#gone.signal)
    }
  }

  /** What has no room, as its task is held or still being restored, is not asked for records: how much piles up there is to be known. */
  async #hearOfTheRoomless(): Promise<void> {
    const { connectionName } = this.#options
    const fetcher = new Fetcher(this.#cluster, `hear ${connectionName}`)
    while (!this.#gone.signal.aborted && !this.#cluster.isClosed && this.membership.lostBecause === null) {
      await this.#cluster.pause(lookMs, this.#gone.signal)
      const unasked = readersOf([...this.#tenures.values()]).filter(
        (reader) => reader.stableEnd < 0 || this.#roomless.has(reader),
      )
      if (unasked.length > 0) await fetcher.hearEnds(unasked)
    }
    await this.#cluster.release([`hear ${connectionName}`])
  }

  #checkPartitions(): void {
    for (const { topics, partitions } of this.#subscriptions) {
      for (const topic of topics) {
        const actual = this.#cluster.topic(topic)?.leaders.length
        if (actual !== undefined && actual !== partitions)
          this.membership.lose(topologyError.PARTITIONS_DIFFER({ topic, actual, wanted: partitions }))
      }
    }
  }

  async #commit(unit: CommitUnit): Promise<void> {
    this.#checkPlace()
    this.#checkTenures(unit)
    const { group, instanceId } = this.#options
    const work = this.#work
    if (work === null) throw topologyError.TRANSPORT_CLOSED()
    if (unit.inputs.length === 0 && unit.outputs.length === 0 && unit.changes.length === 0) return
    const inputs = unit.inputs.map((input) => this.#ofItsTopic(input))
    const offsets = [...inputs, ...this.#positionsFor(unit)]
    try {
      await work.commit(unit, { group, instanceId, place: this.membership, offsets })
      for (const input of inputs) this.#committed.set(`${input.topic}/${input.partition}`, input)
    } catch (error) {
      // Whatever the reason, what this member holds and what the group has may now differ.
      this.membership.lose(error)
      throw this.membership.lostBecause ?? error
    }
  }

  /** The same with the topic that the offset is of in its note. */
  #ofItsTopic(input: CommittedInput): CommittedInput {
    const { topic, partition, note = '' } = input
    const topicId = this.#readerOf(topic, partition)?.topicId ?? null
    return topicId === null ? input : { ...input, note: encodeTopicNote(topicId, note) }
  }

  #readerOf(topic: string, partition: number): PartitionReader | undefined {
    return readersOf([...this.#tenures.values()]).find(
      (each) => each.topic === topic && each.partition === partition,
    )
  }

  /** The group knows whether this member has its place, and only the member what it has held without a break. */
  #checkTenures(unit: CommitUnit): void {
    const { group } = this.#options
    const { generation: current } = this.membership
    const stale = () => topologyError.STALE_MEMBER({ group, generation: unit.generation, current })
    if (unit.generation > current) throw stale()
    const tenureOf = (partition: number, of: (subscription: Subscription) => boolean) =>
      [...this.#tenures.values()].find(({ task }) => {
        const subscription = this.#subscriptions[task.subscription]
        return task.partition === partition && subscription !== undefined && of(subscription)
      })
    for (const { topic, partition } of unit.inputs) {
      const tenure = tenureOf(partition, ({ topics }) => topics.includes(topic))
      if (tenure === undefined && unit.generation === current)
        throw topologyError.NOT_OWNED({ group, topic, partition })
      if (tenure === undefined || tenure.since > unit.generation) throw stale()
    }
    for (const { store, partition } of unit.changes) {
      const isOurs = ({ stores = [] }: Subscription) => stores.includes(store)
      if (!this.#subscriptions.some(isOurs)) continue
      const tenure = tenureOf(partition, isOurs)
      if (tenure === undefined || tenure.since > unit.generation) throw stale()
    }
  }

  /**
   * Only by positions does the group see who speaks, and whoever takes a task over waits only for those that are under way. So a unit
   * takes along where a task stands whose state it changes without having read on, and where one stands if it names none.
   */
  #positionsFor(unit: CommitUnit): readonly CommittedInput[] {
    const isNamed = ({ readers }: Tenure) =>
      readers.some((reader) =>
        unit.inputs.some(({ topic, partition }) => topic === reader.topic && partition === reader.partition),
      )
    const isChanged = ({ task }: Tenure) =>
      unit.changes.some(
        ({ store, partition }) =>
          partition === task.partition &&
          this.#subscriptions[task.subscription]?.stores?.includes(store) === true,
      )
    const held = [...this.#tenures.values()].filter(({ since }) => since <= unit.generation)
    const changed = held.filter((tenure) => isChanged(tenure) && !isNamed(tenure))
    const [first] = held
    if (first === undefined) {
      const { generation: current } = this.membership
      throw topologyError.STALE_MEMBER({ group: this.#options.group, generation: unit.generation, current })
    }
    const named = unit.inputs.length > 0 || changed.length > 0 ? changed : [first]
    return named.flatMap(({ readers: [reader] }) => {
      const committed =
        reader === undefined ? undefined : this.#committed.get(`${reader.topic}/${reader.partition}`)
      return committed === undefined ? [] : [committed]
    })
  }

  #checkPlace(): void {
    if (this.#cluster.isClosed) throw topologyError.TRANSPORT_CLOSED()
    if (this.membership.lostBecause !== null) throw this.membership.lostBecause
  }

  /** Whether the work was done by then. It goes on, and what is wrong with it is told to whoever asks for it again. */
  async #within(ms: number, work: Promise<void>): Promise<boolean> {
    const done = new AbortController()
    const pause = this.#cluster.pause(ms, done.signal)
    try {
      return await Promise.race([work.then(() => true), pause.then(() => false)])
    } finally {
      done.abort()
    }
  }

  #openTenures(): Tenure[] {
    return [...this.#tenures.values()].filter(({ phase }) => phase === 'open')
  }

  async #giveUp(lost: readonly Assignment[]): Promise<void> {
    await this.#listener.revoking(lost)
    await this.#committing
    for (const task of lost) {
      const tenure = this.#tenures.get(nameOf(task))
      if (tenure !== undefined) tenure.phase = 'over'
      this.#tenures.delete(nameOf(task))
    }
  }

  /** What was owned before goes on where it is; the rest begins where the group has committed. */
  async #assigned(owned: readonly Assignment[], generation: number): Promise<void> {
    const fresh = owned.filter((task) => !this.#tenures.has(nameOf(task)))
    const topicsOf = (task: Assignment) => this.#subscriptions[task.subscription]?.topics ?? []
    const positions = await this.#committedPositions(
      fresh.flatMap((task) => topicsOf(task).map((topic) => ({ topic, partition: task.partition }))),
    )
    for (const task of fresh) {
      const { partition } = task
      const readers = topicsOf(task).map((topic) => {
        const { offset = 0, topicId = null } = positions.get(`${topic}/${partition}`) ?? {}
        return new PartitionReader(topic, partition, offset, topicId)
      })
      this.#tenures.set(nameOf(task), { task, since: generation, readers, phase: 'given' })
    }
    await this.#work?.follow(this.membership.standbys)
    await this.#listener.assigned(owned, generation)
    for (const tenure of this.#tenures.values()) tenure.phase = 'open'
    // Nobody will ask any more.
    if (this.#tenures.size === 0) this.membership.answers.answered('fetch')
  }

  /** Where the group has committed, if that is of the topic there is now; else the beginning. */
  async #committedPositions(
    wanted: readonly { topic: string; partition: number }[],
  ): Promise<ReadonlyMap<string, Beginning>> {
    const committed = await committedInputs(this.#cluster, this.#options.group, wanted)
    // After that: what this process knew of the topics may be older than what was committed.
    await this.#cluster.retrying(() => this.#cluster.know(wanted.map(({ topic }) => topic)))
    const notes = new Map([...committed].map(([name, { note = '' }]) => [name, decodeTopicNote(note)]))
    const isOther = ({ topic, partition }: { topic: string; partition: number }) => {
      const topicId = notes.get(`${topic}/${partition}`)?.topicId ?? null
      return topicId !== null && topicId !== this.#cluster.topic(topic)?.id
    }
    const positions = new Map<string, Beginning>()
    await Promise.all(
      wanted.map(async ({ topic, partition }) => {
        const name = `${topic}/${partition}`
        const before = committed.get(name)
        const isReplaced = isOther({ topic, partition })
        if (isReplaced && before !== undefined)
          this.#work?.toldOfTopic({ is: 'replaced', topic, partition, position: before.offset })
        const found = isReplaced ? undefined : before
        const topicId = this.#cluster.topic(topic)?.id ?? null
        const offset = found?.offset ?? (await this.#fetcher.offsetOf(topic, partition, -2, false))
        positions.set(name, { offset, topicId })
        const note = found === undefined ? '' : (notes.get(name)?.note ?? '')
        const marked = topicId === null ? note : encodeTopicNote(topicId, note)
        this.#committed.set(name, { topic, partition, offset, note: marked })
      }),
    )
    return positions
  }

  /** Partitions that cannot be asked would fall behind the others, and their records be late: for a while all wait for them. */
  #holdsBack(): boolean {
    const { unansweredMs } = this.#patience
    return unansweredMs !== null && unansweredMs < holdMs
  }

  /** Asks for what is there now. Gives whether brokers were asked and have answered since the call. */
  async #ask(wanted: readonly PartitionReader[]): Promise<boolean> {
    if (wanted.length === 0) return true
    // Where transactions are open their end is worth waiting for, a little.
    const waitMs = wanted.some((each) => each.isPending) ? joinPollMs : 0
    if (this.#round !== null) {
      await Promise.race([this.#round, this.#cluster.pause(joinPollMs)])
      // What has just been given is not known yet, and may have to be read before what is here.
      if (wanted.some((each) => each.held.length > 0) && wanted.every((each) => each.stableEnd >= 0))
        return false
    }
    if (this.#round === null) await this.#startRound(wanted, waitMs)
    else await this.#question(this.#asker, wanted, waitMs)
    return true
  }

  /**
   * What one partition gives must not come before what the others of its subscription got earlier: what a process commits to several
   * partitions at once, and one after the other, is met in that order. So those that seemed empty are asked once more after the others'
   * records have arrived. False when brokers are away.
   */
  async #makeSure(tenures: readonly Tenure[], wanted: readonly PartitionReader[]): Promise<boolean> {
    const asked = new Set(wanted)
    const bySubscription = Map.groupBy(tenures, ({ task }) => task.subscription)
    const groups = [...bySubscription.values()].map((of) => readersOf(of).filter((each) => asked.has(each)))
    for (let isFirst = true; ; isFirst = false) {
      const unsure = groups.flatMap((readers) => unsureOf(readers, isFirst))
      if (unsure.length === 0) return true
      await this.#question(this.#asker, unsure, 0)
      this.#checkPlace()
      if (this.#patience.unansweredMs !== null) return !this.#holdsBack()
    }
  }

  /** Whether records lie there that are to be waited for, as the markers that end a transaction come to its partitions one by one. */
  #isUndecided(reader: PartitionReader): boolean {
    if (!reader.isPending) return false
    const nowMs = this.#clock.monotonicMs()
    const { undecided, stableEnd } = reader
    if (undecided === null || undecided.stableEnd !== stableEnd)
      reader.undecided = { stableEnd, sinceMs: nowMs }
    return nowMs - (reader.undecided?.sinceMs ?? nowMs) < holdMs
  }

  #fetchAhead(wanted: readonly PartitionReader[]): void {
    if (this.#round !== null) return
    const behind = wanted.filter((each) => each.stableEnd > each.fetchOffset)
    if (behind.length > 0) void this.#startRound(behind, 0)
  }

  /** Never rejects: what is wrong for good is told by the next fetch. */
  #startRound(readers: readonly PartitionReader[], waitMs: number): Promise<void> {
    const round: Promise<void> = this.#question(this.#fetcher, readers, waitMs).finally(() => {
      if (this.#round === round) this.#round = null
    })
    this.#round = round
    return round
  }

  async #question(fetcher: Fetcher, readers: readonly PartitionReader[], waitMs: number): Promise<void> {
    const { answers } = this.membership
    answers.asked('fetch')
    try {
      // Brokers that are away for the moment: neither give up nor ask without pause.
      const failure = await fetcher.round(readers, waitMs)
      this.#patience.heard(failure)
      const isAnswered = failure === null || (failure.codes.length > 0 && this.#cluster.gone !== null)
      if (isAnswered) answers.answered('fetch')
      if (failure === null) return
      if (!isAnswered) answers.failed('fetch', failure.message)
      await this.#cluster.pause(100)
    } catch (error) {
      if (!this.#cluster.isClosed) {
        this.membership.lostBecause ??=
          error instanceof WeirError
            ? error
            : (brokerError('fetch', error).refusal ??
              topologyError.FETCH_FAILED({ group: this.#options.group }, error))
      }
    }
  }
}

/**
 * A partition that gave nothing although it has something keeps those that did from running ahead of it; so does one whose records
 * are still to be decided about, for a while.
 */
function announceMore(reader: PartitionReader, batches: Batch[], isUndecided: boolean): void {
  const { topic, partition, position } = reader
  const more = isUndecided || reader.stableEnd > position
  if (!more && !reader.isPending) return
  if (batches.some((each) => each.topic === topic && each.partition === partition)) return
  batches.push({
    topic,
    partition,
    records: [],
    encoded: true,
    firstOffset: position,
    offsets: null,
    nextOffset: position,
    more,
  })
}

function nameOf({ subscription, partition }: Assignment): string {
  return `${subscription}/${partition}`
}

function readersOf(tenures: readonly Tenure[]): PartitionReader[] {
  return tenures.flatMap(({ readers }) => readers)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

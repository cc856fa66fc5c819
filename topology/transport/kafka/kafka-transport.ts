import { topologyError } from '../../errors.ts'
import { type Clock, systemClock } from '../../kit/clock.ts'
import { WeirError } from '../../kit/errors.ts'
import { unlessAborted } from '../../kit/unless-aborted.ts'
import type { Held } from '../assign.ts'
import { Partitioner } from '../partitioner.ts'
import type {
  Batch,
  CommittedValues,
  CommitUnit,
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
import { ensureTopics, planTopic, settingsOf } from './admin.ts'
import type { BrokerNews } from './answers.ts'
import { changelogOptions, changelogSpan, readChangelog } from './changelog.ts'
import { ChangelogFollower } from './changelog-follower.ts'
import { deleteRecordsV2, listTransactionsV0, offsetCommitV8 } from './client.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { committedOffsets } from './committed-inputs.ts'
import { LocalState } from './local-state.ts'
import { type CommitWork, KafkaMember } from './member.ts'
import type { Outbox } from './outbox.ts'
import { IdempotentProducer, type Outgoing, Sequences } from './producer.ts'
import { brokerError } from './protocol.ts'
import type { Compression } from './record-batch.ts'
import { RecordLimits } from './record-limits.ts'
import type { SettingsMark, SettingsNews } from './settings-mark.ts'
import { Standbys } from './standbys.ts'
import type { TopicNews } from './topic-news.ts'
import { type GroupOffsets, TransactionalProducer, underGeneration } from './transaction.ts'
import { bytesFor, type Layout, outboxOf } from './unit-outbox.ts'

export type Guarantee = 'exactly-once' | 'at-least-once'

export type KafkaOptions = Partial<ClusterOptions> & {
  readonly brokers: readonly string[]
  readonly guarantee?: Guarantee
  readonly compression?: Compression
  /** Silence after which a member's place goes to others; it bounds how long records wait after a crash. */
  readonly sessionMs?: number
  /** How long members that are well may take to commit, or to restore, before the group goes on without them. */
  readonly rebalanceMs?: number
  readonly heartbeatMs?: number
  /** How often members ask whether their topics have as many partitions as they had. */
  readonly topicsMs?: number
  /** After this long the broker aborts what a process left open that nobody fences. */
  readonly transactionTimeoutMs?: number
  /** Where this process keeps copies of its stores, so that it need not read their changelogs whole; in memory without it. */
  readonly stateDirectory?: string
  /** A name of this process's own, under which it finds its place again after a restart, without a rebalance. */
  readonly instanceId?: string
  /** Settings of topics that are to be created, beside those the runtime asks for, by topic. */
  readonly topicConfigs?: ReadonlyMap<string, Readonly<Record<string, string>>>
  /**
   * Called with batches before a member hands them over, which waits for what it gives; `null`: there is nothing to wait for.
   * What a codec must know to decode without waiting is fetched here. Called again for the same batches where that takes long: it is
   * not to begin anew, and rejects then if it has failed meanwhile.
   */
  readonly prepare?: (batches: readonly Batch[]) => Promise<void> | null
  /** Copies of each store that other processes with a state directory keep warm. */
  readonly standbys?: number
  /** Hears when brokers leave a member without answers for some seconds, and when they answer it again. */
  readonly onBrokers?: (news: BrokerNews) => void
  /** Hears what becomes of topics that are read. */
  readonly onTopic?: (news: TopicNews) => void
  /** What of this process's settings its results depend on. Processes of one group may differ: then each of them hears of it. */
  readonly settings?: SettingsMark
  /** Hears, each time the group tells its members their tasks, whether these settings are those of all. */
  readonly onSettings?: (news: SettingsNews) => void
  readonly clock?: Clock
}

/** Committed records of a consumed topic are deleted in steps of this many: each step is a request to every leader. */
const purgeEvery = 50_000

/** The transport on Kafka brokers. What is committed is on their disks; nothing of it is on ours. */
export class KafkaTransport implements Transport {
  readonly durable = true
  readonly encoded = true
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #guarantee: Guarantee
  readonly #compression: Compression
  readonly #membership: {
    sessionMs: number
    rebalanceMs: number
    heartbeatMs: number
    topicsMs: number
    instanceId: string | null
    standbys: number
    settings: SettingsMark
  }
  readonly #transactionTimeoutMs: number
  readonly #topicConfigs: NonNullable<KafkaOptions['topicConfigs']>
  readonly #prepare: NonNullable<KafkaOptions['prepare']>
  readonly #onBrokers: NonNullable<KafkaOptions['onBrokers']>
  readonly #onTopic: NonNullable<KafkaOptions['onTopic']>
  readonly #onSettings: NonNullable<KafkaOptions['onSettings']>
  readonly #specs = new Map<string, TopicSpec>()
  readonly #partitioners = new Map<string, Partitioner>()
  readonly #purged = new Map<string, number>()
  readonly #producer: IdempotentProducer
  readonly #limits: RecordLimits
  readonly #stateDirectory: string | null
  #state: LocalState | null = null
  /** Connections for restores that are not in use. */
  readonly #lanes: string[] = []
  #laneCount = 0
  #joined = 0

  constructor(options: KafkaOptions) {
    this.#clock = options.clock ?? systemClock
    this.#cluster = new Cluster(
      {
        brokers: options.brokers,
        clientId: options.clientId ?? 'weir',
        requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
        giveUpMs: options.giveUpMs ?? 300_000,
        ...(options.tls === undefined ? {} : { tls: options.tls }),
        ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
      },
      this.#clock,
    )
    this.#guarantee = options.guarantee ?? 'exactly-once'
    this.#compression = options.compression ?? 'none'
    this.#membership = {
      sessionMs: options.sessionMs ?? 10_000,
      rebalanceMs: options.rebalanceMs ?? 300_000,
      heartbeatMs: options.heartbeatMs ?? 1_000,
      topicsMs: options.topicsMs ?? 120_000,
      instanceId: options.instanceId ?? null,
      standbys: options.standbys ?? 0,
      settings: options.settings ?? {},
    }
    this.#transactionTimeoutMs = options.transactionTimeoutMs ?? 10_000
    this.#prepare = options.prepare ?? (() => null)
    this.#onBrokers = options.onBrokers ?? (() => {})
    this.#onTopic = options.onTopic ?? (() => {})
    this.#onSettings = options.onSettings ?? (() => {})
    this.#topicConfigs = options.topicConfigs ?? new Map()
    this.#stateDirectory = options.stateDirectory ?? null
    this.#limits = new RecordLimits(this.#cluster)
    this.#producer = new IdempotentProducer(this.#cluster, this.#clock, {
      compression: this.#compression,
      purpose: 'produce',
      limits: this.#limits,
    })
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const wanted = topics.map((spec) => {
      const settings = settingsOf(spec)
      return { ...settings, configs: { ...settings.configs, ...this.#topicConfigs.get(spec.name) } }
    })
    await ensureTopics(this.#cluster, wanted)
    for (const { name, configs } of wanted) {
      const bytes = configs['max.message.bytes']
      if (bytes !== undefined) this.#limits.expect(name, Number(bytes))
    }
    await this.#limits.refresh(topics.map(({ name }) => name))
    for (const spec of topics) {
      this.#specs.set(spec.name, spec)
      this.#partitioners.set(spec.name, new Partitioner(spec.partitions))
    }
  }

  partitionsOf(topic: string): number {
    return this.#partitioner(topic).partitions
  }

  producer(): Producer {
    return {
      send: async (topic, records) => {
        const outgoing: Outgoing[] = []
        const partitioner = this.#partitioner(topic)
        for (const record of records) {
          outgoing.push({
            topic,
            partition: partitioner.partitionOf(record.key),
            record,
            value: this.#encode(topic, record),
          })
        }
        if (outgoing.length > 0) await this.#producer.send(outgoing)
      },
      sendToAll: async (topic, record) => {
        const { partitions } = this.#partitioner(topic)
        const value = this.#encode(topic, record)
        await this.#producer.send(
          Array.from({ length: partitions }, (_, partition) => ({ topic, partition, record, value })),
        )
      },
    }
  }

  async join(
    group: string,
    subscriptions: readonly Subscription[],
    listener: MemberListener,
    signal?: AbortSignal,
  ): Promise<Member> {
    signal?.throwIfAborted()
    for (const topic of subscriptions.flatMap((each) => each.topics)) this.#partitioner(topic)
    // Whoever only reads a topic has no say over what lies on this disk.
    if (subscriptions.some(({ stores }) => stores !== undefined)) {
      const owner = (store: string) => subscriptions.find(({ stores = [] }) => stores.includes(store))
      this.#state?.checkStores((store) => owner(store)?.partitions)
    }
    this.#joined += 1
    const options = { group, connectionName: `${group} ${this.#joined}`, ...this.#membership }
    const member = new KafkaMember(this.#cluster, this.#clock, options, subscriptions, listener)
    try {
      await unlessAborted(member.join(this.#commitWork(group, member, subscriptions)), signal)
    } catch (error) {
      if (signal?.aborted === true) await member.leave()
      throw error
    }
    return member
  }

  async committed(group: string, topic: string, partition: number): Promise<number> {
    const offsets = await committedOffsets(this.#cluster, group, [{ topic, partition }])
    return offsets.get(`${topic}/${partition}`) ?? 0
  }

  async *changelog(
    store: string,
    partition: number,
    listener?: RestoreListener,
    signal?: AbortSignal,
  ): AsyncIterable<readonly (readonly [string, Uint8Array | null])[]> {
    const lane = this.#takeLane()
    try {
      const options = changelogOptions(listener, signal)
      const span = await changelogSpan(this.#cluster, lane, store, partition, options)
      for await (const { entries } of readChangelog(this.#cluster, lane, store, partition, span, options)) {
        if (entries.length > 0) yield entries
      }
    } finally {
      this.#lanes.push(lane)
    }
  }

  async committedValues(
    store: string,
    partition: number,
    listener?: RestoreListener,
    signal?: AbortSignal,
  ): Promise<CommittedValues | null> {
    if (this.#state === null) return null
    const lane = this.#takeLane()
    try {
      return await this.#state.upToDate(lane, store, partition, changelogOptions(listener, signal))
    } finally {
      this.#lanes.push(lane)
    }
  }

  async follow(store: string, partition: number): Promise<Follower> {
    this.#partitioner(store)
    return ChangelogFollower.open(this.#cluster, store, partition)
  }

  /** Up to which offset of its changelog a store is on this process's disk; `null` where it is not. */
  progressOf(store: string, partition: number): number | null {
    return this.#state?.progressOf(store, partition) ?? null
  }

  async readPlan(application: string): Promise<string | null> {
    if (this.#stateDirectory !== null && this.#state === null) {
      this.#state = await LocalState.open(this.#cluster, this.#clock, this.#stateDirectory, application)
    }
    const topic = planTopic(application)
    await this.#cluster.retrying(() => this.#cluster.refresh([topic]))
    if (this.#cluster.topic(topic) === undefined) return null
    let text: string | null = null
    for await (const portion of this.changelog(topic, 0)) {
      for (const [, value] of portion) text = value === null ? null : new TextDecoder().decode(value)
    }
    return text
  }

  async writePlan(application: string, text: string): Promise<void> {
    const name = planTopic(application)
    await this.ensureTopics([{ name, partitions: 1, encode: null, keep: 'latest' }])
    const value = new TextEncoder().encode(text)
    await this.producer().send(name, [
      { key: 'plan', value, timestampMs: this.#clock.nowMs(), streamTimeMs: Number.NaN },
    ])
  }

  async close(): Promise<void> {
    await this.#cluster.close()
    await this.#state?.close()
    this.#state = null
  }

  #takeLane(): string {
    const free = this.#lanes.pop()
    if (free !== undefined) return free
    this.#laneCount += 1
    return `restore ${this.#laneCount}`
  }

  /** By whom a member's units are committed, and what is done for the group besides. */
  #commitWork(group: string, member: KafkaMember, subscriptions: readonly Subscription[]): CommitWork {
    let standbys: Standbys | null = null
    const { instanceId } = this.#membership
    let transactions: TransactionalProducer | null = null
    const producer = new IdempotentProducer(this.#cluster, this.#clock, {
      compression: this.#compression,
      purpose: `produce for ${group}`,
      limits: this.#limits,
    })
    const send = async (outbox: Outbox, offsets: GroupOffsets) => {
      if (this.#guarantee === 'at-least-once') {
        await producer.sendOutbox(outbox)
        await this.#commitOffsets(offsets)
        return
      }
      transactions ??= new TransactionalProducer(this.#cluster, {
        // The broker made the member's id, for no other; a process with a name of its own ends what it left open itself.
        transactionalId: transactionalId(group, instanceId ?? member.membership.memberId),
        timeoutMs: this.#transactionTimeoutMs,
        compression: this.#compression,
      })
      await transactions.commit(outbox, offsets)
    }
    return {
      prepare: this.#prepare,
      commit: async (unit, offsets) => {
        for (;;) {
          const outbox = outboxOf(unit, this.#layout())
          try {
            await send(outbox, offsets)
          } catch (error) {
            // What a topic takes may have been changed since it was asked. Refused, nothing has happened.
            if (!isRefusedForSize(error) || !(await this.#limits.learn(outbox.tooLarge))) throw error
            continue
          }
          await this.#state?.apply(unit, outbox.ends, this.#guarantee === 'exactly-once' ? 1 : 0)
          this.#purge(unit)
          return
        }
      },
      held: () => this.#held(subscriptions),
      told: this.#onBrokers,
      toldOfTopic: this.#onTopic,
      toldOfSettings: this.#onSettings,
      follow: async (tasks) => {
        const state = this.#state
        if (state === null) return
        standbys ??= new Standbys(this.#cluster, state, `standbys of ${group}`, (error) => {
          member.membership.lose(error)
        })
        const stores = tasks.flatMap(({ subscription, partition }) =>
          (subscriptions[subscription]?.stores ?? []).map((store) => ({ store, partition })),
        )
        await standbys.follow(stores)
      },
      close: async () => {
        await transactions?.close()
      },
      led: (members) => {
        if (this.#guarantee === 'exactly-once') void this.#fenceTheGone(group, members)
      },
    }
  }

  /** Tasks all of whose stores are on this disk. */
  #held(subscriptions: readonly Subscription[]): readonly Held[] | null {
    const state = this.#state
    if (state === null) return null
    return subscriptions.flatMap(({ stores = [], partitions }, subscription) => {
      const held: Held[] = []
      for (let partition = 0; partition < partitions; partition += 1) {
        const progress = stores.map((store) => state.progressOf(store, partition))
        if (stores.length === 0 || progress.includes(null)) continue
        const sum = progress.reduce<number>((before, each) => before + (each ?? 0), 0)
        held.push({ subscription, partition, progress: sum })
      }
      return held
    })
  }

  #layout(): Layout {
    return {
      partitionOf: (topic, key) => this.#partitioner(topic).partitionOf(key),
      limits: this.#limits,
      nowMs: this.#clock.nowMs(),
    }
  }

  #encode(topic: string, record: LogRecord): Uint8Array | null {
    if (record.value === null) return null
    const encode = this.#specs.get(topic)?.encode ?? null
    return bytesFor(topic, encode === null ? record.value : encode(record.value))
  }

  async #commitOffsets({ group, place, instanceId, offsets }: GroupOffsets): Promise<void> {
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, of]) => ({
      name,
      partitions: of.map(({ partition, offset, note = '' }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: note,
      })),
    }))
    const send = async (generation: number) => {
      const broker = await this.#cluster.coordinator('group', group)
      await this.#cluster.call(
        `group ${group}`,
        broker,
        'commit offsets',
        offsetCommitV8.api,
        group,
        generation,
        place.memberId,
        instanceId,
        topics,
      )
    }
    try {
      await underGeneration(place, (generation) =>
        this.#cluster.retrying(
          () => send(generation),
          () => this.#cluster.forgetCoordinator('group', group),
        ),
      )
    } catch (error) {
      const refusal = brokerError('commit offsets', error).refusal
      const { generation } = place
      throw refusal ?? topologyError.STALE_MEMBER({ group, generation, current: 'another' }, error)
    }
  }

  /**
   * Transactions that a process left open when it died keep everyone from reading past them, until they run out of time.
   * Beginning anew under their name ends them at once. Who is a member commits under its own name and is left alone.
   */
  async #fenceTheGone(group: string, members: readonly string[]): Promise<void> {
    const alive = new Set(members.map((memberId) => transactionalId(group, memberId)))
    for (const broker of this.#cluster.brokerIds) {
      try {
        const answer = await this.#cluster.call(
          'ask',
          broker,
          'list transactions',
          listTransactionsV0.api,
          ['Ongoing'],
          [],
          -1n,
          null,
        )
        for (const { transactionalId: id } of answer.transactionStates) {
          if (!id.startsWith(transactionalId(group, '')) || alive.has(id)) continue
          await Sequences.begin(this.#cluster, {
            transactionalId: id,
            transactionTimeoutMs: this.#transactionTimeoutMs,
            compression: 'none',
            purpose: 'fence',
          })
        }
      } catch {
        // Without the right to look, or the broker: time will do it.
      }
    }
  }

  /** Lets go of what is committed in topics that nobody else reads. Late, or lost for once, it only costs disk. */
  #purge(unit: CommitUnit): void {
    const due = unit.inputs.filter(({ topic, partition, offset }) => {
      if (this.#specs.get(topic)?.keep !== 'consumed') return false
      const name = `${topic}/${partition}`
      const before = this.#purged.get(name)
      // The first time as well: what whoever had it before has left lies there still.
      if (offset === 0 || (before !== undefined && offset - before < purgeEvery)) return false
      this.#purged.set(name, offset)
      return true
    })
    for (const { topic, partition, offset } of due) {
      const asked = [{ name: topic, partitions: [{ partitionIndex: partition, offset: BigInt(offset) }] }]
      const purge = async () =>
        this.#cluster.call(
          'purge',
          this.#cluster.leaderOf(topic, partition),
          `delete records of ${topic}`,
          deleteRecordsV2.api,
          asked,
          30_000,
        )
      void this.#cluster
        .retrying(purge, () => this.#cluster.refresh([topic]))
        .catch((error: unknown) => {
          if (!this.#cluster.isClosed) this.#onTopic({ is: 'unpurged', topic, partition, error })
        })
    }
  }

  #partitioner(topic: string): Partitioner {
    const partitioner = this.#partitioners.get(topic)
    if (partitioner === undefined) throw topologyError.UNKNOWN_TOPIC({ topic })
    return partitioner
  }
}

function transactionalId(group: string, memberId: string): string {
  return `${group}/${memberId}`
}

/** In a transaction the refusal is the cause of the commit's failure. */
function isRefusedForSize(error: unknown): boolean {
  if (!(error instanceof WeirError)) return false
  return error.code === 'TOPO_RECORD_TOO_LARGE' || isRefusedForSize(error.cause)
}

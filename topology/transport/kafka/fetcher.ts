/**
 * Reads partitions at positions of its own, without a group. What a `read_committed` reader may see is decided here: the broker
 * gives everything up to the last stable offset, and with it the transactions that were aborted, by producer and first
 * offset; a batch of such a producer from there on up to its abort marker is skipped. The marker need not be in the same
 * answer. Markers and skipped batches count for positions.
 */
import { topologyError } from '../../errors.ts'
import { WeirError } from '../../kit/errors.ts'
import type { Batch } from '../transport.ts'
import { fetchV13, listOffsetsV7, type Reader } from './client.ts'
import type { Cluster } from './cluster.ts'
import { BrokerError, brokerError, code, readError } from './protocol.ts'
import { type BatchView, isAbortMarker, readRecords, viewBatches } from './record-batch.ts'
import type { LogCut } from './topic-news.ts'

const isolationReadCommitted = 1
/**
 * A partition's share of an answer, and the whole answer of a broker. What was fetched lives until the last record of its answer
 * has been processed, so a share is small; one that does not hold the next batch is made as large as the greatest batch that a broker
 * takes by default.
 */
const shareBytes = 128 * 1024
const greatShareBytes = 1_100_000
const answerBytes = 2 * 1024 * 1024
/** Beyond this a partition is not asked for until some of it has been taken. */
const heldBytes = 128 * 1024

/** What was taken of a partition at once. */
export type Taking = { readonly held: readonly Held[]; readonly position: number }

export type Held = {
  /** `null`: markers or aborted records, of which only the position is left. */
  readonly view: BatchView | null
  readonly nextOffset: number
  /** Records before `nextOffset` that were gone before they could be read. */
  readonly skipped?: number
}

export class PartitionReader {
  readonly topic: string
  readonly partition: number
  /** Of the topic that its positions are of; `null` until first asked. */
  topicId: string | null
  /** Next offset to be taken. */
  position: number
  /** Next offset to be asked for. */
  fetchOffset: number
  readonly held: Held[] = []
  heldBytes = 0
  /** Its share of the next answer. */
  shareBytes = shareBytes
  /** Below it every transaction is decided; -1 until first asked. */
  stableEnd = -1
  /** End of the log, transactions still open included. */
  end = -1
  /** The same as last heard by who asked for it alone, while nothing of it was wanted; -1 before that. */
  heardEnd = -1
  /** Records that were gone before they could be read. */
  skipped = 0
  /** How often reading went on elsewhere, as what was to be read had gone: questions from before say nothing of what is now. */
  turns = 0
  /** When the latest question about it that was answered had been sent, and when what it holds arrived: moments of this process. */
  askedAt = 0
  arrivedAt = 0
  /** Since when what lies beyond this end is waited for. */
  undecided: { readonly stableEnd: number; readonly sinceMs: number } | null = null

  constructor(topic: string, partition: number, position: number, topicId: string | null = null) {
    this.topic = topic
    this.partition = partition
    this.topicId = topicId
    this.position = position
    this.fetchOffset = position
  }

  /** Up to where records may be read, as far as anybody has heard; -1 before that. */
  get readableEnd(): number {
    return Math.max(this.stableEnd, this.heardEnd)
  }

  /** Whether records lie there that nobody may read yet. */
  get isPending(): boolean {
    return this.end > Math.max(this.position, this.stableEnd)
  }

  /** Whole batches until there are `room` records or no more are held. `isUndecided`: more may come to light behind them. */
  take(room: number, batches: Batch[], isUndecided = false): Taking {
    const before: Held[] = []
    const { position } = this
    for (let taken = 0; taken < room; ) {
      const next = this.held.shift()
      if (next === undefined) break
      before.push(next)
      const { view } = next
      let { nextOffset, skipped = 0 } = next
      if (view !== null) this.heldBytes -= view.bytes.length
      const read = view === null ? { records: [], offsets: null } : this.#read(view)
      const firstOffset = read.offsets?.[0] ?? Math.max(this.position, view?.firstOffset ?? this.position)
      for (let gap = this.held[0]; gap !== undefined && gap.view === null; gap = this.held[0]) {
        before.push(gap)
        this.held.shift()
        nextOffset = gap.nextOffset
        skipped += gap.skipped ?? 0
      }
      this.position = nextOffset
      taken += read.records.length
      batches.push({
        topic: this.topic,
        partition: this.partition,
        records: read.records,
        encoded: true,
        firstOffset,
        offsets: read.offsets,
        nextOffset,
        more: isUndecided || nextOffset < this.stableEnd,
        ...(skipped === 0 ? {} : { skipped }),
      })
    }
    return { held: before, position }
  }

  #read(view: BatchView): ReturnType<typeof readRecords> {
    try {
      return readRecords(view, this.position)
    } catch (error) {
      throw unreadable(this, view.firstOffset, error)
    }
  }

  /** Undoes the last `take`: nobody has seen it. */
  giveBack({ held, position }: Taking): void {
    this.held.unshift(...held)
    for (const { view } of held) if (view !== null) this.heldBytes += view.bytes.length
    this.position = position
  }
}

type FetchedPartition = {
  readonly partition: number
  readonly errorCode: number
  readonly end: number
  readonly stableEnd: number
  readonly logStart: number
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[]
  readonly records: Buffer
}

type FetchedTopic = { readonly topicId: string; readonly partitions: readonly FetchedPartition[] }

/** Where a partition was asked from, and in which of its turns. */
type Question = { readonly offset: number; readonly turn: number }

/** Asks the leaders of partitions for what comes next. One fetcher has one request under way with each broker. */
export class Fetcher {
  readonly #cluster: Cluster
  readonly #purpose: string
  readonly #told: (news: LogCut) => void

  constructor(cluster: Cluster, purpose: string, told: (news: LogCut) => void = () => {}) {
    this.#cluster = cluster
    this.#purpose = purpose
    this.#told = told
  }

  /**
   * Waits up to `waitMs` for records. Brokers that are away give none: the caller asks again, and decides how often. Rejects with
   * what asking again does not mend, records that cannot be read (`TOPO_RECORDS_UNREADABLE`) and another topic of the same name
   * (`TOPO_TOPIC_REPLACED`) among it.
   */
  async round(readers: readonly PartitionReader[], waitMs: number): Promise<BrokerError | null> {
    const wanted = readers.filter((each) => each.heldBytes < heldBytes)
    const byLeader = new Map<number, PartitionReader[]>()
    let failure: BrokerError | null = null
    const unknown = new Set<string>()
    for (const reader of wanted) {
      try {
        const leader = this.#cluster.leaderOf(reader.topic, reader.partition)
        const known = byLeader.get(leader)
        if (known === undefined) byLeader.set(leader, [reader])
        else known.push(reader)
      } catch (error) {
        failure = brokerError('fetch', error)
        unknown.add(reader.topic)
      }
    }
    await Promise.all(
      [...byLeader].map(async ([leader, ofLeader]) => {
        try {
          await this.#ask(leader, ofLeader, waitMs)
        } catch (error) {
          if (error instanceof WeirError) throw error
          failure = brokerError('fetch', error)
          if (!failure.isPassing) throw failure
          for (const { topic } of ofLeader) unknown.add(topic)
        }
      }),
    )
    if (unknown.size > 0) await this.#cluster.refresh([...unknown]).catch(() => {})
    return failure
  }

  /** Log start (-2), end (-1) or the offset of a time, as the partition's leader says. */
  async offsetOf(
    topic: string,
    partition: number,
    timestamp: -1 | -2,
    readCommitted: boolean,
    signal?: AbortSignal,
  ): Promise<number> {
    return this.#cluster.retrying(
      async () => {
        const leader = this.#cluster.leaderOf(topic, partition)
        const asked = [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp: BigInt(timestamp) }]
        const answer = await this.#cluster
          .call(
            this.#purpose,
            leader,
            'list offsets',
            listOffsetsV7.api,
            -1,
            readCommitted ? isolationReadCommitted : 0,
            [{ name: topic, partitions: asked }],
          )
          .catch((error: unknown) => {
            throw readError('list offsets', error)
          })
        return Number(answer.topics[0]?.partitions[0]?.offset ?? 0n)
      },
      () => this.#cluster.refresh([topic]),
      20,
      signal,
    )
  }

  /** Where partitions that nothing is asked of end by now, in one question to each leader; what is not answered stays as it was. */
  async hearEnds(readers: readonly PartitionReader[]): Promise<void> {
    const leaderOf = ({ topic, partition }: PartitionReader) =>
      this.#cluster.topic(topic)?.leaders[partition] ?? -1
    const byLeader = Map.groupBy(readers, leaderOf)
    await Promise.all(
      [...byLeader].map(async ([leader, ofLeader]) => {
        const turns = new Map(ofLeader.map((reader) => [reader, reader.turns]))
        const asked = [...Map.groupBy(ofLeader, ({ topic }) => topic)].map(([name, of]) => ({
          name,
          partitions: of.map(({ partition }) => ({
            partitionIndex: partition,
            currentLeaderEpoch: -1,
            timestamp: -1n,
          })),
        }))
        const answer = await this.#cluster
          .call(this.#purpose, leader, 'list offsets', listOffsetsV7.api, -1, isolationReadCommitted, asked)
          .catch(async () => {
            await this.#cluster.refresh(asked.map(({ name }) => name)).catch(() => {})
            return null
          })
        for (const { name, partitions } of answer?.topics ?? []) {
          for (const { partitionIndex, offset } of partitions) {
            const reader = ofLeader.find((each) => each.topic === name && each.partition === partitionIndex)
            if (reader !== undefined && turns.get(reader) === reader.turns)
              reader.heardEnd = Math.max(reader.heardEnd, Number(offset))
          }
        }
      }),
    )
  }

  async #ask(leader: number, readers: readonly PartitionReader[], waitMs: number): Promise<void> {
    const byId = new Map<string, PartitionReader[]>()
    for (const reader of readers) {
      const id = this.#cluster.topic(reader.topic)?.id
      if (id === undefined)
        throw new BrokerError(`fetch ${reader.topic}`, [code.unknownTopicOrPartition], undefined)
      reader.topicId ??= id
      if (reader.topicId !== id) throw topologyError.TOPIC_REPLACED({ topic: reader.topic })
      const known = byId.get(id)
      if (known === undefined) byId.set(id, [reader])
      else known.push(reader)
    }
    const asked = new Map(
      readers.map((reader) => [reader, { offset: reader.fetchOffset, turn: reader.turns }]),
    )
    const topics = [...byId].map(([topicId, ofTopic]) => ({
      topicId,
      partitions: ofTopic.map((reader) => ({
        partition: reader.partition,
        fetchOffset: BigInt(reader.fetchOffset),
        partitionMaxBytes: reader.shareBytes,
        currentLeaderEpoch: -1,
        lastFetchedEpoch: -1,
      })),
    }))
    const connection = await this.#cluster.connection(this.#purpose, leader)
    const askedAt = nextMoment()
    const answer = await new Promise<readonly FetchedTopic[]>((resolve, reject) => {
      connection.send(
        fetchV13.api.key,
        fetchV13.api.version,
        () => fetchV13.createRequest(waitMs, 1, answerBytes, isolationReadCommitted, 0, -1, topics, [], ''),
        parseFetch,
        true,
        true,
        (error, response) => {
          if (response === undefined || error !== null) reject(error)
          else resolve(response)
        },
      )
    })
    const arrivedAt = nextMoment()
    let failure: BrokerError | null = null
    for (const { topicId, partitions } of answer) {
      for (const fetched of partitions) {
        const reader = byId.get(topicId)?.find(({ partition }) => partition === fetched.partition)
        const question = reader === undefined ? undefined : asked.get(reader)
        if (reader === undefined || question === undefined || question.turn !== reader.turns) continue
        if (fetched.errorCode === 0) {
          const { length } = reader.held
          hold(reader, fetched)
          reader.askedAt = Math.max(reader.askedAt, askedAt)
          if (reader.held.length > length) reader.arrivedAt = arrivedAt
        } else if (fetched.errorCode === code.offsetOutOfRange) await this.#goElsewhere(reader, question)
        else {
          const failed = new BrokerError(
            `fetch ${reader.topic}`,
            [fetched.errorCode],
            undefined,
            undefined,
            true,
          )
          if (failure === null || !failed.isPassing) failure = failed
        }
      }
    }
    if (failure !== null) throw failure
  }

  /** What was to be read has been deleted, or the log was cut: it goes on with what there is. */
  async #goElsewhere(reader: PartitionReader, question: Question): Promise<void> {
    const { topic, partition } = reader
    const first = await this.offsetOf(topic, partition, -2, false)
    const end = await this.offsetOf(topic, partition, -1, false)
    // Of two questions at a time the other has seen to it, or found records after all.
    if (reader.turns !== question.turn || reader.fetchOffset !== question.offset) return
    const next = Math.min(Math.max(question.offset, first), end)
    if (next === question.offset) return
    const skipped = Math.max(0, next - question.offset)
    reader.turns += 1
    reader.skipped += skipped
    reader.fetchOffset = next
    reader.end = end
    reader.stableEnd = Math.min(reader.stableEnd, end)
    reader.heardEnd = Math.min(reader.heardEnd, end)
    reader.held.push({ view: null, nextOffset: next, skipped })
    if (next < question.offset) this.#told({ is: 'cut', topic, partition, from: question.offset, to: next })
  }
}

/**
 * Those of which it is not known whether they had something before what the others hold came to be: the question that found them empty
 * was sent before that arrived. `withPending`: and those whose transactions were not decided then.
 */
export function unsureOf(
  readers: readonly PartitionReader[],
  withPending: boolean,
): readonly PartitionReader[] {
  let newest = 0
  for (const { held, arrivedAt } of readers) if (held.length > 0 && arrivedAt > newest) newest = arrivedAt
  return readers.filter(
    ({ held, askedAt, fetchOffset, stableEnd, end }) =>
      newest > 0 &&
      held.length === 0 &&
      stableEnd <= fetchOffset &&
      (askedAt < newest || (withPending && end > fetchOffset)),
  )
}

let moment = 0

function nextMoment(): number {
  moment += 1
  return moment
}

/** Keeps what may be read of the answer. */
function hold(reader: PartitionReader, fetched: FetchedPartition): void {
  // Of two questions at a time the older answer may come last.
  reader.end = Math.max(reader.end, fetched.end)
  reader.stableEnd = Math.max(reader.stableEnd, fetched.stableEnd)
  const { fetchOffset } = reader
  holdBatches(reader, fetched)
  const isTooSmall = reader.fetchOffset === fetchOffset && reader.stableEnd > fetchOffset
  reader.shareBytes = isTooSmall ? greatShareBytes : shareBytes
}

function holdBatches(reader: PartitionReader, fetched: FetchedPartition): void {
  if (fetched.records.length === 0) return
  try {
    holdVisible(reader, fetched)
  } catch (error) {
    throw unreadable(reader, reader.fetchOffset, error)
  }
}

function unreadable({ topic, partition }: PartitionReader, offset: number, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error)
  return topologyError.RECORDS_UNREADABLE({ topic, partition, offset, why }, error)
}

function holdVisible(reader: PartitionReader, fetched: FetchedPartition): void {
  const aborted = fetched.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const aborting = new Set<bigint>()
  let at = 0
  for (const view of viewBatches(fetched.records)) {
    for (
      let next = aborted[at];
      next !== undefined && next.firstOffset < view.nextOffset;
      next = aborted[at]
    ) {
      aborting.add(next.producerId)
      at += 1
    }
    let visible = !view.control
    if (view.control) {
      if (isAbortMarker(view)) aborting.delete(view.producerId)
    } else if (view.transactional && aborting.has(view.producerId)) visible = false
    // A fetch begins with the batch that holds its offset, which may have been read before.
    if (view.nextOffset <= reader.fetchOffset) continue
    reader.fetchOffset = view.nextOffset
    reader.held.push({ view: visible ? view : null, nextOffset: view.nextOffset })
    if (visible) reader.heldBytes += view.bytes.length
  }
}

/**
 * Fetch answer, version 13: throttle int32, error int16, session int32, then compact arrays of topics (uuid) and partitions:
 * index int32, error int16, end int64, last stable offset int64, log start int64, aborted transactions (producer int64, first
 * offset int64, tags), preferred replica int32, records as compact bytes, tags.
 */
function parseFetch(_id: number, _key: number, _version: number, reader: Reader): readonly FetchedTopic[] {
  reader.readInt32()
  const errorCode = reader.readInt16()
  if (errorCode !== 0) throw new BrokerError('fetch', [errorCode], undefined, undefined, true)
  reader.readInt32()
  // Records are views of these bytes: they must be one piece.
  const bytes = reader.buffer.slice(reader.position)
  const start = reader.position
  return reader.readArray(
    (topic) => {
      const topicId = topic.readUUID()
      const partitions = topic.readArray(
        (each) => {
          const partition = each.readInt32()
          const failed = each.readInt16()
          const end = Number(each.readInt64())
          const stableEnd = Number(each.readInt64())
          const logStart = Number(each.readInt64())
          const aborted =
            each.readNullableArray((entry) => ({
              producerId: entry.readInt64(),
              firstOffset: Number(entry.readInt64()),
            })) ?? []
          each.readInt32()
          const size = Math.max(0, each.readUnsignedVarInt() - 1)
          const at = each.position - start
          each.skip(size)
          each.readTaggedFields()
          const records = bytes.subarray(at, at + size)
          return { partition, errorCode: failed, end, stableEnd, logStart, aborted, records }
        },
        true,
        false,
      )
      topic.readTaggedFields()
      return { topicId, partitions }
    },
    true,
    false,
  )
}

import { type Codec, type Topic, topicConfigs } from '@weir/schemas'
import { systemClock, WeirError } from '@weir/topology/kit'
import {
  type KafkaTopics,
  kafkaTopics,
  kafkaTransport,
  type LogRecord,
  type Transport,
} from '@weir/topology/transport'
import { clientSettings } from './broker-options.ts'
import type { Connection } from './connection.ts'
import type { RecordCodecs } from './record-codecs.ts'

const PORTION = 10_000

/** A compacted topic as whoever keeps it sees it: the last value of each key. */
export class TableTopic<T> {
  readonly name: string
  readonly #topic: Topic<T>
  readonly #codec: Codec<T>
  readonly #prepare: RecordCodecs['prepare']
  readonly #kafka: Pick<KafkaTopics, 'read' | 'close'>
  readonly #transport: Transport
  readonly #prefix: string

  /** Closes what it is given. `prefix` of the topic's name where brokers are shared, which `transport` puts there itself. */
  constructor(
    topic: Topic<T>,
    codec: Codec<T>,
    medium: {
      readonly prepare: RecordCodecs['prepare']
      readonly kafka: Pick<KafkaTopics, 'read' | 'close'>
      readonly transport: Transport
      readonly prefix?: string
    },
  ) {
    this.name = topic.name
    this.#topic = topic
    this.#codec = codec
    this.#prepare = medium.prepare
    this.#kafka = medium.kafka
    this.#transport = medium.transport
    this.#prefix = medium.prefix ?? ''
  }

  static async open<T>(
    topic: Topic<T>,
    codec: Codec<T>,
    connection: Connection,
    prepare: RecordCodecs['prepare'],
    command: string,
  ): Promise<TableTopic<T>> {
    const settings = { ...clientSettings(connection, command), giveUpMs: 15_000 }
    const transport = await kafkaTransport({
      ...settings,
      topicConfigs: new Map([[topic.name, topicConfigs(topic)]]),
    })
    return new TableTopic(topic, codec, { prepare, kafka: await kafkaTopics(settings), transport })
  }

  /**
   * Every record in order, `null` for a key that is taken back; a topic that is not there holds nothing. What cannot be decoded is
   * handed to `refused` and stands for nothing.
   */
  async each(
    take: (key: string, value: T | null) => void,
    refused: (key: string) => void = () => {},
  ): Promise<void> {
    const never = new AbortController().signal
    try {
      const read = this.#kafka.read(
        `${this.#prefix}${this.name}`,
        { from: 'beginning', untilEnd: true },
        never,
      )
      for await (const batches of read) {
        await this.#prepare(batches)
        for (const { records } of batches) {
          for (const { key, value } of records) {
            if (value === null) take(key, null)
            else {
              const decoded = this.#decode(value)
              take(key, decoded)
              if (decoded === null) refused(key)
            }
          }
        }
      }
    } catch (error) {
      if (!(error instanceof WeirError) || error.code !== 'TOPO_TOPIC_ABSENT') throw error
    }
  }

  /** The last values, by key. */
  async read(refused?: (key: string) => void): Promise<Map<string, T>> {
    const values = new Map<string, T>()
    await this.each((key, value) => {
      if (value === null) values.delete(key)
      else values.set(key, value)
    }, refused)
    return values
  }

  /** In this order; `null` takes a key back. Resolves when the brokers have all of it; the topic is made if need be. */
  async write(entries: Iterable<readonly [key: string, value: T | null]>): Promise<void> {
    await this.#transport.ensureTopics([
      { name: this.name, partitions: this.#topic.partitions, encode: null, keep: 'latest' },
    ])
    const producer = this.#transport.producer()
    const timestampMs = systemClock.nowMs()
    let portion: LogRecord[] = []
    for (const [key, value] of entries) {
      const bytes = value === null ? null : this.#codec.encode(value)
      portion.push({ key, value: bytes, timestampMs, streamTimeMs: Number.NaN })
      if (portion.length < PORTION) continue
      await producer.send(this.name, portion)
      portion = []
    }
    if (portion.length > 0) await producer.send(this.name, portion)
  }

  async close(): Promise<void> {
    await this.#kafka.close()
    await this.#transport.close()
  }

  #decode(value: unknown): T | null {
    try {
      return value instanceof Uint8Array ? this.#codec.decode(value) : null
    } catch {
      return null
    }
  }
}

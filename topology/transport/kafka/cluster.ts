import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { topologyError } from '../../errors.ts'
import type { Clock } from '../../kit/clock.ts'
import type { WeirError } from '../../kit/errors.ts'
import { unlessAborted } from '../../kit/unless-aborted.ts'
import type { API, SASLOptions } from './client.ts'
import { Connection, findCoordinatorV4, metadataV12 } from './client.ts'
import { Patience } from './patience.ts'
import { ask, BrokerError, brokerError, code } from './protocol.ts'
import { refusalOf } from './refusal.ts'

export type ClusterOptions = {
  /** `host:port` of some of the brokers. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly tls?: TlsOptions
  readonly sasl?: SASLOptions
  /** How long a request may go unanswered. */
  readonly requestTimeoutMs: number
  /** How long brokers may be away, or have no leader, before what needs them fails. */
  readonly giveUpMs: number
}

export type TopicInfo = {
  readonly name: string
  readonly id: string
  /** Broker that leads each partition; -1 while there is none. */
  readonly leaders: readonly number[]
  /** Brokers that are to hold each partition; the fewest of all. */
  readonly copies: number
}

/** A topic that was there and is not any more. */
export type GoneTopic = {
  readonly topic: string
  /** Since it was first missed. */
  readonly forMs: number
}

type Address = { readonly host: string; readonly port: number }

/**
 * Who the brokers are and how to reach them. A connection is used for one purpose: a broker answers the requests of a
 * connection one after another, and some of them (a fetch, joining a group) take their time.
 */
export class Cluster {
  readonly #options: ClusterOptions
  readonly #clock: Clock
  readonly #bootstrap: readonly Address[]
  /** As the last metadata named them, and coordinators found since. */
  readonly #brokers = new Map<number, Address>()
  /** Names of those that left the last question to any of them without an answer. */
  readonly #silent = new Set<string>()
  /** How many questions were asked of any of them. */
  #turn = 0
  readonly #topics = new Map<string, TopicInfo>()
  /** Since when topics that were known do not exist any more. */
  readonly #goneSince = new Map<string, number>()
  readonly #coordinators = new Map<string, number>()
  readonly #connections = new Map<string, Promise<Connection>>()
  readonly #stopped = new AbortController()
  /** What a broker said of a connection rather than of a request. */
  #refusal: WeirError | null = null

  constructor(options: ClusterOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#bootstrap = options.brokers.map(parseAddress)
  }

  get isClosed(): boolean {
    return this.#stopped.signal.aborted
  }

  /** As they were named. */
  get brokers(): readonly string[] {
    return this.#options.brokers
  }

  get giveUpMs(): number {
    return this.#options.giveUpMs
  }

  get brokerIds(): readonly number[] {
    return [...this.#brokers.keys()]
  }

  topic(name: string): TopicInfo | undefined {
    return this.#topics.get(name)
  }

  /** Of the topics that do not exist any more, the one that has been missed for longest. A broker that has just started may know less. */
  get gone(): GoneTopic | null {
    const [first] = this.#goneSince
    return first === undefined ? null : { topic: first[0], forMs: this.#clock.monotonicMs() - first[1] }
  }

  /** Asks for the topics anew. Those that do not exist are forgotten. */
  async refresh(names: readonly string[]): Promise<void> {
    let answer: Awaited<ReturnType<typeof metadataV12.api.async>>
    try {
      answer = await this.askAny('metadata', metadataV12.api, [...names], false, false)
    } catch (error) {
      // The answer for the topics that are well comes along with the error for those that are not.
      const failed = brokerError('metadata', error)
      if (!isMetadata(failed.response)) throw failed
      answer = failed.response
    }
    if (answer.brokers.length > 0) {
      // Those that are not named any more have gone.
      this.#brokers.clear()
      for (const { nodeId, host, port } of answer.brokers) this.#brokers.set(nodeId, { host, port })
    }
    for (const { name, topicId, errorCode, partitions } of answer.topics) {
      if (typeof name !== 'string') continue
      if (errorCode === code.unknownTopicOrPartition) {
        if (this.#topics.delete(name)) this.#goneSince.set(name, this.#clock.monotonicMs())
        continue
      }
      if (errorCode === code.topicNotAllowed)
        throw new BrokerError(`describe topic ${name}`, [errorCode], answer)
      if (errorCode !== 0) continue
      const leaders: number[] = new Array(partitions.length).fill(-1)
      let copies = Number.POSITIVE_INFINITY
      for (const { partitionIndex, leaderId, replicaNodes } of partitions) {
        leaders[partitionIndex] = leaderId
        copies = Math.min(copies, replicaNodes.length)
      }
      this.#goneSince.delete(name)
      this.#topics.set(name, { name, id: topicId, leaders, copies })
    }
  }

  /** Asks for the topics anew. Throws while one does not exist; `retrying` then asks again. A broker that has just started may know less. */
  async know(names: readonly string[]): Promise<void> {
    const distinct = [...new Set(names)]
    if (distinct.length > 0) await this.refresh(distinct)
    const absent = distinct.find((name) => !this.#topics.has(name))
    if (absent !== undefined)
      throw new BrokerError(`topic ${absent}`, [code.unknownTopicOrPartition], undefined)
  }

  /** Throws while the partition has no leader; `retrying` then asks again. */
  leaderOf(topic: string, partition: number): number {
    const leader = this.#topics.get(topic)?.leaders[partition] ?? -1
    if (leader < 0 || !this.#brokers.has(leader)) {
      throw new BrokerError(`leader of ${topic} ${partition}`, [code.leaderNotAvailable], undefined)
    }
    return leader
  }

  /** A connection for this purpose alone, made when first needed and again when it has broken. */
  async connection(purpose: string, broker: number, timeoutMs?: number): Promise<Connection> {
    const address = this.#brokers.get(broker)
    if (address === undefined) throw new BrokerError(`broker ${broker}`, [code.leaderNotAvailable], undefined)
    return this.#connect(`${purpose} ${broker}`, address, timeoutMs)
  }

  /** Ends the connections of purposes that nobody has any more. What is under way over them fails. */
  async release(purposes: readonly string[]): Promise<void> {
    const over = [...this.#connections].filter(([name]) => purposes.includes(name.replace(/ \d+$/, '')))
    for (const [name] of over) this.#connections.delete(name)
    await Promise.all(over.map(([, connection]) => connection.then(end, () => {})))
  }

  /** One request to a broker, over the connection of this purpose. */
  async call<A extends unknown[], R>(
    purpose: string,
    broker: number,
    what: string,
    api: API<A, R>,
    ...args: A
  ): Promise<R> {
    return ask(await this.connection(purpose, broker), what, api, ...args)
  }

  /**
   * One request to whichever broker answers it. One that does not is asked last from then on: the others may be well, and know by
   * whom it was replaced.
   */
  async askAny<A extends unknown[], R>(what: string, api: API<A, R>, ...args: A): Promise<R> {
    const known = [...this.#brokers].map(([id, address]) => ({ name: String(id), address }))
    // In turn, as one that has lost touch with the others may answer, and not know better.
    known.push(...known.splice(0, this.#turn++ % Math.max(1, known.length)))
    const named = this.#bootstrap.map((address) => ({ name: `${address.host}:${address.port}`, address }))
    const asked = [...known, ...named].sort(
      (a, b) => Number(this.#silent.has(a.name)) - Number(this.#silent.has(b.name)),
    )
    let failure: BrokerError | null = null
    for (const { name, address } of asked) {
      try {
        const answer = await ask(await this.#connect(`ask ${name}`, address), what, api, ...args)
        this.#silent.delete(name)
        return answer
      } catch (error) {
        if (this.isClosed) throw topologyError.TRANSPORT_CLOSED()
        const failed = brokerError(what, error)
        if (failed.codes.length > 0) throw failed
        this.#silent.add(name)
        failure ??= failed
      }
    }
    throw failure ?? new BrokerError(what, [code.leaderNotAvailable], undefined)
  }

  /** The broker that keeps a group or a transactional id; asked for once and remembered until it says that it does not. */
  async coordinator(kind: 'group' | 'transaction', key: string): Promise<number> {
    const name = `${kind} ${key}`
    const known = this.#coordinators.get(name)
    if (known !== undefined && this.#brokers.has(known)) return known
    const isGroup = kind === 'group'
    const answer = await this.askAny('find coordinator', findCoordinatorV4.api, isGroup ? 0 : 1, [key])
    const [found] = answer.coordinators
    if (found === undefined || found.nodeId < 0) {
      throw new BrokerError('find coordinator', [code.coordinatorNotAvailable], answer)
    }
    this.#brokers.set(found.nodeId, { host: found.host, port: found.port })
    this.#coordinators.set(name, found.nodeId)
    return found.nodeId
  }

  forgetCoordinator(kind: 'group' | 'transaction', key: string): void {
    this.#coordinators.delete(`${kind} ${key}`)
  }

  /**
   * Does the work again, after a growing pause, as long as it fails in a way that may pass and there is time. `refresh` asks
   * anew for whatever may have moved. Once `signal` aborts, nobody waits for the work any more.
   */
  async retrying<T>(
    work: () => Promise<T>,
    refresh: (error: BrokerError) => Promise<void> | void = () => {},
    firstPauseMs = 20,
    signal?: AbortSignal,
  ): Promise<T> {
    const untilMs = this.#clock.monotonicMs() + this.#options.giveUpMs
    let failure: BrokerError
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      if (this.isClosed) throw topologyError.TRANSPORT_CLOSED()
      signal?.throwIfAborted()
      try {
        return await unlessAborted(work(), signal)
      } catch (error) {
        signal?.throwIfAborted()
        if (this.isClosed) throw topologyError.TRANSPORT_CLOSED()
        if (!(error instanceof BrokerError)) throw error
        if (!error.isPassing) throw error.refusal ?? error
        if (this.#refusal !== null) throw this.#refusal
        if (this.#clock.monotonicMs() >= untilMs) {
          throw this.#away(error)
        }
        failure = error
      }
      await this.pause(pauseMs, signal)
      // What could not be asked anew now is asked anew after the next attempt.
      await unlessAborted(Promise.resolve(refresh(failure)), signal).catch(() => {})
    }
  }

  /** For whoever asks again by itself. */
  patience(): Patience {
    return new Patience(this.#clock, this.#options.giveUpMs, (cause) => this.#away(cause))
  }

  /** What is said of brokers, or of a topic, that have been away for too long. */
  #away(cause: unknown): Error {
    const { brokers, giveUpMs } = this.#options
    const seconds = Math.round(giveUpMs / 1_000)
    const isAnswered = cause instanceof BrokerError && cause.codes.length > 0
    if (isAnswered && this.gone !== null)
      return topologyError.TOPIC_GONE({ topic: this.gone.topic, seconds }, cause)
    return topologyError.BROKERS_AWAY({ brokers: brokers.join(','), seconds }, cause)
  }

  /** Sleeps, but not beyond the closing of the cluster, or `signal`. */
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    const { signal: stopped } = this.#stopped
    const until = signal === undefined ? stopped : AbortSignal.any([stopped, signal])
    await this.#clock.sleep(ms, until).catch(() => {})
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    const connections = [...this.#connections.values()]
    this.#connections.clear()
    await Promise.all(connections.map((each) => each.then(end, () => {})))
  }

  async #connect(name: string, { host, port }: Address, timeoutMs?: number): Promise<Connection> {
    if (this.isClosed) throw topologyError.TRANSPORT_CLOSED()
    const known = this.#connections.get(name)
    if (known !== undefined) {
      const connection = await known
      // A log-in that is about to expire is renewed on the way; what is under way waits for it.
      if (connection.status === 'reauthenticating') await connection.ready().catch(() => {})
      if (connection.isConnected()) return connection
      forget(connection)
      if (this.#connections.get(name) === known) this.#connections.delete(name)
    }
    const other = this.#connections.get(name)
    if (other !== undefined) return other
    // Whoever waits for the same connection must hear the same error.
    const opening = this.#open(host, port, timeoutMs ?? this.#options.requestTimeoutMs).catch((error) => {
      if (this.#connections.get(name) === opening) this.#connections.delete(name)
      throw brokerError(`connect to ${host}:${port}`, error)
    })
    this.#connections.set(name, opening)
    return opening
  }

  async #open(host: string, port: number, requestTimeout: number): Promise<Connection> {
    const { clientId, tls, sasl } = this.#options
    const connection = new Connection(clientId, {
      connectTimeout: Math.min(5_000, requestTimeout),
      requestTimeout,
      // Requests wait for the answers of others at the broker anyway.
      maxInflights: 64,
      ...(tls === undefined ? {} : { tls }),
      ...(sasl === undefined ? {} : { sasl: withRefusals(sasl) }),
    })
    // With TLS 1.3 a broker refuses our certificate after the connection stands: requests only hear that it was closed. And
    // without a listener an error that belongs to no request would end the process.
    connection.on('error', (error) => {
      this.#refusal ??= refusalOf(`connect to ${host}:${port}`, [], error)
    })
    connection.on('close', () => forget(connection))
    await connection.connect(host, port)
    return connection
  }
}

function end(connection: Connection): void {
  forget(connection)
  // A polite end would wait for the answer to a fetch that waits for records.
  connection.socket.destroy()
}

/** Its timer for the next log-in would keep the process alive, and log in on a connection that is gone. */
function forget(connection: Connection): void {
  void connection.close().catch(() => {})
}

/**
 * A broker that refuses a token says so in an answer that is otherwise fine (RFC 7628, section 3.2.2); the library would take
 * any answer for a welcome.
 */
function withRefusals(sasl: SASLOptions): SASLOptions {
  if (sasl.mechanism !== 'OAUTHBEARER') return sasl
  return {
    ...sasl,
    authBytesValidator: (bytes, callback) => {
      if (bytes.length === 0) callback(null, bytes)
      else callback(new Error(`SASL authentication failed: ${bytes.toString('utf8').slice(0, 200)}`))
    },
  }
}

function parseAddress(text: string): Address {
  const parts = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text)
  const host = parts?.[1] ?? parts?.[2]
  if (host === undefined) throw topologyError.BAD_BROKER({ broker: text })
  return { host, port: Number(parts?.[3]) }
}

function isMetadata(response: unknown): response is Awaited<ReturnType<typeof metadataV12.api.async>> {
  return typeof response === 'object' && response !== null && 'topics' in response && 'brokers' in response
}

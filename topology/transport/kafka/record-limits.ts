import type { LogRecord } from '../transport.ts'
import { describeConfigsV4 } from './client.ts'
import type { Cluster } from './cluster.ts'
import { brokerError } from './protocol.ts'

/** `message.max.bytes` as brokers come. */
const usual = 1_048_588
/** Nothing worth sending fits into less. */
const least = 1_000

/**
 * The greatest batch each topic takes, as its broker says. Where it may not be asked: as was learned from refusals, and before
 * the first as such topics are created.
 */
export class RecordLimits {
  readonly #cluster: Cluster
  readonly #known = new Map<string, number>()
  readonly #guessed = new Map<string, number>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Bytes of a batch with its head. */
  of(topic: string): number {
    return this.#known.get(topic) ?? this.#guessed.get(topic) ?? usual
  }

  /** What a topic is created with, as long as nothing better is known. */
  expect(topic: string, bytes: number): void {
    if (!this.#guessed.has(topic)) this.#guessed.set(topic, bytes)
  }

  /** Asks anew. Without the right to ask, or an answer, what is known stays as it is. */
  async refresh(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    const asked = topics.map((resourceName) => ({
      resourceType: 2 as const,
      resourceName,
      configurationKeys: ['max.message.bytes'],
    }))
    const what = 'describe configs'
    const answer = await this.#cluster
      .askAny(what, describeConfigsV4.api, asked, false, false)
      // With the right to ask about some of them: the answer for these comes along with the error for the others.
      .catch((error: unknown) => brokerError(what, error).response)
    if (!isAnswer(answer)) return
    for (const { resourceName, configs } of answer.results) {
      const bytes = Number(configs.find(({ name }) => name === 'max.message.bytes')?.value)
      if (Number.isInteger(bytes) && bytes > 0) this.#known.set(resourceName, bytes)
    }
  }

  /** After a refusal for size, with the bytes that each topic refused. Whether it may go better now. */
  async learn(refused: ReadonlyMap<string, number>): Promise<boolean> {
    const before = new Map([...refused.keys()].map((topic) => [topic, this.of(topic)]))
    await this.refresh([...refused.keys()])
    for (const [topic, bytes] of refused) {
      if (this.#known.has(topic)) continue
      this.#guessed.set(topic, Math.max(least, Math.floor(Math.min(this.of(topic), bytes) / 2)))
    }
    return [...before].some(([topic, bytes]) => this.of(topic) < bytes)
  }
}

function isAnswer(response: unknown): response is Awaited<ReturnType<typeof describeConfigsV4.api.async>> {
  return typeof response === 'object' && response !== null && 'results' in response
}

/** Bytes of a batch that holds this record alone; never less than it will have. */
export function batchBytesOf({ key, keyBytes, headers }: LogRecord, value: Uint8Array | null): number {
  // The head has 61 bytes, the lengths and times of a record at most 40, its clock 40.
  let bytes = 160 + (keyBytes?.length ?? Buffer.byteLength(key)) + (value === null ? 0 : value.length)
  for (const [name, of] of headers ?? []) bytes += Buffer.byteLength(name) + of.length + 10
  return bytes
}

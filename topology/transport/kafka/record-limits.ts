import type { LogRecord } from '../transport.ts'
import type { Cluster } from './cluster.ts'
import { describeConfigsV4 } from './protocol.ts'

/** `message.max.bytes` as brokers come. */
const usual = 1_048_588
/** Nothing worth sending fits into less. */
const least = 1_000

/** The greatest batch each topic takes, as its broker says; where it may not be asked, as was learned from refusals. */
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

  /** Asks anew. Without the right to ask, or an answer, what is known stays as it is. */
  async refresh(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    const asked = topics.map((resourceName) => ({
      resourceType: 2 as const,
      resourceName,
      configurationKeys: ['max.message.bytes'],
    }))
    try {
      const what = 'describe configs'
      const { results } = await this.#cluster.askAny(what, describeConfigsV4.api, asked, false, false)
      for (const { resourceName, configs } of results) {
        const bytes = Number(configs.find(({ name }) => name === 'max.message.bytes')?.value)
        if (Number.isInteger(bytes) && bytes > 0) this.#known.set(resourceName, bytes)
      }
    } catch {
      // Refusals will tell.
    }
  }

  /** After a refusal for size. Whether it may go better now. */
  async learn(topics: readonly string[]): Promise<boolean> {
    const before = topics.map((topic) => this.of(topic))
    await this.refresh(topics)
    for (const topic of topics) {
      if (!this.#known.has(topic)) this.#guessed.set(topic, Math.max(least, this.of(topic) / 2))
    }
    return topics.some((topic, at) => this.of(topic) < (before[at] ?? 0))
  }
}

/** Bytes of a batch that holds this record alone; never less than it will have. */
export function batchBytesOf({ key, headers }: LogRecord, value: Uint8Array | null): number {
  // The head has 61 bytes, the lengths and times of a record at most 40, its clock 40.
  let bytes = 160 + Buffer.byteLength(key) + (value === null ? 0 : value.length)
  for (const [name, of] of headers ?? []) bytes += Buffer.byteLength(name) + of.length + 10
  return bytes
}

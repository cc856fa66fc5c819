import { type Codec, topics } from '@weir/schemas'
import type { Batch, KafkaTopics, LogRecord, ReadOptions } from '@weir/topology/transport'
import { defaultApplication, topicOf } from './application.ts'
import type { RecordCodecs } from './record-codecs.ts'
import { alertForm, deadLetterForm, evidenceForm, type Form, flowForm, suppressedForm } from './tail-lines.ts'

export const tailed = ['flows', 'evidence', 'alerts', 'suppressed', 'dead-letters'] as const
export type Tailed = (typeof tailed)[number]

export type TailOptions = ReadOptions & {
  readonly json: boolean
  /** Whose evidence, alerts and dead letters. */
  readonly application?: string
  /** Prefix of the topic's name: for tests that share brokers. */
  readonly prefix?: string
}

export type TailOutput = {
  line(text: string): void
  /** A record that is none: where it lies and what is wrong with it. */
  undecodable(place: string, why: string): void
}

/** Committed records of a topic as lines, in the order of each partition, until its end or until the signal aborts. */
export async function tail(
  what: Tailed,
  kafka: Pick<KafkaTopics, 'read'>,
  codecs: RecordCodecs,
  options: TailOptions,
  output: TailOutput,
  signal: AbortSignal,
): Promise<void> {
  const { topic, lineOf } = source(what, codecs, options)
  const name = `${options.prefix ?? ''}${topic}`
  for await (const batches of kafka.read(name, options, signal)) {
    await codecs.prepare(batches)
    for (const batch of batches) {
      for (const [at, record] of [...batch.records].entries()) {
        // The deletion of a key in a compacted topic.
        if (record.value === null) continue
        if (signal.aborted) return
        try {
          output.line(lineOf(record))
        } catch (error) {
          const place = `${name} partition ${batch.partition} offset ${offsetAt(batch, at)}`
          output.undecodable(place, error instanceof Error ? error.message : String(error))
        }
      }
    }
  }
}

function source(what: Tailed, codecs: RecordCodecs, { json, application = defaultApplication }: TailOptions) {
  const own = (topic: { readonly name: string }) => topicOf(application, topic)
  const decoded = <T>(topic: string, codec: Codec<T>, form: Form<T>) => ({
    topic,
    lineOf: ({ value }: LogRecord) => {
      if (!(value instanceof Uint8Array)) throw new TypeError('the value is not bytes')
      const decodedValue = codec.decode(value)
      return json ? form.json(decodedValue) : form.text(decodedValue)
    },
  })
  if (what === 'flows') return decoded(topics.flows.name, codecs.flows, flowForm)
  if (what === 'evidence') return decoded(own(topics.evidence), codecs.evidence, evidenceForm)
  if (what === 'alerts') return decoded(own(topics.alerts), codecs.alerts, alertForm)
  if (what === 'suppressed') return decoded(own(topics.suppressed), codecs.suppressed, suppressedForm)
  const { json: asJson, text } = deadLetterForm
  return { topic: own(topics.deadLetters), lineOf: json ? asJson : text }
}

function offsetAt({ offsets, firstOffset }: Batch, at: number): number {
  return offsets === null ? firstOffset + at : (offsets[at] ?? firstOffset)
}

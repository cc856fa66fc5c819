import {
  type Alert,
  type AllowRule,
  alertCodec,
  allowRuleCodec,
  type Codec,
  type Evidence,
  evidenceCodec,
  type FlowRecord,
  FramedCodec,
  flowCodec,
  type Indicator,
  indicatorCodec,
  type Suppressed,
  suppressedCodec,
  topics,
  unframedCodec,
} from '@weir/schemas'
import type { Batch } from '@weir/topology/transport'
import { defaultApplication, endingOf, topicOf } from './application.ts'
import type { Connection } from './connection.ts'
import type { Lesson } from './schema-lessons.ts'

/** How records become the values of topics and back. */
export type RecordCodecs = {
  readonly flows: Codec<FlowRecord>
  readonly evidence: Codec<Evidence>
  readonly alerts: Codec<Alert>
  readonly suppressed: Codec<Suppressed>
  readonly intel: Codec<Indicator>
  readonly allowlist: Codec<AllowRule>
  /**
   * Learns what has to be known to decode these batches, which is then done synchronously; `null` when there is nothing to wait for.
   * Waits while the registry is away, and rejects with `CONSOLE_REGISTRY_FAILED` in the end. Called again meanwhile it does not ask
   * twice. Where too many ids are unknown to the registry, values of some more stay undecodable without being asked for.
   */
  readonly prepare: (batches: readonly Batch[]) => Promise<void> | null
}

/** Bare Avro of the present schemas: what there is without a registry. */
export const plainCodecs: RecordCodecs = {
  flows: unframedCodec(flowCodec),
  evidence: unframedCodec(evidenceCodec),
  alerts: unframedCodec(alertCodec),
  suppressed: unframedCodec(suppressedCodec),
  intel: unframedCodec(indicatorCodec),
  allowlist: unframedCodec(allowRuleCodec),
  prepare: () => null,
}

/** At the start a wrong address shall not take long to be noticed; later on, waiting loses nothing. */
const [giveUpAtStartMs, giveUpMs] = [15_000, 300_000]

/**
 * Codecs for a connection: with its registry's ids in front of values, if it has one. Who writes registers the present schemas
 * under `<topic>-value`; who only reads needs no right to. Rejects with `CONSOLE_REGISTRY_FAILED` when the registry has not answered for
 * 15 seconds.
 */
export async function openCodecs(
  { registry }: Pick<Connection, 'registry'>,
  use: 'read' | 'write',
  application = defaultApplication,
): Promise<RecordCodecs> {
  if (registry === null) return plainCodecs
  // Most commands, and most connections, never need it.
  const { SchemaRegistry } = await import('./schema-registry.ts')
  const { SchemaLessons } = await import('./schema-lessons.ts')
  const atStart = new SchemaRegistry(registry, giveUpAtStartMs)
  if (use === 'read') await atStart.reach()
  const framed = async <T>(topic: string, codec: Codec<T>): Promise<FramedCodec<T>> => {
    const id = use === 'read' ? null : await atStart.register(`${topic}-value`, codec.schema)
    return new FramedCodec(codec, id)
  }
  const flows = await framed(topics.flows.name, flowCodec)
  const evidence = await framed(topicOf(application, topics.evidence), evidenceCodec)
  const alerts = await framed(topicOf(application, topics.alerts), alertCodec)
  const suppressed = await framed(topicOf(application, topics.suppressed), suppressedCodec)
  const intel = await framed(topics.intel.name, indicatorCodec)
  const allowlist = await framed(topics.allowlist.name, allowRuleCodec)
  const lessons = new SchemaLessons(new SchemaRegistry(registry, giveUpMs))
  return {
    flows,
    evidence,
    alerts,
    suppressed,
    intel,
    allowlist,
    prepare: (batches) => {
      return lessons.learn([
        ...unknownIds(flows, batches, (topic) => !isOfItsOwn(topic)),
        ...unknownIds(evidence, batches, (topic) => topic.endsWith(endingOf(topics.evidence))),
        ...unknownIds(alerts, batches, (topic) => topic.endsWith(endingOf(topics.alerts))),
        ...unknownIds(suppressed, batches, (topic) => topic.endsWith(endingOf(topics.suppressed))),
        ...unknownIds(intel, batches, (topic) => topic.endsWith(topics.intel.name)),
        ...unknownIds(allowlist, batches, (topic) => topic.endsWith(topics.allowlist.name)),
      ])
    },
  }
}

/** All else carries flows: the topic of flows, and those that take them to the task of another key. */
function isOfItsOwn(topic: string): boolean {
  const { evidence, alerts, suppressed, intel, allowlist } = topics
  return [evidence, alerts, suppressed, intel, allowlist].some((each) => topic.endsWith(endingOf(each)))
}

function unknownIds<T>(
  codec: FramedCodec<T>,
  batches: readonly Batch[],
  isOf: (topic: string) => boolean,
): readonly Lesson[] {
  const ids = new Map<number, number>()
  for (const { topic, records } of batches) {
    if (!isOf(topic)) continue
    for (const { value } of records) {
      if (!(value instanceof Uint8Array)) continue
      const id = codec.unknownId(value)
      if (id !== null) ids.set(id, (ids.get(id) ?? 0) + 1)
    }
  }
  return [...ids].map(([id, count]) => ({ id, codec, records: count }))
}

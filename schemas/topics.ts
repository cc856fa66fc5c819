import { alertJsonCodec } from './alert-json.ts'
import type { CanonicalAlert } from './canonical.ts'
import { alertCodec, bytesCodec, type Codec, evidenceCodec, flowCodec } from './codec.ts'
import type { Alert, Evidence, FlowRecord } from './records.ts'

/** What two programs must agree on to meet on a topic. */
export type Topic<T> = {
  readonly name: string
  readonly holds: string
  /** How the key is made, as text for people; `keyOf` makes it. */
  readonly key: string
  readonly keyOf: (value: T) => string
  readonly value: Codec<T>
  /** The codec's name in `index.ts`. */
  readonly valueName: string
  /** For a new topic. Programs that join topics by key rely on all but the dead letters having the same number. */
  readonly partitions: number
  readonly retentionMs: number
  readonly cleanupPolicy: 'delete' | 'compact,delete'
  /** How long every record is kept before older ones of the same key may go; 0 where nothing is compacted. */
  readonly minCompactionLagMs: number
}

const dayMs = 24 * 60 * 60 * 1000
const partitions = 8

/**
 * All a detector usually needs of a host lies in one partition: flows are keyed by the address that opened them, evidence
 * and alerts by the host they charge. A site is part of every key, since two sites may both have a 192.168.1.5.
 */
export const topics: {
  readonly flows: Topic<FlowRecord>
  readonly evidence: Topic<Evidence>
  readonly alerts: Topic<Alert>
  readonly alertsJson: Topic<CanonicalAlert>
  readonly deadLetters: Topic<Uint8Array>
} = {
  flows: {
    name: 'weir.flows.v1',
    holds: 'Normalised records of every kind.',
    key: 'site|srcIp',
    keyOf: (flow) => `${flow.site}|${flow.srcIp}`,
    value: flowCodec,
    valueName: 'flowCodec',
    partitions,
    retentionMs: 7 * dayMs,
    cleanupPolicy: 'delete',
    minCompactionLagMs: 0,
  },
  evidence: {
    name: 'weir.evidence.v1',
    holds: 'Findings. The same id again replaces the finding.',
    key: 'site|profile',
    keyOf: (evidence) => `${evidence.site}|${evidence.profile}`,
    value: evidenceCodec,
    valueName: 'evidenceCodec',
    partitions,
    retentionMs: 90 * dayMs,
    cleanupPolicy: 'delete',
    minCompactionLagMs: 0,
  },
  alerts: {
    name: 'weir.alerts.v1',
    holds: 'Alerts, one record for each revision. The greatest revision of an id is the alert.',
    key: 'site|profile',
    keyOf: (alert) => `${alert.site}|${alert.profile}`,
    value: alertCodec,
    valueName: 'alertCodec',
    partitions,
    retentionMs: 365 * dayMs,
    cleanupPolicy: 'compact,delete',
    // The key is the host and not the alert, so that a host's alerts stay in order. Compaction would leave only the last
    // of them: it may not begin before the others are of no use to anyone who still reads the topic.
    minCompactionLagMs: 90 * dayMs,
  },
  alertsJson: {
    name: 'weir.alerts-json.v1',
    holds: 'The same alerts as lines of JSON, for readers without Avro; written in the same transaction.',
    key: 'site|profile',
    keyOf: (alert) => `${alert.site}|${alert.profile}`,
    value: alertJsonCodec,
    valueName: 'alertJsonCodec',
    partitions,
    retentionMs: 365 * dayMs,
    cleanupPolicy: 'compact,delete',
    minCompactionLagMs: 90 * dayMs,
  },
  deadLetters: {
    name: 'weir.dead-letters.v1',
    holds: 'What was set aside, byte for byte as it came, with where it was and why in its headers.',
    key: "the record's own",
    keyOf: () => '',
    value: bytesCodec,
    valueName: 'bytesCodec',
    partitions: 1,
    retentionMs: 30 * dayMs,
    cleanupPolicy: 'delete',
    minCompactionLagMs: 0,
  },
}

/** The topic's settings by the names that Kafka gives them. */
export function topicConfigs<T>(topic: Topic<T>): Readonly<Record<string, string>> {
  const { cleanupPolicy, retentionMs, minCompactionLagMs } = topic
  return {
    'cleanup.policy': cleanupPolicy,
    'retention.ms': String(retentionMs),
    ...(minCompactionLagMs === 0 ? {} : { 'min.compaction.lag.ms': String(minCompactionLagMs) }),
  }
}

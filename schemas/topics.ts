import { alertJsonCodec } from './alert-json.ts'
import type { CanonicalAlert } from './canonical.ts'
import {
  alertCodec,
  allowRuleCodec,
  bytesCodec,
  type Codec,
  evidenceCodec,
  flowCodec,
  indicatorCodec,
  suppressedCodec,
} from './codec.ts'
import type { Alert, AllowRule, Evidence, FlowRecord, Indicator, Suppressed } from './records.ts'

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
  /**
   * For a new topic. Programs that join topics by key rely on all of them having the same number but the dead letters and the tables,
   * which every process reads whole and in one order.
   */
  readonly partitions: number
  /** Infinite where only a later record of the same key takes a record's place. */
  readonly retentionMs: number
  readonly cleanupPolicy: 'delete' | 'compact,delete' | 'compact'
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
  readonly suppressed: Topic<Suppressed>
  readonly intel: Topic<Indicator>
  readonly allowlist: Topic<AllowRule>
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
  suppressed: {
    name: 'weir.suppressed.v1',
    holds: 'Evidence that a rule of the allowlist kept from being said; written in the same transaction.',
    key: 'site|profile',
    keyOf: ({ evidence }) => `${evidence.site}|${evidence.profile}`,
    value: suppressedCodec,
    valueName: 'suppressedCodec',
    partitions,
    retentionMs: 90 * dayMs,
    cleanupPolicy: 'delete',
    minCompactionLagMs: 0,
  },
  intel: {
    name: 'weir.intel.v1',
    holds: 'What feeds list, a table: the last word of a feed on a value counts, an empty one takes it back.',
    key: 'feed|kind|value',
    keyOf: ({ feed, kind, value }) => `${feed}|${kind}|${value}`,
    value: indicatorCodec,
    valueName: 'indicatorCodec',
    partitions: 1,
    retentionMs: Number.POSITIVE_INFINITY,
    cleanupPolicy: 'compact',
    minCompactionLagMs: 0,
  },
  allowlist: {
    name: 'weir.allowlist.v1',
    holds: 'What is not to be looked at or not to be said, a table: an empty value takes a rule back.',
    key: 'type,value,direction,ignore',
    keyOf: ({ type, value, direction, ignore }) => `${type},${value},${direction},${ignore}`,
    value: allowRuleCodec,
    valueName: 'allowRuleCodec',
    partitions: 1,
    retentionMs: Number.POSITIVE_INFINITY,
    cleanupPolicy: 'compact',
    minCompactionLagMs: 0,
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
    'retention.ms': String(Number.isFinite(retentionMs) ? retentionMs : -1),
    ...(minCompactionLagMs === 0 ? {} : { 'min.compaction.lag.ms': String(minCompactionLagMs) }),
  }
}

/** Records of the topics as lines: for programs as JSON, for people in a few words made safe to print. */
import {
  type Alert,
  alertLine,
  type Evidence,
  evidenceLine,
  type FlowRecord,
  formatIsoTime,
  type Suppressed,
  suppressedLine,
} from '@weir/schemas'
import { deadLetterHeaders } from '@weir/topology'
import type { LogRecord } from '@weir/topology/transport'
import { printable } from '../report/printable.ts'

export type Form<T> = {
  /** Without a line break. Evidence and alerts in their canonical form. */
  json(value: T): string
  text(value: T): string
}

export const flowForm: Form<FlowRecord> = {
  json: (flow) => JSON.stringify(flow),
  text: (flow) => {
    const { tsMs, kind, srcIp, srcPort, dstIp, dstPort, proto, site } = flow
    const to = dstIp === '' ? '' : ` → ${end(dstIp, dstPort)}`
    return words([formatIsoTime(tsMs), kind, `${end(srcIp, srcPort)}${to}`, proto, `site ${site}`])
  },
}

export const evidenceForm: Form<Evidence> = {
  json: evidenceLine,
  text: ({ tsMs, level, confidence, type, profile, description }) =>
    words([formatIsoTime(tsMs), level, confidence.toFixed(2), type, profile, description]),
}

export const alertForm: Form<Alert> = {
  json: alertLine,
  text: ({ tsMs, level, status, revision, profile, weight, threshold, evidence, description }) =>
    words([
      formatIsoTime(tsMs),
      level,
      status,
      profile,
      `weight ${weight.toFixed(2)} of ${threshold.toFixed(2)}`,
      `revision ${revision}`,
      `${evidence.length} findings`,
      description,
    ]),
}

/** What would have been said, and the rule of the allowlist that kept it back. */
export const suppressedForm: Form<Suppressed> = {
  json: suppressedLine,
  text: ({ rule, evidence }) => words([evidenceForm.text(evidence), `held back by ${rule}`]),
}

/** Where the record was and why it was set aside, with its own key, time and bytes. */
export const deadLetterForm: Form<LogRecord> = {
  json: (record) => JSON.stringify({ ...placeOf(record), key: record.key, value: base64(record.value) }),
  text: (record) => {
    const { ts, topic, partition, offset, failed = '', step = '', reason } = placeOf(record)
    const size = record.value instanceof Uint8Array ? record.value.length : 0
    const place = offset < 0 ? `${topic} ${partition}` : `${topic} ${partition}@${offset}`
    const who = failed === '' ? '' : `${failed} in ${step}`
    return words([ts, place, `${size} bytes`, `key ${record.key}`, who, reason])
  },
}

function placeOf({ timestampMs, headers = [] }: LogRecord) {
  const decoder = new TextDecoder()
  // Headers of the record itself follow ours, whatever their names.
  const text = (name: string) => {
    const found = headers.find(([known]) => known === name)
    return found === undefined ? '' : decoder.decode(found[1])
  }
  const failed = text(deadLetterHeaders.by)
  return {
    ts: formatIsoTime(timestampMs),
    topic: text(deadLetterHeaders.topic),
    partition: Number(text(deadLetterHeaders.partition)),
    offset: Number(text(deadLetterHeaders.offset)),
    ...(failed === '' ? {} : { failed, step: text(deadLetterHeaders.step) }),
    reason: text(deadLetterHeaders.reason),
  }
}

function base64(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : ''
}

function end(ip: string, port: number | null): string {
  if (port === null) return ip
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

function words(parts: readonly string[]): string {
  return printable(parts.filter((part) => part !== '').join('  '))
}

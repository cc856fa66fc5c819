import type { Header, LogRecord } from '../transport/transport.ts'

/**
 * `UNDECODABLE`: not what its topic holds. `TOO_LARGE`: more bytes than a record is looked at with. `OUTPUT_TOO_LARGE`: a result
 * its topic does not take. `FAILED`: something named in the letter threw at it, and everything else has processed it.
 * `DUE_FAILED`: something named in the letter threw at what was due for its key at its time, a timer or the end of a window;
 * there is no record.
 */
export type DeadLetterCode = 'UNDECODABLE' | 'TOO_LARGE' | 'OUTPUT_TOO_LARGE' | 'FAILED' | 'DUE_FAILED'

/** A record that was set aside: with all that is needed to find it and to send it again. */
export type DeadLetter = {
  /** Where it was read; of an output, where it was to go; of something due, where the records of its key come from. */
  readonly topic: string
  readonly partition: number
  /** -1: an output or something due, which never had one. */
  readonly offset: number
  readonly code: DeadLetterCode
  readonly reason: string
  /** Who failed at it; `null` where nobody in particular did. */
  readonly by: string | null
  /** The step that failed, where one did. */
  readonly step: string | null
  /** Its value is bytes or `null`. */
  readonly record: LogRecord
}

/** The headers of a dead letter, all UTF-8 text. Those the record came with follow them. */
export const deadLetterHeaders = {
  topic: 'weir-topic',
  partition: 'weir-partition',
  offset: 'weir-offset',
  code: 'weir-error-code',
  reason: 'weir-error',
  /** Absent where nobody in particular failed. */
  by: 'weir-failed',
  step: 'weir-step',
  /** Only where bytes are missing: how many there were of the value, of the key and of the record's own headers. */
  cut: 'weir-cut',
} as const

/** Reasons come from errors, whose text may hold what they failed at. */
const maxReason = 1_000
const maxKey = 1_000

const encoder = new TextEncoder()

/** The same with bytes of its own: those it came with may be a small part of an answer of megabytes, which would stay with it. */
export function ownLetter(letter: DeadLetter): DeadLetter {
  const { value, keyBytes, headers } = letter.record
  const record = {
    ...letter.record,
    value: value instanceof Uint8Array ? new Uint8Array(value) : value,
    ...(keyBytes === undefined ? {} : { keyBytes: new Uint8Array(keyBytes) }),
    ...(headers === undefined
      ? {}
      : { headers: headers.map(([name, bytes]): Header => [name, new Uint8Array(bytes)]) }),
  }
  return { ...letter, record }
}

/** What it takes in memory, roughly: its bytes, and as much again for the objects around a small one. */
export function letterBytes({ record: { key, value, headers = [] } }: DeadLetter): number {
  return overhead + key.length + (value instanceof Uint8Array ? value.length : 0) + sizeOf(headers)
}

/** The raw bytes as they came; where they were and what is wrong with them is in the headers. */
export function toRecord(letter: DeadLetter): LogRecord {
  const { topic, partition, offset, code, reason, by, step, record } = letter
  const { value } = record
  const names = deadLetterHeaders
  // Whoever looks at letters wants a moment, also of a record that has none.
  const timestampMs = Number.isFinite(record.timestampMs) ? record.timestampMs : 0
  return {
    key: record.key,
    ...(record.keyBytes === undefined ? {} : { keyBytes: record.keyBytes }),
    value: value instanceof Uint8Array ? value : new Uint8Array(),
    timestampMs,
    streamTimeMs: Number.isFinite(record.streamTimeMs) ? record.streamTimeMs : timestampMs,
    headers: [
      header(names.topic, topic),
      header(names.partition, partition),
      header(names.offset, offset),
      header(names.code, code),
      header(names.reason, reason.slice(0, maxReason)),
      ...(by === null ? [] : [header(names.by, by)]),
      ...(step === null ? [] : [header(names.step, step)]),
      ...(record.headers ?? []),
    ],
  }
}

/**
 * A dead letter with as much of its bytes as fit into `bytes`, and a header that says what is missing. The beginning of the value
 * is kept; an overlong key is cut, and the record's own headers go before the value does.
 */
export function cutLetter(letter: LogRecord, bytes: number): LogRecord {
  const value = letter.value instanceof Uint8Array ? letter.value : new Uint8Array()
  const own = new Set<string>(Object.values(deadLetterHeaders))
  const theirs = (letter.headers ?? []).filter(([name]) => !own.has(name))
  const keySize = letter.keyBytes?.length ?? Buffer.byteLength(letter.key)
  const was = `value ${value.length}, key ${keySize}, headers ${sizeOf(theirs)}`
  const headers = [
    ...(letter.headers ?? []).filter(([name]) => own.has(name) && name !== deadLetterHeaders.cut),
    header(deadLetterHeaders.cut, was),
  ]
  const key = letter.key.slice(0, maxKey)
  const keyBytes = letter.keyBytes?.subarray(0, maxKey)
  const room = Math.max(0, bytes - sizeOf(headers) - (keyBytes?.length ?? Buffer.byteLength(key)) - overhead)
  const cut = { ...letter, key, headers, value: value.subarray(0, room) }
  return keyBytes === undefined ? cut : { ...cut, keyBytes }
}

/** Lengths, times and the head of a batch. */
const overhead = 256

function sizeOf(headers: readonly Header[]): number {
  return headers.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + value.length + 10, 0)
}

function header(name: string, value: string | number): Header {
  return [name, encoder.encode(String(value))]
}

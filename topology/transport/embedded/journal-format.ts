/**
 * Keys of the journal's one database. Names never hold a zero byte; numbers are big-endian, so that keys sort by them.
 *
 *     t <topic>                                  JSON: partitions
 *     o <group> 0 <topic> 0 <partition:4>        decimal: next offset; then a blank and a note, if there is one
 *     r <topic> 0 <partition:4> <offset:8>       records from this offset on, see below
 *     s <store> 0 <partition:4> <key>            value
 *     x <name>                                   text
 *
 * Records lie together, as many as were appended at once up to a limit: an entry each would cost ten times as much. Their
 * number:4 comes first, then each of them:
 *
 *     timestamp:8 streamTime:8                   doubles
 *     key length:4  key                          UTF-8
 *     value length:4  value                      length -1: no value
 *     headers:2  (name length:4 name value length:4 value)*
 */
import type { Header, LogRecord } from '../transport.ts'

const separator = Buffer.from([0])

export function topicKey(topic: string): Buffer {
  return Buffer.from(`t${topic}`)
}

export function textKey(name: string): Buffer {
  return Buffer.from(`x${name}`)
}

export function offsetKey(group: string, topic: string, partition: number): Buffer {
  return Buffer.concat([Buffer.from(`o${group}\u0000${topic}`), separator, number4(partition)])
}

export function parseOffsetKey(key: Uint8Array): { group: string; topic: string; partition: number } {
  const bytes = Buffer.from(key)
  const [group = '', topic = ''] = bytes.toString('utf8', 1, bytes.length - 5).split('\u0000')
  return { group, topic, partition: bytes.readUInt32BE(bytes.length - 4) }
}

export function recordPrefix(topic: string, partition: number): Buffer {
  return Buffer.concat([Buffer.from(`r${topic}`), separator, number4(partition)])
}

export function recordKey(prefix: Uint8Array, offset: number): Buffer {
  const key = Buffer.alloc(prefix.length + 8)
  key.set(prefix)
  key.writeBigUInt64BE(BigInt(offset), prefix.length)
  return key
}

export function parseRecordOffset(key: Uint8Array): number {
  const bytes = Buffer.from(key)
  return Number(bytes.readBigUInt64BE(bytes.length - 8))
}

export function encodeRecords(records: readonly LogRecord[]): Buffer {
  let length = 4
  for (const record of records) length += lengthOf(record)
  const out = Buffer.allocUnsafe(length)
  let at = out.writeUInt32BE(records.length, 0)
  for (const record of records) at = writeRecord(out, at, record)
  return out
}

export function countRecords(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
}

/** Values are copies: the bytes given may be reused. */
export function decodeRecords(bytes: Uint8Array): LogRecord[] {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 4
  const take = (): Buffer | null => {
    const length = from.readInt32BE(at)
    at += 4
    if (length < 0) return null
    at += length
    return from.subarray(at - length, at)
  }
  const records: LogRecord[] = []
  for (let left = from.readUInt32BE(0); left > 0; left -= 1) {
    const timestampMs = from.readDoubleBE(at)
    const streamTimeMs = from.readDoubleBE(at + 8)
    at += 16
    const key = take()?.toString('utf8') ?? ''
    const bytesOfValue = take()
    const value = bytesOfValue === null ? null : new Uint8Array(bytesOfValue)
    const count = from.readUInt16BE(at)
    at += 2
    const headers: Header[] = []
    for (let i = 0; i < count; i += 1) {
      headers.push([take()?.toString('utf8') ?? '', new Uint8Array(take() ?? [])])
    }
    const record = { key, value, timestampMs, streamTimeMs }
    records.push(count === 0 ? record : { ...record, headers })
  }
  return records
}

function lengthOf(record: LogRecord): number {
  const value = record.value instanceof Uint8Array ? record.value.length : 0
  let length = 16 + 4 + Buffer.byteLength(record.key) + 4 + value + 2
  for (const [name, bytes] of record.headers ?? []) length += 8 + Buffer.byteLength(name) + bytes.length
  return length
}

function writeRecord(out: Buffer, start: number, record: LogRecord): number {
  let at = out.writeDoubleBE(record.timestampMs, start)
  at = out.writeDoubleBE(record.streamTimeMs, at)
  at = writeText(out, at, record.key)
  at = record.value instanceof Uint8Array ? writeBytes(out, at, record.value) : out.writeInt32BE(-1, at)
  const headers = record.headers ?? []
  at = out.writeUInt16BE(headers.length, at)
  for (const [name, bytes] of headers) {
    at = writeText(out, at, name)
    at = writeBytes(out, at, bytes)
  }
  return at
}

function number4(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function writeText(out: Buffer, at: number, text: string): number {
  const length = out.write(text, at + 4)
  out.writeInt32BE(length, at)
  return at + 4 + length
}

function writeBytes(out: Buffer, at: number, bytes: Uint8Array): number {
  const start = out.writeInt32BE(bytes.length, at)
  out.set(bytes, start)
  return start + bytes.length
}

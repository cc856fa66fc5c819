/**
 * Record batches, magic 2 (Kafka protocol guide, «Record Batch»), in the order of the bytes:
 *
 *     0 baseOffset int64        23 lastOffsetDelta int32     51 producerEpoch int16
 *     8 batchLength int32       27 baseTimestamp int64       53 baseSequence int32
 *    12 leaderEpoch int32       35 maxTimestamp int64        57 record count int32
 *    16 magic int8              43 producerId int64          61 records, compressed as a whole
 *    17 crc uint32, CRC-32C of everything behind it
 *    21 attributes int16: bits 0-2 compression, 3 log append time, 4 transactional, 5 control
 *
 * A record: length, attributes int8, timestampDelta, offsetDelta, key length and key, value length and value, header count,
 * then name and value of each header with their lengths. All lengths and deltas are varints; -1 stands for null.
 *
 * Kafka's own timestamp is when a record was sent, as brokers go by it: they delete what is old by it, refuse what is ahead of their
 * clock, and forget by it the producers whose batches they would know again after a crash. Event time and the clock a record
 * carries are doubles in the header `weir-time`, stream time first; behind them, where it is not Kafka's own, when the input was sent
 * that the record came of. A record without it, of somebody else's, has Kafka's timestamp as its event time.
 */
import { isUtf8 } from 'node:buffer'
import type { Header, LogRecord, RecordSequence } from '../transport.ts'
import { compressionsAlgorithms, compressionsAlgorithmsByBitmask, crc32c } from './client.ts'
import { VarintReader, varintSize, writeVarint } from './varint.ts'

export type Compression = 'none' | 'lz4' | 'snappy' | 'gzip' | 'zstd'

const headSize = 61
const timeHeader = Buffer.from('weir-time')
const utf8 = new TextEncoder()

const scratchBytes = 4_096
/** As much is kept for what comes: some batches as large as they are made. */
const keptScratchBytes = 2 * 1024 * 1024

/** Room for batches that is used again: memory outside of the heap that is only dropped waits for the collector to look at all that has grown old. */
export class ScratchPool {
  readonly #free: Scratch[] = []
  #freeBytes = 0

  take(): Scratch {
    const scratch = this.#free.pop()
    if (scratch === undefined) return new Scratch()
    this.#freeBytes -= scratch.bytes.length
    return scratch
  }

  giveBack(scratch: Scratch): void {
    if (this.#freeBytes + scratch.bytes.length > keptScratchBytes) return
    this.#free.push(scratch)
    this.#freeBytes += scratch.bytes.length
  }
}

/** Where one batch is built. */
export class Scratch {
  bytes = Buffer.allocUnsafeSlow(scratchBytes)

  /** Room for `size` bytes, of which the first `used` stay what they are. */
  reserve(size: number, used: number): Buffer {
    if (size <= this.bytes.length) return this.bytes
    const bytes = Buffer.allocUnsafeSlow(Math.max(size, this.bytes.length * 2))
    this.bytes.copy(bytes, 0, 0, used)
    this.bytes = bytes
    return bytes
  }
}

/** Records of one partition on their way out. */
export class BatchBuilder {
  count = 0
  readonly #scratch: Scratch
  readonly #sentMs: number
  #at = headSize

  /** `sentMs` becomes the timestamp of every record, whole epoch milliseconds. Nobody else uses `scratch` as long as the batch is needed. */
  constructor(sentMs: number, scratch = new Scratch()) {
    this.#scratch = scratch
    this.#sentMs = sentMs
  }

  /** Bytes so far, before compression. */
  get size(): number {
    return this.#at
  }

  add(record: LogRecord, value: Uint8Array | null): void {
    const { key, keyBytes, timestampMs, streamTimeMs, headers, producedMs } = record
    const shortSize = timestampMs !== this.#sentMs ? 16 : Number.isNaN(streamTimeMs) ? 0 : 8
    const timeSize = producedMs === undefined ? shortSize : 24
    const keySize = keyBytes?.length ?? Buffer.byteLength(key)
    const valueSize = value === null ? -1 : value.length
    const ownHeaders = headers === undefined ? 0 : headers.length
    let size = 2 + varintSize(this.count) + varintSize(keySize) + keySize
    size += varintSize(valueSize) + (value === null ? 0 : value.length)
    size += varintSize(ownHeaders + (timeSize === 0 ? 0 : 1))
    if (timeSize > 0) size += 2 + timeHeader.length + timeSize
    const names = ownHeaders === 0 ? null : (headers ?? []).map(([name]) => utf8.encode(name))
    if (names !== null && headers !== undefined) {
      for (const [at, [, of]] of headers.entries()) {
        const name = names[at]?.length ?? 0
        size += varintSize(name) + name + varintSize(of.length) + of.length
      }
    }
    const bytes = this.#scratch.reserve(this.#at + size + 5, this.#at)
    let at = writeVarint(bytes, this.#at, size)
    bytes[at++] = 0
    bytes[at++] = 0
    at = writeVarint(bytes, at, this.count)
    at = writeVarint(bytes, at, keySize)
    if (keyBytes === undefined) bytes.write(key, at)
    else bytes.set(keyBytes, at)
    at += keySize
    at = writeVarint(bytes, at, valueSize)
    if (value !== null) {
      bytes.set(value, at)
      at += value.length
    }
    at = writeVarint(bytes, at, ownHeaders + (timeSize === 0 ? 0 : 1))
    if (timeSize > 0) {
      at = writeVarint(bytes, at, timeHeader.length)
      bytes.set(timeHeader, at)
      at = writeVarint(bytes, at + timeHeader.length, timeSize)
      at = bytes.writeDoubleBE(streamTimeMs, at)
      if (timeSize >= 16) at = bytes.writeDoubleBE(timestampMs, at)
      if (timeSize === 24) at = bytes.writeDoubleBE(producedMs ?? this.#sentMs, at)
    }
    if (names !== null && headers !== undefined) {
      for (const [index, [, of]] of headers.entries()) {
        const name = names[index] ?? timeHeader
        at = writeVarint(bytes, at, name.length)
        bytes.set(name, at)
        at = writeVarint(bytes, at + name.length, of.length)
        bytes.set(of, at)
        at += of.length
      }
    }
    this.#at = at
    this.count += 1
  }

  /**
   * The batch as it goes over the wire: uncompressed, the bytes of its scratch. Sent again, it must be these very bytes: the broker knows it by
   * its sequence.
   */
  finish(
    producer: { readonly id: bigint; readonly epoch: number; readonly transactional: boolean },
    sequence: number,
    compression: Compression,
  ): Buffer {
    let attributes = producer.transactional ? 0x10 : 0
    let bytes: Buffer = this.#scratch.bytes.subarray(0, this.#at)
    if (compression !== 'none') {
      const { bitmask, compressSync } = compressionsAlgorithms[compression]
      const body = compressSync(bytes.subarray(headSize))
      attributes |= bitmask
      bytes = Buffer.allocUnsafe(headSize + body.length)
      bytes.set(body, headSize)
    }
    bytes.writeBigInt64BE(0n, 0)
    bytes.writeInt32BE(bytes.length - 12, 8)
    bytes.writeInt32BE(-1, 12)
    bytes[16] = 2
    bytes.writeInt16BE(attributes, 21)
    bytes.writeInt32BE(this.count - 1, 23)
    bytes.writeBigInt64BE(BigInt(this.#sentMs), 27)
    bytes.writeBigInt64BE(BigInt(this.#sentMs), 35)
    bytes.writeBigInt64BE(producer.id, 43)
    bytes.writeInt16BE(producer.epoch, 51)
    bytes.writeInt32BE(sequence, 53)
    bytes.writeInt32BE(this.count, 57)
    bytes.writeUInt32BE(crc32c(bytes.subarray(21)) >>> 0, 17)
    return bytes
  }
}

/** One batch as it lies in a fetched answer, its records not looked at yet. */
export type BatchView = {
  readonly bytes: Buffer
  readonly firstOffset: number
  readonly nextOffset: number
  readonly producerId: bigint
  readonly transactional: boolean
  /** Begins or ends a transaction; has no records for anyone. */
  readonly control: boolean
}

/** All whole batches; a broker may cut the last one short. Throws when the bytes are not what their checksum says. */
export function viewBatches(bytes: Buffer): BatchView[] {
  const views: BatchView[] = []
  for (let at = 0; at + 17 <= bytes.length; ) {
    const size = bytes.readInt32BE(at + 8) + 12
    if (size < headSize) throw new RangeError(`a record batch of ${size} bytes`)
    if (at + size > bytes.length) break
    const batch = bytes.subarray(at, at + size)
    at += size
    if (batch[16] !== 2) throw new RangeError(`record batches of format ${batch[16]} are not read`)
    if (crc32c(batch.subarray(21)) >>> 0 !== batch.readUInt32BE(17)) {
      throw new RangeError('the checksum of a record batch is wrong')
    }
    const attributes = batch.readInt16BE(21)
    const firstOffset = Number(batch.readBigInt64BE(0))
    views.push({
      bytes: batch,
      firstOffset,
      nextOffset: firstOffset + batch.readInt32BE(23) + 1,
      producerId: batch.readBigInt64BE(43),
      transactional: (attributes & 0x10) !== 0,
      control: (attributes & 0x20) !== 0,
    })
  }
  return views
}

/**
 * Whether the control batch says that its producer's transaction was aborted: key is int16 version, int16 type, 0 for abort. Of a
 * marker whose transaction has been compacted away the log cleaner leaves a batch without records, which says nothing.
 */
export function isAbortMarker(view: BatchView): boolean {
  if (recordCountOf(view) === 0) return false
  const reader = new VarintReader(view.bytes, headSize)
  reader.next()
  reader.at += 1
  reader.next()
  reader.next()
  return reader.next() >= 4 && view.bytes.readInt16BE(reader.at + 2) === 0
}

function recordCountOf({ bytes }: BatchView): number {
  return bytes.readInt32BE(57)
}

/**
 * The records from `from` on, and the offset of each; `null` for the offsets when they follow each other. A record is made each time it is asked
 * for: some hundred bytes each, those of a whole fetch would otherwise live long enough to cost the collector more than they cost to make.
 */
export function readRecords(
  view: BatchView,
  from: number,
): { readonly records: RecordSequence; readonly offsets: number[] | null } {
  const { bytes, firstOffset } = view
  const attributes = bytes.readInt16BE(21)
  const baseMs = Number(bytes.readBigInt64BE(27))
  const appendMs = (attributes & 0x08) === 0 ? null : Number(bytes.readBigInt64BE(35))
  const count = recordCountOf(view)
  if (count === 0) return { records: [], offsets: null }
  const algorithm = compressionsAlgorithmsByBitmask[attributes & 0x07]
  if (algorithm === undefined) throw new RangeError(`unknown compression ${attributes & 0x07}`)
  const body = (attributes & 0x07) === 0 ? bytes : algorithm.decompressSync(bytes.subarray(headSize))
  const reader = new VarintReader(body, body === bytes ? headSize : 0)
  const starts = new Int32Array(count)
  let length = 0
  let offsets: number[] | null = null
  let expected = -1
  for (let left = count; left > 0; left -= 1) {
    const size = reader.next()
    const start = reader.at
    const end = start + size
    if (!(size > 0 && end <= body.length))
      throw new RangeError(`a record of ${size} bytes does not end in its batch`)
    reader.at += 1
    reader.next()
    const offset = firstOffset + reader.next()
    reader.at = end
    if (offset < from) continue
    if (expected === -1) {
      // What is missing in front, compaction has taken: only with their offsets do positions stay right.
      if (offset > Math.max(from, firstOffset)) offsets = []
    } else if (offset !== expected && offsets === null) {
      const before = expected - length
      offsets = Array.from({ length }, (_, at) => before + at)
    }
    expected = offset + 1
    starts[length] = start
    length += 1
    if (offsets !== null) offsets.push(offset)
  }
  return { records: new BatchRecords(body, starts.subarray(0, length), baseMs, appendMs), offsets }
}

class BatchRecords implements RecordSequence {
  readonly #reader: VarintReader
  /** Behind the length of each. */
  readonly #starts: Int32Array
  readonly bytes: number
  readonly #baseMs: number
  readonly #appendMs: number | null

  constructor(body: Buffer, starts: Int32Array, baseMs: number, appendMs: number | null) {
    this.#reader = new VarintReader(body, 0)
    this.#starts = starts
    this.bytes = body.length + starts.byteLength
    this.#baseMs = baseMs
    this.#appendMs = appendMs
  }

  get length(): number {
    return this.#starts.length
  }

  at(index: number): LogRecord | undefined {
    const start = this.#starts[index]
    if (start === undefined) return undefined
    const reader = this.#reader
    reader.at = start + 1
    const sentMs = this.#baseMs + reader.next()
    reader.next()
    return readRecord(reader, this.#appendMs ?? sentMs)
  }

  *[Symbol.iterator](): Generator<LogRecord> {
    for (let index = 0; index < this.length; index += 1) {
      const record = this.at(index)
      if (record !== undefined) yield record
    }
  }
}

function readRecord(reader: VarintReader, wireMs: number): LogRecord {
  const { bytes } = reader
  const keySize = reader.next()
  const keyAt = reader.at
  const key = keySize <= 0 ? '' : bytes.utf8Slice(keyAt, keyAt + keySize)
  if (keySize > 0) reader.at += keySize
  const keyBytes = key.includes('\ufffd') ? bytesOfKey(bytes.subarray(keyAt, keyAt + keySize)) : null
  const valueSize = reader.next()
  const value = valueSize < 0 ? null : new Uint8Array(bytes.buffer, bytes.byteOffset + reader.at, valueSize)
  if (valueSize > 0) reader.at += valueSize
  let timestampMs = wireMs
  let producedMs = wireMs
  let streamTimeMs = Number.NaN
  let headers: Header[] | null = null
  for (let left = reader.next(); left > 0; left -= 1) {
    const nameSize = reader.next()
    const nameAt = reader.at
    reader.at += nameSize
    const size = reader.next()
    const at = reader.at
    if (size > 0) reader.at += size
    if (nameSize === timeHeader.length && size >= 8 && isTimeHeader(bytes, nameAt)) {
      streamTimeMs = bytes.readDoubleBE(at)
      if (size >= 16) timestampMs = bytes.readDoubleBE(at + 8)
      if (size >= 24) producedMs = bytes.readDoubleBE(at + 16)
      continue
    }
    headers ??= []
    headers.push([
      bytes.utf8Slice(nameAt, nameAt + nameSize),
      new Uint8Array(bytes.buffer, bytes.byteOffset + at, Math.max(0, size)),
    ])
  }
  if (keyBytes !== null)
    return { key, keyBytes, value, timestampMs, streamTimeMs, headers: headers ?? [], producedMs }
  if (headers === null) return { key, value, timestampMs, streamTimeMs, producedMs }
  return { key, value, timestampMs, streamTimeMs, headers, producedMs }
}

/** `null` where the text says it all. */
function bytesOfKey(bytes: Buffer): Uint8Array | null {
  return isUtf8(bytes) ? null : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function isTimeHeader(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < timeHeader.length; i += 1) if (bytes[at + i] !== timeHeader[i]) return false
  return true
}

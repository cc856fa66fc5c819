/**
 * The second job of the yardstick: for each source, destination, port and protocol a letter a connection, at most 500, and its
 * last two times and sizes. The same logic and Avro state as the job `j2` there; the key of a record is its source host, that
 * of the state is the pair, as there.
 */
import { type OperatorSpec, type Plan, process, TopologyBuilder } from '@weir/topology'
import { Reader, Writer } from '../../../schemas/wire.ts'
import { type Conn, connCodec } from './conn.ts'

const maxLetters = 500
const rows = ['123456789', 'abcdefghi', 'ABCDEFGHI', 'rstuvwxyz', 'RSTUVWXYZ']
const hour = 3_600

export type PairLetters = {
  readonly before: number
  readonly last: number
  readonly bytesBefore: number
  readonly bytesLast: number
  readonly letters: string
}

export const emptyPair: PairLetters = { before: -1, last: -1, bytesBefore: 0, bytesLast: 0, letters: '' }

/** `null` for a connection that began before its forerunner. */
export function addToPair(pair: PairLetters, conn: Conn): PairLetters | null {
  const { ts } = conn
  if (pair.last >= 0 && ts < pair.last) return null
  const bytes = (conn.dstBytes ?? 0) + (conn.srcBytes ?? 0)
  const duration = conn.duration ?? 0
  let row = 0
  let gap = -1
  if (pair.before >= 0) {
    const before = pair.last - pair.before
    gap = ts - pair.last
    const ratio = before === 0 || gap === 0 ? 1 : gap >= before ? gap / before : before / gap
    row = ratio <= 1.05 ? 1 : ratio <= 1.3 ? 2 : ratio <= 5 ? 3 : 4
  }
  const size = bytes <= 250 ? 0 : bytes <= 1_100 ? 1 : 2
  const length = duration <= 0.1 ? 0 : duration <= 10 ? 1 : 2
  let letters = pair.letters
  for (let silent = gap; silent >= hour; silent -= hour) letters += '0'
  letters += rows[row]?.[3 * size + length] ?? ''
  if (gap > 0 && gap <= hour) letters += gap <= 5 ? '.' : gap <= 60 ? ',' : gap <= 300 ? '+' : '*'
  if (letters.length > maxLetters) letters = letters.slice(-maxLetters)
  return { before: pair.last, last: ts, bytesBefore: pair.bytesLast, bytesLast: bytes, letters }
}

const writer = new Writer()
const reader = new Reader()

export const pairCodec = {
  encode(pair: PairLetters): Uint8Array {
    writer.start()
    writer.double(pair.before)
    writer.double(pair.last)
    writer.long(pair.bytesBefore)
    writer.long(pair.bytesLast)
    writer.string(pair.letters)
    return writer.finish()
  },
  decode(bytes: Uint8Array): PairLetters {
    reader.start(bytes)
    const pair = {
      before: reader.double(),
      last: reader.double(),
      bytesBefore: reader.long(),
      bytesLast: reader.long(),
      letters: reader.string(),
    }
    reader.finish()
    return pair
  },
}

/** As many pairs as live objects between commits. */
const maxLivePairs = 50_000

/** Pairs live as objects until the commit, like the keys of `aggregate`; here one record key has many of them. */
const pairLetters: OperatorSpec<Conn, never> = process({
  stores: [{ name: 'letters', kind: 'key-value' }],
  create({ store, countLate }) {
    const stored = store('letters')
    const live = new Map<string, PairLetters>()
    const changed = new Set<string>()
    return {
      process({ key, value: conn }) {
        const pairKey = `${key}|${conn.dst}|${conn.dstPort}|${conn.proto}`
        let pair = live.get(pairKey)
        if (pair === undefined) {
          const bytes = stored.get(pairKey)
          pair = bytes === undefined ? emptyPair : pairCodec.decode(bytes)
        }
        const next = addToPair(pair, conn)
        if (next === null) countLate?.()
        else {
          live.set(pairKey, next)
          changed.add(pairKey)
        }
      },
      flush() {
        for (const key of changed) {
          const pair = live.get(key)
          if (pair !== undefined) stored.put(key, pairCodec.encode(pair))
        }
        changed.clear()
        if (live.size > maxLivePairs) live.clear()
      },
    }
  },
})

export function pairPlan(application: string, partitions: number): Plan {
  const builder = new TopologyBuilder(application)
  builder.stream({ name: 'conn-avro', codec: connCodec, partitions }).process('pair-letters', pairLetters)
  return builder.build({ partitions })
}

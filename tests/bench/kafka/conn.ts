/** A Zeek conn record as the yardstick carries it: the same fields, the same Avro bytes, so that both read one topic. */
import { Reader, Writer } from '../../../schemas/wire.ts'

export type Conn = {
  /** Seconds. */
  readonly ts: number
  readonly uid: string
  readonly src: string
  readonly srcPort: number
  readonly dst: string
  readonly dstPort: number
  readonly proto: string
  readonly service: string | null
  /** Seconds. */
  readonly duration: number | null
  readonly srcBytes: number | null
  readonly dstBytes: number | null
  readonly state: string | null
  readonly localSrc: boolean | null
  readonly localDst: boolean | null
  readonly missedBytes: number
  readonly history: string | null
  readonly srcPkts: number | null
  readonly srcIpBytes: number | null
  readonly dstPkts: number | null
  readonly dstIpBytes: number | null
}

/** In the order of the fields above; what may be absent is a union with null first. */
export const connCodec = {
  encode(conn: Conn): Uint8Array {
    writer.start()
    writer.double(conn.ts)
    writer.string(conn.uid)
    writer.string(conn.src)
    writer.int(conn.srcPort)
    writer.string(conn.dst)
    writer.int(conn.dstPort)
    writer.string(conn.proto)
    maybe(conn.service, text)
    maybe(conn.duration, double)
    maybe(conn.srcBytes, long)
    maybe(conn.dstBytes, long)
    maybe(conn.state, text)
    maybe(conn.localSrc, flag)
    maybe(conn.localDst, flag)
    writer.long(conn.missedBytes)
    maybe(conn.history, text)
    maybe(conn.srcPkts, long)
    maybe(conn.srcIpBytes, long)
    maybe(conn.dstPkts, long)
    maybe(conn.dstIpBytes, long)
    return writer.finish()
  },
  decode(bytes: Uint8Array): Conn {
    reader.start(bytes)
    const conn: Conn = {
      ts: reader.double(),
      uid: reader.string(),
      src: reader.string(),
      srcPort: reader.int(),
      dst: reader.string(),
      dstPort: reader.int(),
      proto: reader.string(),
      service: reader.present() ? reader.string() : null,
      duration: reader.present() ? reader.double() : null,
      srcBytes: reader.present() ? reader.long() : null,
      dstBytes: reader.present() ? reader.long() : null,
      state: reader.present() ? reader.string() : null,
      localSrc: reader.present() ? reader.boolean() : null,
      localDst: reader.present() ? reader.boolean() : null,
      missedBytes: reader.long(),
      history: reader.present() ? reader.string() : null,
      srcPkts: reader.present() ? reader.long() : null,
      srcIpBytes: reader.present() ? reader.long() : null,
      dstPkts: reader.present() ? reader.long() : null,
      dstIpBytes: reader.present() ? reader.long() : null,
    }
    reader.finish()
    return conn
  },
}

/** A line of `make-big-conn.mjs` (TSV): its columns by position; a dash is an absent value. */
export function parseConn(line: string): Conn {
  const columns = line.split('\t')
  const at = (index: number): string | null => {
    const text = columns[index]
    return text === undefined || text === '-' ? null : text
  }
  const number = (index: number): number | null => {
    const text = at(index)
    return text === null ? null : Number(text)
  }
  const boolean = (index: number): boolean | null => {
    const text = at(index)
    return text === null ? null : text === 'T'
  }
  return {
    ts: number(0) ?? Number.NaN,
    uid: at(1) ?? '',
    src: at(2) ?? '',
    srcPort: number(3) ?? 0,
    dst: at(4) ?? '',
    dstPort: number(5) ?? 0,
    proto: at(6) ?? '',
    service: at(7),
    duration: number(8),
    srcBytes: number(9),
    dstBytes: number(10),
    state: at(11),
    localSrc: boolean(12),
    localDst: boolean(13),
    missedBytes: number(14) ?? 0,
    history: at(15),
    srcPkts: number(16),
    srcIpBytes: number(17),
    dstPkts: number(18),
    dstIpBytes: number(19),
  }
}

const failed = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR'])

export function isEstablished({ state }: Conn): boolean {
  return state === null || !failed.has(state)
}

const writer = new Writer()
const reader = new Reader()

const text = (value: string) => writer.string(value)
const double = (value: number) => writer.double(value)
const long = (value: number) => writer.long(value)
const flag = (value: boolean) => writer.boolean(value)

function maybe<T>(value: T | null, write: (value: T) => void): void {
  writer.branch(value === null ? 0 : 1)
  if (value !== null) write(value)
}

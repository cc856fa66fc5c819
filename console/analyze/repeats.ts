import type { Conn, FlowRecord } from '@weir/schemas'

/** Records are merged by time: of two logs of one sensor the same connection comes next to itself, but for those of the same moment. */
const REACH = 8

/**
 * Counts connections that the inputs tell of more than once, word for word, as where a log lies beside its own copy. What detectors
 * count they then count twice. A hint and no proof: of very many at one moment some are missed.
 */
export class Repeats {
  count = 0
  readonly #recent: Conn[] = []
  #next = 0

  add(record: FlowRecord): void {
    if (record.kind !== 'conn') return
    for (const each of this.#recent) {
      if (each.tsMs !== record.tsMs || !isSame(each, record)) continue
      this.count += 1
      return
    }
    this.#recent[this.#next] = record
    this.#next = (this.#next + 1) % REACH
  }
}

/** Sensors tell of one connection several times while it lasts, and some of each direction by itself: these differ in what was carried. */
function isSame(one: Conn, other: Conn): boolean {
  return (
    one.uid === other.uid &&
    one.srcIp === other.srcIp &&
    one.dstIp === other.dstIp &&
    one.durationMs === other.durationMs &&
    one.srcBytes === other.srcBytes &&
    one.dstBytes === other.dstBytes &&
    one.srcPkts === other.srcPkts &&
    one.dstPkts === other.dstPkts
  )
}

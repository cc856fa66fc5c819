import type { FlowRecord } from '@weir/schemas'
import type { LogRecord } from '@weir/topology/transport'

/** Site and source host, one text for each host: a text that is looked up again keeps its hash. */
export class RecordKeys {
  static readonly #limit = 65_536
  readonly #site: string
  readonly #keys = new Map<string, string>()

  constructor(site: string) {
    this.#site = site
  }

  toLog(record: FlowRecord): LogRecord {
    let key = this.#keys.get(record.srcIp)
    if (key === undefined) {
      if (this.#keys.size >= RecordKeys.#limit) this.#keys.clear()
      key = `${this.#site}|${record.srcIp}`
      this.#keys.set(record.srcIp, key)
    }
    return { key, value: record, timestampMs: record.tsMs, streamTimeMs: record.observedMs }
  }
}

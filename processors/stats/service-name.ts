import type { FlowRecord } from '@weir/schemas'

/** Ports in use are few; emptied when full, so bounded. */
const CACHE_LIMIT = 8_192
const names = new Map<string, Map<number, string>>()
let cached = 0

/** `tcp/443`: one and the same text each time, so that its hash is known. */
export function serviceName(proto: string, port: number): string {
  let ofProto = names.get(proto)
  const known = ofProto?.get(port)
  if (known !== undefined) return known
  if (cached >= CACHE_LIMIT || ofProto === undefined) {
    if (cached >= CACHE_LIMIT) {
      names.clear()
      cached = 0
    }
    ofProto = new Map()
    names.set(proto, ofProto)
  }
  const name = `${proto}/${port}`
  ofProto.set(port, name)
  cached += 1
  return name
}

/** Joined, such a text is in one piece; what a `+` makes of three takes three objects besides for as long as it is kept. */
const parts = ['', ' of ', '']
let last: FlowRecord | null = null
let lastName = ''

/** `tcp/443 of 192.0.2.1`, made once for all detectors that ask of the same record. */
export function serviceAt(record: FlowRecord): string {
  if (record !== last) {
    last = record
    parts[0] = serviceName(record.proto, record.dstPort ?? 0)
    parts[2] = record.dstIp
    lastName = parts.join('')
  }
  return lastName
}

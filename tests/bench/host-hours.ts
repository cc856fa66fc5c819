/**
 * What a source host did in each hour, and how often a scan of it reached a next step: the other job of the yardstick, with sets
 * in a map for each host and hour.
 */
export type Connection = {
  readonly startMs: number
  readonly src: string
  readonly dst: string
  readonly dstPort: number
  readonly srcBytes: number
  readonly dstBytes: number
  readonly isAnswered: boolean
}

type HostHour = {
  connections: number
  srcBytes: number
  dstBytes: number
  readonly peers: Set<string>
  readonly hostsOfPort: Map<number, Set<string>>
  readonly portsOfHost: Map<string, number>
  pairs: number
}

const HOUR_MS = 3_600_000
const MAX_PEERS = 1_000
/** Unanswered pairs of host and port looked at in one hour. */
const MAX_PAIRS = 2_000
/** The first step of a scan; each next one is at this many more. */
const FIRST_STEP = 6
const STEP = 15

export class HostHours {
  readonly #hours = new Map<string, HostHour>()
  /** Steps that scans of one port, or of one host, reached. */
  steps = 0

  get size(): number {
    return this.#hours.size
  }

  add(connection: Connection): void {
    const { src, dst, dstPort } = connection
    const hour = this.#hour(`${src} ${Math.floor(connection.startMs / HOUR_MS)}`)
    hour.connections += 1
    hour.srcBytes += connection.srcBytes
    hour.dstBytes += connection.dstBytes
    if (hour.peers.size < MAX_PEERS) hour.peers.add(dst)
    if (connection.isAnswered || hour.pairs >= MAX_PAIRS) return

    let hosts = hour.hostsOfPort.get(dstPort)
    if (hosts === undefined) {
      hosts = new Set()
      hour.hostsOfPort.set(dstPort, hosts)
    }
    const before = hosts.size
    if (hosts.add(dst).size === before) return
    const ports = (hour.portsOfHost.get(dst) ?? 0) + 1
    hour.portsOfHost.set(dst, ports)
    hour.pairs += 1
    if (isStep(before + 1)) this.steps += 1
    if (isStep(ports)) this.steps += 1
  }

  #hour(key: string): HostHour {
    let hour = this.#hours.get(key)
    if (hour === undefined) {
      hour = {
        connections: 0,
        srcBytes: 0,
        dstBytes: 0,
        peers: new Set(),
        hostsOfPort: new Map(),
        portsOfHost: new Map(),
        pairs: 0,
      }
      this.#hours.set(key, hour)
    }
    return hour
  }
}

function isStep(count: number): boolean {
  return count >= FIRST_STEP && (count - FIRST_STEP) % STEP === 0
}

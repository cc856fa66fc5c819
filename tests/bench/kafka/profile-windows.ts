/**
 * The first job of the yardstick: what each source host did in each hour, and a line of text when a scan of it reaches a next
 * step. The same logic, bounds and Avro state as the job `j1` there; destinations are hashed as Java hashes text, a pair
 * is that hash and the port in one number.
 */
import { hours, type Plan, TopologyBuilder, tumbling } from '@weir/topology'
import { textCodec } from '@weir/topology/kit'
import { Reader, Writer } from '../../../schemas/wire.ts'
import { type Conn, connCodec, isEstablished } from './conn.ts'

const maxPorts = 1_000
const maxHosts = 1_000
const maxPairs = 2_000
const stateNames = 'S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH'.split(' ')
const stateNumbers = new Map(stateNames.map((name, at) => [name, at]))

export type ProfileWindow = {
  flows: number
  bytesIn: number
  bytesOut: number
  readonly ports: Set<number>
  readonly hosts: Set<number>
  readonly pairs: Set<number>
  readonly states: number[]
  /** How many pairs have the port, and the host; made from `pairs` when first asked for. */
  byPort: Map<number, number> | null
  byHost: Map<number, number> | null
  /** What the last connection caused; not stored. */
  alerts: readonly string[]
}

const none: readonly string[] = []

export function emptyProfile(): ProfileWindow {
  return {
    flows: 0,
    bytesIn: 0,
    bytesOut: 0,
    ports: new Set(),
    hosts: new Set(),
    pairs: new Set(),
    states: new Array<number>(stateNames.length).fill(0),
    byPort: null,
    byHost: null,
    alerts: none,
  }
}

export function addToProfile(profile: ProfileWindow, conn: Conn): ProfileWindow {
  profile.flows += 1
  profile.bytesIn += conn.dstBytes ?? 0
  profile.bytesOut += conn.srcBytes ?? 0
  profile.alerts = none
  const state = conn.state === null ? undefined : stateNumbers.get(conn.state)
  if (state !== undefined) profile.states[state] = (profile.states[state] ?? 0) + 1
  const host = hashCode(conn.dst)
  if (profile.ports.size < maxPorts) profile.ports.add(conn.dstPort)
  if (profile.hosts.size < maxHosts) profile.hosts.add(host)
  if (!isEstablished(conn) && profile.pairs.size < maxPairs) addPair(profile, conn, host)
  return profile
}

function addPair(profile: ProfileWindow, conn: Conn, host: number): void {
  const pair = host * 65_536 + conn.dstPort
  if (profile.pairs.has(pair)) return
  profile.byPort ??= countBy(profile.pairs, portOf)
  profile.byHost ??= countBy(profile.pairs, hostOf)
  profile.pairs.add(pair)
  const samePort = countUp(profile.byPort, conn.dstPort)
  const sameHost = countUp(profile.byHost, host)
  if (!isStep(samePort) && !isStep(sameHost)) return
  const alerts: string[] = []
  if (isStep(samePort)) alerts.push(`horizontal ${conn.src} port ${conn.dstPort}: ${samePort} hosts`)
  if (isStep(sameHost)) alerts.push(`vertical ${conn.src} to ${conn.dst}: ${sameHost} ports`)
  profile.alerts = alerts
}

const portOf = (pair: number) => pair - hostOf(pair) * 65_536
const hostOf = (pair: number) => Math.floor(pair / 65_536)

function countBy(pairs: Iterable<number>, of: (pair: number) => number): Map<number, number> {
  const counts = new Map<number, number>()
  for (const pair of pairs) countUp(counts, of(pair))
  return counts
}

function countUp(counts: Map<number, number>, key: number): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}

function isStep(count: number): boolean {
  return count >= 5 && (count - 5) % 15 === 0
}

/** As `String.hashCode` of Java. */
export function hashCode(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}

const writer = new Writer()
const reader = new Reader()

export const profileCodec = {
  encode(profile: ProfileWindow): Uint8Array {
    writer.start()
    writer.long(profile.flows)
    writer.long(profile.bytesIn)
    writer.long(profile.bytesOut)
    writeNumbers(profile.ports, profile.ports.size)
    writeNumbers(profile.hosts, profile.hosts.size)
    writeNumbers(profile.pairs, profile.pairs.size)
    writeNumbers(profile.states, profile.states.length)
    return writer.finish()
  },
  decode(bytes: Uint8Array): ProfileWindow {
    reader.start(bytes)
    const profile = {
      flows: reader.long(),
      bytesIn: reader.long(),
      bytesOut: reader.long(),
      ports: new Set(reader.list(readNumber)),
      hosts: new Set(reader.list(readNumber)),
      pairs: new Set(reader.list(readNumber)),
      states: reader.list(readNumber),
      byPort: null,
      byHost: null,
      alerts: none,
    }
    reader.finish()
    return profile
  },
}

const readNumber = (from: Reader) => from.long()

function writeNumbers(numbers: Iterable<number>, count: number): void {
  if (count > 0) {
    writer.long(count)
    for (const number of numbers) writer.long(number)
  }
  writer.long(0)
}

/** Windows of an hour, open for two more: what a retention of two hours in segments of one comes to in Kafka Streams. */
export function profilePlan(application: string, partitions: number): Plan {
  const builder = new TopologyBuilder(application)
  builder
    .stream({ name: 'conn-avro', codec: connCodec, partitions })
    .groupByKey()
    .windowedBy(tumbling(hours(1), { graceMs: hours(2) }))
    .aggregate('profiles', {
      init: emptyProfile,
      add: addToProfile,
      codec: profileCodec,
      // The next step takes the alerts at once: nobody keeps the state itself.
      emit: 'change',
    })
    .flatMapValues(({ value }) => value.alerts)
    .to({ name: 'out', codec: textCodec, partitions })
  return builder.build({ partitions })
}

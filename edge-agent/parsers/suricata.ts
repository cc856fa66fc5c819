import { canonicalAddress } from './address.ts'
import { DayClock } from './day-clock.ts'
import type { Draft, LineParser, Parsed, Parser, ParserOptions, Reject, Skip } from './parser.ts'
import { protocolName } from './protocol-name.ts'
import { type EveObject, isObject, objectAt, textAt, wholeAt } from './suricata-json.ts'
import { eveRecords } from './suricata-records.ts'
import { syntheticUid } from './synthetic-uid.ts'

/** Suricata's EVE JSON, one event a line (spec inputs.md section 12). */
export const suricataParser: Parser = {
  id: 'suricata',
  reads: 'Suricata EVE JSON',
  makes: ['conn', 'dns', 'http', 'tls', 'ssh', 'dhcp', 'ftp', 'smtp', 'file', 'arp', 'sensor-alert'],
  recognises,
  open: (options) => new EveLines(options),
}

const blank: Skip = { kind: 'skip', reason: 'blank' }
const otherEvent: Skip = { kind: 'skip', reason: 'event-other' }
const notIp: Skip = { kind: 'skip', reason: 'not-ip' }
const notJson: Reject = { kind: 'reject', reason: 'not-json' }
const noEventType: Reject = { kind: 'reject', reason: 'no-event-type' }
const badTime: Reject = { kind: 'reject', reason: 'bad-time' }
const badAddress: Reject = { kind: 'reject', reason: 'bad-address' }
const badPort: Reject = { kind: 'reject', reason: 'bad-port' }

/** Events that Suricata writes and Weir does not read. A table, so that no input makes reasons of its own. */
const unread = new Map<string, Skip>(
  [
    'stats',
    'netflow',
    'drop',
    'packet',
    'metadata',
    'frame',
    'engine',
    'ftp_data',
    'tftp',
    'smb',
    'nfs',
    'rdp',
    'rfb',
    'mqtt',
    'krb5',
    'ikev2',
    'ike',
    'snmp',
    'sip',
    'dnp3',
    'enip',
    'modbus',
    'http2',
    'doh2',
    'quic',
    'mdns',
    'ldap',
    'pgsql',
    'telnet',
    'websocket',
    'bittorrent_dht',
    'dcerpc',
    'pop3',
    'bootp',
  ].map((event) => [event, { kind: 'skip', reason: `event-${event.replaceAll('_', '-')}` }]),
)

class EveLines implements LineParser {
  readonly #site: string
  /** One each, since a flow is told of when it is over. */
  readonly #starts: DayClock
  readonly #ends: DayClock
  #sensor = ''

  constructor(options: ParserOptions) {
    this.#site = options.site
    this.#starts = new DayClock(options.timezoneMinutes)
    this.#ends = new DayClock(options.timezoneMinutes)
  }

  line(text: string, lineNumber: number): Parsed {
    if (text.trim() === '') return blank
    let event: unknown
    try {
      event = JSON.parse(text)
    } catch {
      return notJson
    }
    if (!isObject(event)) return notJson
    const type = event.event_type
    if (typeof type !== 'string') return noEventType
    const build = eveRecords.get(type)
    if (build === undefined) return unread.get(type) ?? otherEvent

    const time = type === 'flow' ? objectAt(event, 'flow').start : event.timestamp
    const tsMs = typeof time === 'string' ? this.#starts.parse(time) : null
    if (tsMs === null) return badTime

    // ARP and DHCP tell of addresses within; packets that Suricata cannot decode have none.
    const ends = type === 'arp' ? objectAt(event, 'arp') : event
    if (ends.src_ip === undefined && type === 'anomaly') return notIp
    const srcIp = canonicalAddress(textAt(ends, 'src_ip'))
    const dstIp = canonicalAddress(textAt(ends, 'dest_ip'))
    if (srcIp === null || dstIp === null) return badAddress

    const proto = type === 'arp' ? 'arp' : protocolName(textAt(event, 'proto'))
    let srcPort: number | null = null
    let dstPort: number | null = null
    if (proto !== 'icmp' && proto !== 'arp') {
      srcPort = wholeAt(event, 'src_port')
      dstPort = wholeAt(event, 'dest_port')
      const isBad =
        (srcPort === null && isGiven(event.src_port)) || (dstPort === null && isGiven(event.dest_port))
      if (isBad || (srcPort ?? 0) > 65_535 || (dstPort ?? 0) > 65_535) return badPort
    }

    const built = build(
      event,
      {
        site: this.#site,
        sensor: this.#sensorOf(event),
        source: 'suricata',
        uid: uidOf(event, text, lineNumber),
        srcIp,
        srcPort,
        dstIp,
        dstPort,
        proto,
      },
      tsMs,
      this.#ends,
    )
    if (!isList(built)) return built
    const only = built[0]
    return built.length === 1 && only !== undefined ? only : { kind: 'several', records: built }
  }

  /** One string for all the records of a sensor. */
  #sensorOf(event: EveObject): string {
    const host = textAt(event, 'host')
    if (host !== this.#sensor) this.#sensor = host
    return this.#sensor === '' ? 'suricata' : this.#sensor
  }
}

function isList(built: Draft | readonly Draft[]): built is readonly Draft[] {
  return Array.isArray(built)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/**
 * The flow id's own digits. They are as many as 64 bits hold, more than a JavaScript number keeps, so they come from the
 * text when the number is great.
 */
function uidOf(event: EveObject, text: string, lineNumber: number): string {
  const id = event.flow_id
  if (typeof id === 'number') {
    if (Number.isSafeInteger(id)) return String(id)
    // A key's opening quote is never escaped, so this cannot be found inside a value. It may be a nested key.
    for (let at = text.indexOf('"flow_id"'); at >= 0; at = text.indexOf('"flow_id"', at + 1)) {
      const digits = /^\s*:\s*(\d{1,20})(?!\d)/.exec(text.slice(at + 9, at + 50))?.[1]
      if (digits !== undefined && Number(digits) === id) return digits
    }
  }
  if (typeof id === 'string' && id !== '' && id.length <= 64) return id
  return syntheticUid(lineNumber, text)
}

function recognises(lines: readonly string[]): boolean {
  for (const line of lines) {
    if (line.startsWith('#') || line.trim() === '') continue
    if (!line.trimStart().startsWith('{')) return false
    try {
      const event: unknown = JSON.parse(line)
      return isObject(event) && typeof event.event_type === 'string' && event.timestamp !== undefined
    } catch {
      return false
    }
  }
  return false
}

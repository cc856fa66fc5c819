import type { Conn } from '@weir/schemas'

/** Ports below are for services (RFC 6335); a client's own port is above. */
const FIRST_CLIENT_PORT = 1_024
/**
 * Services asked by a question to a group (SSDP, WS-Discovery, NAT-PMP, multicast DNS, LLMNR): the answers come from hosts that nobody
 * called, so a sensor counts them as tries of their own.
 */
const discoveryPorts: ReadonlySet<number> = new Set([1_900, 3_702, 5_351, 5_353, 5_355])

/**
 * Services over UDP whose late answers a sensor counts as tries of their own: DNS, DHCP, TFTP, Kerberos, portmapper, time, NetBIOS, SNMP, LDAP, QUIC, IKE, syslog, RIP,
 * printing, DHCPv6. From any other port below 1024 nothing answers: who calls from there chose to.
 */
const answeringPorts: ReadonlySet<number> = new Set([
  53, 67, 68, 69, 88, 111, 123, 137, 138, 161, 162, 177, 389, 443, 464, 500, 514, 520, 521, 546, 547, 631,
])
const DNS_PORT = 53

/** Where the systems in use begin to take a client's own port from. */
const FIRST_EPHEMERAL_PORT = 32_768

/**
 * Whether the record reads like the way back of a connection whose beginning the sensor missed: late UDP answers,
 * one-way flow exports, captures that begin in the middle. A service then seems to call on many ports of its client. A
 * TCP history that begins with the source's SYN, or a state that tells of one, proves the opposite; over UDP, to be answered does.
 */
export function isAnswerLike(record: Conn): boolean {
  const beginsWithSyn = record.history.charCodeAt(0) === 83
  if (record.history.includes('^')) return true
  // Zeek saw no SYN: what it takes for a failure may have run for long.
  if (record.source === 'zeek' && record.proto === 'tcp' && record.history !== '' && !beginsWithSyn)
    return true
  const { srcPort, dstPort } = record
  if (srcPort === null || dstPort === null) return false
  if (srcPort === 0 || dstPort < FIRST_CLIENT_PORT) return false
  if (record.proto === 'udp') return isStrayAnswer(record, srcPort, dstPort)
  return srcPort < FIRST_CLIENT_PORT && (record.proto !== 'tcp' || !(beginsWithSyn || tellsOfSyn(record)))
}

/**
 * A client's own port is one that systems hand out. Those who ask for names take any, and so do translators of addresses, behind which flow exporters stand:
 * these tell of each way in a record of its own.
 */
function isStrayAnswer({ dstBytes, source }: Conn, srcPort: number, dstPort: number): boolean {
  if (dstBytes > 0) return false
  if (srcPort < FIRST_CLIENT_PORT ? !answeringPorts.has(srcPort) : !discoveryPorts.has(srcPort)) return false
  return (
    dstPort >= FIRST_EPHEMERAL_PORT ||
    srcPort === DNS_PORT ||
    discoveryPorts.has(dstPort) ||
    source === 'nfdump' ||
    source === 'argus'
  )
}

/**
 * Whether a record that reads like an answer is a datagram that no question was seen for, told of by a sensor that joins the two ways of a flow: such are few,
 * and many of them are no answers. Answers to groups' questions that go to a discovery port are as many as there are neighbours.
 */
export function isCountedStray({ proto, source, dstPort }: Conn): boolean {
  return proto === 'udp' && source !== 'nfdump' && source !== 'argus' && !discoveryPorts.has(dstPort ?? 0)
}

/** Whether a sensor other than Zeek shows that the source asked for the connection. */
function tellsOfSyn(record: Conn): boolean {
  switch (record.source) {
    case 'suricata':
      return suricataSawSyn(record)
    case 'argus':
      return argusSawSyn(record.state)
    case 'nfdump':
      return nfdumpSawSyn(record.state)
    default:
      return false
  }
}

/**
 * Suricata closes only what it saw open. What it calls new may be a straggler from a service to its client; nobody offers a service at the ports
 * that systems give to clients.
 */
function suricataSawSyn({ state, established, dstPkts, dstPort }: Conn): boolean {
  if (established !== false) return false
  return state === 'closed' || (state === 'new' && dstPkts === 0 && (dstPort ?? 0) < FIRST_EPHEMERAL_PORT)
}

/** Argus gives the flags of the source before the line; a SYN beside an ACK is an answer unless the other side sent a SYN as well. Else a word, or `s`. */
function argusSawSyn(state: string): boolean {
  const line = state.indexOf('_')
  if (line < 0) return state === 'REQ' || state.startsWith('s') || state.startsWith('S')
  const syn = state.indexOf('S')
  if (syn < 0 || syn > line) return false
  const ack = state.indexOf('A')
  return ack < 0 || ack > line || state.includes('S', line)
}

/** Flags of both ways may be in one: a SYN without an ACK went unanswered. */
function nfdumpSawSyn(state: string): boolean {
  return state.includes('S') && !state.includes('A')
}

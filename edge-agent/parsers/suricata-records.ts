import type { Arp, Conn, Dhcp, Dns, File, Ftp, Head, Http, SensorAlert, Smtp, Ssh, Tls } from '@weir/schemas'
import { canonicalAddress, canonicalMac } from './address.ts'
import type { DayClock } from './day-clock.ts'
import { noTcpFlags, suricataEstablished, type TcpFlags } from './established.ts'
import type { Draft } from './parser.ts'
import { dnsMessages } from './suricata-dns.ts'
import {
  booleanAt,
  counterAt,
  type EveObject,
  isObject,
  objectAt,
  textAt,
  textsAt,
  wholeAt,
} from './suricata-json.ts'
import { parseTime } from './time.ts'

/** The ends and origin that all kinds share, in the order of `Head`. */
export type EveCommon = {
  -readonly [K in Exclude<keyof Head, 'tsMs' | 'observedMs' | 'label' | 'labelDetail'>]: Head[K]
}

type Build = (event: EveObject, common: EveCommon, tsMs: number, clock: DayClock) => Draft | readonly Draft[]

/** How the events that Weir reads become records, by `event_type`. */
export const eveRecords = new Map<string, Build>([
  ['flow', connOf],
  ['dns', dnsOf],
  ['tls', tlsOf],
  ['http', httpOf],
  ['ssh', sshOf],
  ['fileinfo', fileOf],
  ['alert', alertOf],
  ['anomaly', anomalyOf],
  ['dhcp', dhcpOf],
  ['smtp', smtpOf],
  ['ftp', ftpOf],
  ['arp', arpOf],
])

function connOf(event: EveObject, common: EveCommon, tsMs: number, clock: DayClock): Conn & Draft {
  const flow = objectAt(event, 'flow')
  const end = typeof flow.end === 'string' ? clock.parse(flow.end) : null
  const ageSeconds = counterAt(flow, 'age')
  const state = textAt(flow, 'state')
  const srcPkts = counterAt(flow, 'pkts_toserver')
  const dstPkts = counterAt(flow, 'pkts_toclient')
  const ether = isObject(event.ether) ? event.ether : null
  const flags = common.proto === 'tcp' && isObject(event.tcp) ? tcpFlagsOf(event.tcp) : noTcpFlags
  const isIcmp = common.proto === 'icmp'
  return {
    kind: 'conn',
    tsMs,
    observedMs: 0,
    site: common.site,
    sensor: common.sensor,
    source: common.source,
    uid: common.uid,
    srcIp: common.srcIp,
    srcPort: common.srcPort,
    dstIp: common.dstIp,
    dstPort: common.dstPort,
    proto: common.proto,
    label: '',
    labelDetail: '',
    // An end before the start is a clock that was set, not a length.
    durationMs: end === null ? ageSeconds * 1000 : end > tsMs ? Math.round((end - tsMs) * 1000) / 1000 : 0,
    service: serviceOf(event),
    state,
    history: state,
    established: suricataEstablished(common.proto, state, srcPkts, dstPkts, flags),
    srcPkts,
    dstPkts,
    srcBytes: counterAt(flow, 'bytes_toserver'),
    dstBytes: counterAt(flow, 'bytes_toclient'),
    srcMac: ether === null ? '' : macAt(ether, 'src_mac', 'src_macs'),
    dstMac: ether === null ? '' : macAt(ether, 'dest_mac', 'dest_macs'),
    icmpType: isIcmp ? octetAt(event, 'icmp_type') : null,
    icmpCode: isIcmp ? octetAt(event, 'icmp_code') : null,
  }
}

/** `failed` and `unknown` are Suricata's words for «none found». */
function serviceOf(event: EveObject): string {
  const service = textAt(event, 'app_proto').toLowerCase()
  return service === 'failed' || service === 'unknown' ? '' : service
}

function tcpFlagsOf(tcp: EveObject): TcpFlags {
  return {
    toServer: hexAt(tcp, 'tcp_flags_ts'),
    toClient: hexAt(tcp, 'tcp_flags_tc'),
    both: hexAt(tcp, 'tcp_flags'),
  }
}

function hexAt(from: EveObject, key: string): number {
  const value = from[key]
  if (typeof value !== 'string' || value === '' || value.length > 2) return -1
  const bits = Number(`0x${value}`)
  return Number.isNaN(bits) ? -1 : bits
}

function octetAt(from: EveObject, key: string): number | null {
  const value = wholeAt(from, key)
  return value !== null && value <= 255 ? value : null
}

/** The single address of an event, or the only one of a flow's list; several say nothing of one host. */
function macAt(ether: EveObject, one: string, many: string): string {
  const single = textAt(ether, one)
  if (single !== '') return canonicalMac(single)
  const [first, ...others] = textsAt(ether, many)
  return first !== undefined && others.length === 0 ? canonicalMac(first) : ''
}

/** What all kinds but connections begin with; they are too few for the cost of the spread to matter. */
function head(common: EveCommon, tsMs: number): Head & { observedMs: number } {
  return {
    tsMs,
    observedMs: 0,
    site: common.site,
    sensor: common.sensor,
    source: common.source,
    uid: common.uid,
    srcIp: common.srcIp,
    srcPort: common.srcPort,
    dstIp: common.dstIp,
    dstPort: common.dstPort,
    proto: common.proto,
    label: '',
    labelDetail: '',
  }
}

function dnsOf(event: EveObject, common: EveCommon, tsMs: number): readonly (Dns & Draft)[] {
  return dnsMessages(objectAt(event, 'dns')).map((message) => ({
    kind: 'dns',
    ...head(common, tsMs),
    query: message.query,
    qclass: '',
    qtype: message.qtype,
    rcode: message.rcode,
    answers: message.answers,
    ttls: message.ttls,
  }))
}

function tlsOf(event: EveObject, common: EveCommon, tsMs: number): Tls & Draft {
  const tls = objectAt(event, 'tls')
  const client = objectAt(tls, 'client')
  return {
    kind: 'tls',
    ...head(common, tsMs),
    version: textAt(tls, 'version'),
    cipher: '',
    curve: '',
    serverName: textAt(tls, 'sni'),
    resumed: booleanAt(tls, 'session_resumed'),
    established: null,
    subject: textAt(tls, 'subject'),
    issuer: textAt(tls, 'issuerdn'),
    clientSubject: textAt(client, 'subject'),
    validationStatus: '',
    ja3: hashAt(tls, 'ja3'),
    ja3s: hashAt(tls, 'ja3s'),
    ja4: textAt(tls, 'ja4'),
    certificates: fingerprintsOf(tls),
    clientCertificates: fingerprintsOf(client),
    isDoh: null,
    sniMatchesCert: null,
    notBeforeMs: timeAt(tls, 'notbefore'),
    notAfterMs: timeAt(tls, 'notafter'),
  }
}

/** An object with the hash in it, or older Suricata's plain text. */
function hashAt(tls: EveObject, key: string): string {
  return isObject(tls[key]) ? textAt(objectAt(tls, key), 'hash') : textAt(tls, key)
}

/** Hex digits alone, as Zeek writes fingerprints; Suricata puts colons between the octets. */
function fingerprintsOf(tls: EveObject): string[] {
  const fingerprint = textAt(tls, 'fingerprint').replaceAll(':', '').toLowerCase()
  return fingerprint === '' ? [] : [fingerprint]
}

/** Certificate times carry no zone and are UTC (RFC 5280). */
function timeAt(from: EveObject, key: string): number | null {
  const value = textAt(from, key)
  return value === '' ? null : parseTime(value, 0)
}

function httpOf(event: EveObject, common: EveCommon, tsMs: number): Http & Draft {
  const http = objectAt(event, 'http')
  const type = textAt(http, 'http_content_type').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const status = wholeAt(http, 'status')
  return {
    kind: 'http',
    ...head(common, tsMs),
    method: textAt(http, 'http_method'),
    host: textAt(http, 'hostname'),
    uri: textAt(http, 'url'),
    referrer: textAt(http, 'http_refer'),
    version: textAt(http, 'protocol').replace(/^HTTP\//i, ''),
    userAgent: textAt(http, 'http_user_agent'),
    requestBytes: counterAt(http, 'request_body_len'),
    responseBytes: counterAt(http, 'length'),
    statusCode: status !== null && status <= 999 ? status : null,
    statusMessage: '',
    responseMimeTypes: type === '' ? [] : [type],
    responseFileIds: [],
  }
}

function sshOf(event: EveObject, common: EveCommon, tsMs: number): Ssh & Draft {
  const ssh = objectAt(event, 'ssh')
  const client = objectAt(ssh, 'client')
  const server = objectAt(ssh, 'server')
  return {
    kind: 'ssh',
    ...head(common, tsMs),
    version: textAt(client, 'proto_version'),
    authSuccess: null,
    authAttempts: null,
    client: textAt(client, 'software_version'),
    server: textAt(server, 'software_version'),
    cipher: '',
    mac: '',
    compression: '',
    kex: '',
    hostKeyAlgorithm: '',
    hostKey: '',
  }
}

/** Suricata turns the ends so that the file's sender is the source. */
function fileOf(event: EveObject, common: EveCommon, tsMs: number): File & Draft {
  const file = objectAt(event, 'fileinfo')
  return {
    kind: 'file',
    ...head(common, tsMs),
    fileId: textAt(file, 'file_id'),
    connUids: [common.uid],
    senderIps: [common.srcIp],
    receiverIps: [common.dstIp],
    fileSource: serviceOf(event),
    analyzers: [],
    mimeType: textAt(file, 'mimetype') || textAt(file, 'magic'),
    filename: textAt(file, 'filename'),
    sizeBytes: wholeAt(file, 'size'),
    md5: textAt(file, 'md5').toLowerCase(),
    sha1: textAt(file, 'sha1').toLowerCase(),
    sha256: textAt(file, 'sha256').toLowerCase(),
  }
}

/** An answer that a rule matched stands with its ends turned round: here they stand as in their connection, whoever sent the packet. */
function alertOf(event: EveObject, common: EveCommon, tsMs: number): SensorAlert & Draft {
  const alert = objectAt(event, 'alert')
  const isAnswer = textAt(event, 'direction') === 'to_client'
  const metadata = objectAt(alert, 'metadata')
  const techniques = new Set<string>()
  for (const written of textsAt(metadata, 'mitre_technique_id')) {
    // Rule sets write sub-techniques with an underscore, since a dot ends a value there; some put several in one text.
    for (const id of written
      .toUpperCase()
      .replaceAll('_', '.')
      .split(/[\s,]+/)) {
      if (/^T\d{4}(?:\.\d{3})?$/.test(id)) techniques.add(id)
    }
  }
  return {
    kind: 'sensor-alert',
    ...head(common, tsMs),
    ...(isAnswer ? turnedRound(common) : {}),
    event: 'alert',
    signatureId: wholeAt(alert, 'signature_id'),
    signature: textAt(alert, 'signature'),
    category: textAt(alert, 'category'),
    severity: wholeAt(alert, 'severity'),
    action: textAt(alert, 'action'),
    techniques: [...techniques],
  }
}

function turnedRound({
  srcIp,
  srcPort,
  dstIp,
  dstPort,
}: EveCommon): Pick<EveCommon, 'srcIp' | 'srcPort' | 'dstIp' | 'dstPort'> {
  return { srcIp: dstIp, srcPort: dstPort, dstIp: srcIp, dstPort: srcPort }
}

function anomalyOf(event: EveObject, common: EveCommon, tsMs: number): SensorAlert & Draft {
  const anomaly = objectAt(event, 'anomaly')
  return {
    kind: 'sensor-alert',
    ...head(common, tsMs),
    event: 'anomaly',
    signatureId: wholeAt(anomaly, 'code'),
    signature: textAt(anomaly, 'event'),
    category: textAt(anomaly, 'type'),
    severity: null,
    action: '',
    techniques: [],
  }
}

/** Suricata tells of each message, Zeek of a whole exchange; here the client stands first whoever sent the message. */
function dhcpOf(event: EveObject, common: EveCommon, tsMs: number): Dhcp & Draft {
  const dhcp = objectAt(event, 'dhcp')
  const isReply = textAt(dhcp, 'type') === 'reply'
  const serverEnd = isReply ? common.srcIp : common.dstIp
  const clientEnd = isReply ? common.dstIp : common.srcIp
  const serverIp = isHost(serverEnd) ? serverEnd : addressAt(dhcp, 'next_server_ip')
  const clientIp = isHost(clientEnd) ? clientEnd : addressAt(dhcp, 'client_ip')
  const kind = textAt(dhcp, 'dhcp_type').toUpperCase()
  return {
    kind: 'dhcp',
    ...head(common, tsMs),
    srcIp: clientIp === '' ? '0.0.0.0' : clientIp,
    srcPort: isReply ? common.dstPort : common.srcPort,
    dstIp: serverIp === '' ? '255.255.255.255' : serverIp,
    dstPort: isReply ? common.srcPort : common.dstPort,
    uids: [common.uid],
    mac: canonicalMac(textAt(dhcp, 'client_mac')),
    clientIp,
    serverIp,
    requestedIp: addressAt(dhcp, 'requested_ip'),
    assignedIp: addressAt(dhcp, 'assigned_ip'),
    hostName: textAt(dhcp, 'hostname'),
    domain: '',
    messageTypes: kind === '' ? [] : [kind],
  }
}

function isHost(address: string): boolean {
  return address !== '0.0.0.0' && address !== '255.255.255.255' && address !== '::'
}

/** `''` for no address; DHCP writes 0.0.0.0 for none. */
function addressAt(from: EveObject, key: string): string {
  const address = canonicalAddress(textAt(from, key))
  return address === null || !isHost(address) ? '' : address
}

function smtpOf(event: EveObject, common: EveCommon, tsMs: number): Smtp & Draft {
  const smtp = objectAt(event, 'smtp')
  const email = objectAt(event, 'email')
  const recipients = textsAt(smtp, 'rcpt_to')
  return {
    kind: 'smtp',
    ...head(common, tsMs),
    helo: textAt(smtp, 'helo'),
    mailFrom: bare(textAt(smtp, 'mail_from') || textAt(email, 'from')),
    rcptTo: (recipients.length > 0 ? recipients : textsAt(email, 'to')).map(bare),
    subject: textAt(email, 'subject'),
    lastReply: '',
    userAgent: textAt(email, 'x_mailer') || textAt(email, 'user_agent'),
    tls: null,
  }
}

/** Without the angle brackets of the SMTP command, as Zeek has it. */
function bare(mailbox: string): string {
  return mailbox.startsWith('<') && mailbox.endsWith('>') ? mailbox.slice(1, -1) : mailbox
}

function ftpOf(event: EveObject, common: EveCommon, tsMs: number): Ftp & Draft {
  const ftp = objectAt(event, 'ftp')
  const command = textAt(ftp, 'command').toUpperCase()
  const argument = textAt(ftp, 'command_data')
  const replyCode = Number(textsAt(ftp, 'completion_code').at(-1) ?? '')
  const dataPort = wholeAt(ftp, 'dynamic_port')
  return {
    kind: 'ftp',
    ...head(common, tsMs),
    user: command === 'USER' ? argument : '',
    command,
    // Passwords are not read, here as elsewhere.
    argument: command === 'PASS' ? '' : argument,
    replyCode: Number.isInteger(replyCode) && replyCode >= 100 && replyCode <= 999 ? replyCode : null,
    replyMessage: textsAt(ftp, 'reply').at(-1) ?? '',
    dataPort: dataPort !== null && dataPort > 0 && dataPort <= 65_535 ? dataPort : null,
  }
}

function arpOf(event: EveObject, common: EveCommon, tsMs: number): Arp & Draft {
  const arp = objectAt(event, 'arp')
  const ether = objectAt(event, 'ether')
  return {
    kind: 'arp',
    ...head(common, tsMs),
    operation: textAt(arp, 'opcode').toLowerCase(),
    srcMac: macAt(ether, 'src_mac', 'src_macs'),
    dstMac: macAt(ether, 'dest_mac', 'dest_macs'),
    srcHw: canonicalMac(textAt(arp, 'src_mac')),
    dstHw: canonicalMac(textAt(arp, 'dest_mac')),
  }
}

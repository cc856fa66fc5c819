import { type GreFlow, greFlows } from './gre-flows.ts'
import { truthOf } from './labels.ts'
import { isSix } from './network.ts'
import type { Connection, DnsMessage, Message, Service, Wire } from './wire.ts'
import { ethernetBytes, headerBytes } from './wire-bytes.ts'

export type SuricataOptions = {
  /** Adds `label` and `detailedlabel` to every event. */
  readonly labelled?: boolean
}

type Event = Record<string, unknown>

const sensorName = 'office-tap'

/** One EVE file, events in the order in which Suricata would write them: messages when complete, flows at their end. */
export function writeSuricata(wire: Wire, options: SuricataOptions = {}): Map<string, string[]> {
  const events: { writtenUs: number; event: Event }[] = []
  const add = (writtenUs: number, event: Event, truth: { label: string; detail: string }) => {
    const labels = options.labelled === true ? { label: truth.label, detailedlabel: truth.detail } : {}
    events.push({ writtenUs, event: { ...event, ...labels, host: sensorName } })
  }
  for (const message of wire.messages) {
    if (message.kind === 'dns') add(message.atUs, dnsQuery(message), message.conn.truth)
    const event = eventOf(message)
    if (event !== null) add(message.writtenUs, event, truthOf(message))
  }
  for (const conn of wire.connections) add(conn.endUs, flow(conn), conn.truth)
  for (const gre of greFlows(wire)) add(gre.endUs, greFlow(gre), gre.truth)
  events.sort((a, b) => a.writtenUs - b.writtenUs)
  return new Map([['eve.json', events.map(({ event }) => JSON.stringify(event))]])
}

function ends(type: string, atUs: number, conn: Connection): Event {
  const icmp = conn.proto === 'icmp'
  return {
    timestamp: timestamp(atUs),
    flow_id: conn.flowId,
    event_type: type,
    src_ip: conn.srcIp,
    ...(icmp ? { icmp_type: conn.srcPort, icmp_code: conn.dstPort } : { src_port: conn.srcPort }),
    dest_ip: conn.dstIp,
    ...(icmp ? {} : { dest_port: conn.dstPort }),
    proto: icmp && isSix(conn.srcIp) ? 'IPv6-ICMP' : conn.proto.toUpperCase(),
  }
}

const applications: Partial<Record<Service, string>> = { smb: 'smb', kerberos: 'krb5', stun: 'failed' }

function flow(conn: Connection): Event {
  const application = conn.service === '' ? 'failed' : (applications[conn.service] ?? conn.service)
  const empty = conn.srcBytes + conn.dstBytes === 0
  return {
    ...ends('flow', conn.endUs, conn),
    ...(empty || conn.proto === 'icmp' ? {} : { app_proto: application }),
    flow: {
      pkts_toserver: conn.srcPkts,
      pkts_toclient: conn.dstPkts,
      bytes_toserver: conn.srcBytes + conn.srcPkts * (ethernetBytes + headerBytes(conn, 'src')),
      bytes_toclient: conn.dstBytes + conn.dstPkts * (ethernetBytes + headerBytes(conn, 'dst')),
      start: timestamp(conn.startUs),
      end: timestamp(conn.endUs),
      age: Math.round((conn.endUs - conn.startUs) / 1e6),
      state: flowState(conn),
      reason: 'timeout',
      alerted: false,
    },
    ...(conn.proto === 'tcp' ? { tcp: tcpFlags(conn) } : {}),
  }
}

/** EVE has no event for the opening of a tunnel: it is a flow of IP protocol 47. */
function greFlow({ srcIp, dstIp, startUs, endUs, srcPkts, dstPkts, srcBytes, dstBytes }: GreFlow): Event {
  return {
    timestamp: timestamp(endUs),
    flow_id: startUs,
    event_type: 'flow',
    src_ip: srcIp,
    dest_ip: dstIp,
    proto: 'GRE',
    flow: {
      pkts_toserver: srcPkts,
      pkts_toclient: dstPkts,
      bytes_toserver: srcBytes + srcPkts * ethernetBytes,
      bytes_toclient: dstBytes + dstPkts * ethernetBytes,
      start: timestamp(startUs),
      end: timestamp(endUs),
      age: Math.round((endUs - startUs) / 1e6),
      state: dstPkts === 0 ? 'new' : 'established',
      reason: 'timeout',
      alerted: false,
    },
  }
}

function flowState(conn: Connection): string {
  if (conn.dstPkts === 0) return 'new'
  if (conn.proto !== 'tcp' || conn.outcome === 'open') return 'established'
  return 'closed'
}

const bits = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 }

function tcpFlags(conn: Connection): Event {
  const { outcome } = conn
  const connected = outcome !== 'unanswered' && outcome !== 'rejected'
  const fin = outcome === 'finished' ? bits.fin : 0
  let src = bits.syn
  let dst = outcome === 'rejected' ? bits.rst | bits.ack : 0
  if (connected) {
    src |=
      bits.ack | fin | (conn.srcBytes > 0 ? bits.psh : 0) | (outcome === 'reset-by-client' ? bits.rst : 0)
    dst |=
      bits.syn |
      bits.ack |
      fin |
      (conn.dstBytes > 0 ? bits.psh : 0) |
      (outcome === 'reset-by-server' ? bits.rst : 0)
  }
  const both = src | dst
  const set: Event = {}
  for (const [name, bit] of Object.entries(bits)) if ((both & bit) !== 0) set[name] = true
  const hex = (flags: number) => flags.toString(16).padStart(2, '0')
  const states = { finished: 'closed', open: 'established', unanswered: 'syn_sent' } as const
  const state = outcome in states ? states[outcome as keyof typeof states] : 'closed'
  return { tcp_flags: hex(both), tcp_flags_ts: hex(src), tcp_flags_tc: hex(dst), ...set, state }
}

function dnsQuery(dns: DnsMessage): Event {
  return {
    ...ends('dns', dns.atUs, dns.conn),
    dns: { type: 'query', id: dns.id, rrname: dns.query, rrtype: dns.qtype, tx_id: 0, opcode: 0 },
  }
}

function dnsAnswer(dns: DnsMessage): Event {
  const answers = dns.answers.map(({ type, data, ttl }) => ({
    rrname: dns.query,
    rrtype: type,
    ttl,
    rdata: data,
  }))
  const grouped: Record<string, string[]> = {}
  for (const { type, data } of dns.answers) (grouped[type] ??= []).push(data)
  return {
    ...ends('dns', dns.writtenUs, dns.conn),
    dns: {
      version: 2,
      type: 'answer',
      id: dns.id,
      flags: dns.rcode === 'NXDOMAIN' ? '8183' : '8180',
      qr: true,
      rd: true,
      ra: true,
      opcode: 0,
      rrname: dns.query,
      rrtype: dns.qtype,
      rcode: dns.rcode,
      ...(answers.length > 0 ? { answers, grouped } : {}),
    },
  }
}

/** Null for what Suricata has no event for: its log says less than Zeek's. */
function eventOf(message: Message): Event | null {
  switch (message.kind) {
    case 'dns':
      return dnsAnswer(message)
    case 'http':
      return {
        ...ends('http', message.writtenUs, message.conn),
        tx_id: message.depth - 1,
        http: {
          hostname: message.host,
          url: message.uri,
          http_user_agent: message.userAgent,
          ...(message.mimeType === '' ? {} : { http_content_type: message.mimeType }),
          http_method: message.method,
          protocol: 'HTTP/1.1',
          status: message.status,
          length: message.responseBytes,
        },
      }
    case 'tls':
      if (message.conn.proto !== 'tcp') return null
      return {
        ...ends('tls', message.writtenUs, message.conn),
        tls: {
          ...(message.subject === ''
            ? {}
            : {
                subject: message.subject.split(',').join(', '),
                issuerdn: message.issuer.split(',').join(', '),
                fingerprint: (message.fingerprint.slice(0, 40).match(/../g) ?? []).join(':'),
                notbefore: '2024-01-01T00:00:00',
                notafter: '2025-12-31T23:59:59',
              }),
          ...(message.resumed ? { session_resumed: true } : {}),
          ...(message.serverName === '' ? {} : { sni: message.serverName }),
          version: message.version === 'TLSv13' ? 'TLS 1.3' : 'TLS 1.2',
          ja3: { hash: message.ja3 },
          ja3s: { hash: message.ja3s },
        },
      }
    case 'ssh':
      return {
        ...ends('ssh', message.writtenUs, message.conn),
        ssh: {
          client: { proto_version: '2.0', software_version: message.client.replace('SSH-2.0-', '') },
          server: { proto_version: '2.0', software_version: message.server.replace('SSH-2.0-', '') },
        },
      }
    case 'smtp':
      return {
        ...ends('smtp', message.writtenUs, message.conn),
        tx_id: 0,
        smtp: { helo: message.helo, mail_from: message.mailFrom, rcpt_to: message.rcptTo },
        ...(message.mailFrom === '' ? {} : { email: { status: 'PARSE_DONE', subject: message.subject } }),
      }
    case 'dhcp':
      return {
        ...ends('dhcp', message.writtenUs, message.conn),
        dhcp: {
          type: 'request',
          id: message.conn.flowId % 2 ** 32,
          client_mac: message.mac,
          assigned_ip: message.assignedIp === '' ? '0.0.0.0' : message.assignedIp,
          client_ip: message.clientIp === '' ? '0.0.0.0' : message.clientIp,
          dhcp_type: (message.types[0] ?? 'REQUEST').toLowerCase(),
          requested_ip: message.requestedIp,
          hostname: message.hostName,
        },
      }
    case 'file':
      // The sender stands first in a file event.
      return {
        ...ends('fileinfo', message.writtenUs, message.conn),
        src_ip: message.conn.dstIp,
        src_port: message.conn.dstPort,
        dest_ip: message.conn.srcIp,
        dest_port: message.conn.srcPort,
        app_proto: message.conn.service,
        fileinfo: {
          filename: `/${message.filename}`,
          gaps: false,
          state: 'CLOSED',
          md5: message.md5,
          sha1: message.sha1,
          sha256: message.sha256,
          stored: false,
          size: message.bytes,
          tx_id: 0,
        },
      }
    case 'arp':
      return {
        timestamp: timestamp(message.atUs),
        event_type: 'arp',
        ether: { src_mac: message.srcMac, dest_mac: message.dstMac },
        arp: {
          hw_type: 'ethernet',
          proto_type: 'ipv4',
          opcode: message.operation,
          src_mac: message.srcHw,
          src_ip: message.srcIp,
          dest_mac: message.dstHw,
          dest_ip: message.dstIp,
        },
      }
    case 'ftp':
      return {
        ...ends('ftp', message.writtenUs, message.conn),
        ftp: {
          command: message.command,
          command_data: message.argument,
          completion_code: [String(message.replyCode)],
          reply: [message.replyMessage],
          ...(message.dataPort === null ? {} : { dynamic_port: message.dataPort }),
        },
      }
    case 'alert':
      return {
        ...ends('alert', message.atUs, message.conn),
        direction: 'to_server',
        alert: {
          action: 'allowed',
          gid: 1,
          signature_id: message.signatureId,
          rev: 1,
          signature: message.signature,
          category: message.category,
          severity: message.severity,
          ...(message.techniques.length === 0
            ? {}
            : { metadata: { mitre_technique_id: message.techniques } }),
        },
      }
    case 'tunnel':
    case 'software':
    case 'login':
    case 'weird':
    case 'notice':
      return null
  }
}

function timestamp(us: number): string {
  const whole = Math.floor(us / 1e6)
  const micros = String(us - whole * 1e6).padStart(6, '0')
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${micros}+0000`
}

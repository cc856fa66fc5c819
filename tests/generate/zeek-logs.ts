import { isLocal } from './network.ts'
import type { Connection, Message, Service, TlsMessage } from './wire.ts'
import { headerBytes } from './wire-bytes.ts'

/** `time` and `interval` hold microseconds; null is unset, an empty list is empty. */
export type Value = string | number | boolean | null | readonly string[] | readonly number[]

/** One kind of Zeek log: its columns as Zeek names and types them, and a row of values in their order. */
export type ZeekLog<T> = {
  readonly path: string
  readonly columns: readonly (readonly [name: string, type: string])[]
  readonly row: (of: T) => readonly Value[]
}

const ends: readonly (readonly [string, string])[] = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
]

function columns(list: string): (readonly [string, string])[] {
  return list.split(/\s+/).map((column) => {
    const colon = column.indexOf(':')
    return [column.slice(0, colon), column.slice(colon + 1)] as const
  })
}

function head(atUs: number, conn: Connection): Value[] {
  return [atUs, conn.uid, conn.srcIp, conn.srcPort, conn.dstIp, conn.dstPort]
}

const validationOf = ({ subject, issuer }: TlsMessage): string =>
  subject === issuer ? 'self signed certificate' : 'ok'

const orUnset = (text: string): Value => (text === '' ? null : text)

const serviceNames: Partial<Record<Service, string>> = {
  '': '-',
  tls: 'ssl',
  quic: 'quic,ssl',
  kerberos: 'krb',
  ldap: 'ldap_tcp',
  stun: 'stun',
  telnet: '-',
}

const states = {
  finished: ['SF', 'ShADadFf'],
  open: ['S1', 'ShADad'],
  unanswered: ['S0', 'S'],
  rejected: ['REJ', 'Sr'],
  'reset-by-client': ['RSTO', 'ShADadR'],
  'reset-by-server': ['RSTR', 'ShADadr'],
} as const

function stateOf(conn: Connection): readonly [state: string, history: Value] {
  if (conn.proto === 'icmp') return ['OTH', null]
  if (conn.proto === 'udp') return conn.outcome === 'unanswered' ? ['S0', 'D'] : ['SF', 'Dd']
  const [state, history] = states[conn.outcome]
  if (conn.srcBytes > 0 || !history.startsWith('ShAD')) return [state, history]
  return [state, history.replace('Dad', '')]
}

export const connLog: ZeekLog<Connection> = {
  path: 'conn',
  columns: [
    ...ends,
    ...columns(
      'proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool ' +
        'local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count ' +
        'resp_ip_bytes:count tunnel_parents:set[string] orig_l2_addr:string resp_l2_addr:string',
    ),
  ],
  row: (conn) => {
    const [state, history] = stateOf(conn)
    // A lone packet has neither a duration nor, for Zeek, a payload to speak of.
    const lone = conn.srcPkts + conn.dstPkts === 1
    const service = serviceNames[conn.service] ?? conn.service
    return [
      ...head(conn.startUs, conn),
      conn.proto,
      service === '-' ? null : service,
      lone ? null : conn.endUs - conn.startUs,
      lone ? null : conn.srcBytes,
      lone ? null : conn.dstBytes,
      state,
      isLocal(conn.srcIp),
      isLocal(conn.dstIp),
      0,
      history,
      conn.srcPkts,
      conn.srcBytes + conn.srcPkts * headerBytes(conn, 'src'),
      conn.dstPkts,
      conn.dstBytes + conn.dstPkts * headerBytes(conn, 'dst'),
      conn.tunnelUid === '' ? [] : [conn.tunnelUid],
      conn.srcMac,
      conn.dstMac,
    ]
  },
}

const qtypes = { A: 1, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const
const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const

/** Suricata's alerts are nothing that Zeek could know of. */
type ZeekKind = Exclude<Message['kind'], 'alert'>
type MessageLogs = { readonly [K in ZeekKind]: ZeekLog<Extract<Message, { kind: K }>> }

export const messageLogs: MessageLogs = {
  dns: {
    path: 'dns',
    columns: [
      ...ends,
      ...columns(
        'proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count ' +
          'qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count ' +
          'answers:vector[string] TTLs:vector[interval] rejected:bool',
      ),
    ],
    row: (dns) => [
      ...head(dns.atUs, dns.conn),
      dns.conn.proto,
      dns.id,
      dns.writtenUs - dns.atUs,
      dns.query,
      1,
      'C_INTERNET',
      qtypes[dns.qtype],
      dns.qtype,
      rcodes[dns.rcode],
      dns.rcode,
      false,
      false,
      true,
      true,
      0,
      dns.answers.length === 0
        ? null
        : dns.answers.map(({ type, data }) => (type === 'TXT' ? `TXT ${data.length} ${data}` : data)),
      dns.answers.length === 0 ? null : dns.answers.map((answer) => answer.ttl * 1e6),
      false,
    ],
  },
  http: {
    path: 'http',
    columns: [
      ...ends,
      ...columns(
        'trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string ' +
          'origin:string request_body_len:count response_body_len:count status_code:count status_msg:string ' +
          'info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] ' +
          'orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] ' +
          'resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]',
      ),
    ],
    row: (http) => [
      ...head(http.atUs, http.conn),
      http.depth,
      http.method,
      http.host,
      http.uri,
      orUnset(http.referrer),
      '1.1',
      orUnset(http.userAgent),
      null,
      http.requestBytes,
      http.responseBytes,
      http.status,
      http.statusMessage,
      null,
      null,
      [],
      null,
      null,
      null,
      null,
      null,
      null,
      http.fileId === '' ? null : [http.fileId],
      null,
      http.mimeType === '' ? null : [http.mimeType],
    ],
  },
  tls: {
    path: 'ssl',
    columns: [
      ...ends,
      ...columns(
        'version:string cipher:string curve:string server_name:string resumed:bool last_alert:string ' +
          'next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] ' +
          'client_cert_chain_fps:vector[string] subject:string issuer:string client_subject:string ' +
          'client_issuer:string sni_matches_cert:bool validation_status:string ja3:string ja3s:string',
      ),
    ],
    row: (tls) => {
      const certified = tls.fingerprint !== ''
      const isApart = tls.isCertificateApart
      return [
        ...head(tls.atUs, tls.conn),
        tls.version,
        tls.cipher,
        'x25519',
        orUnset(tls.serverName),
        tls.resumed,
        null,
        null,
        true,
        'CsxiI',
        certified ? [tls.fingerprint] : null,
        certified ? [] : null,
        isApart ? null : orUnset(tls.subject),
        isApart ? null : orUnset(tls.issuer),
        null,
        null,
        certified && !isApart ? tls.subject.startsWith(`CN=${tls.serverName},`) : null,
        certified && !isApart ? validationOf(tls) : null,
        tls.ja3,
        tls.ja3s,
      ]
    },
  },
  ssh: {
    path: 'ssh',
    columns: [
      ...ends,
      ...columns(
        'version:count auth_success:bool auth_attempts:count direction:enum client:string server:string ' +
          'cipher_alg:string mac_alg:string compression_alg:string kex_alg:string host_key_alg:string host_key:string',
      ),
    ],
    row: (ssh) => [
      ...head(ssh.atUs, ssh.conn),
      2,
      ssh.success,
      ssh.attempts,
      null,
      ssh.client,
      ssh.server,
      'chacha20-poly1305@openssh.com',
      'umac-64-etm@openssh.com',
      'none',
      'curve25519-sha256',
      'ssh-ed25519',
      `SHA256:${ssh.conn.dstIp.replaceAll('.', '')}hostkey`,
    ],
  },
  smtp: {
    path: 'smtp',
    columns: [
      ...ends,
      ...columns(
        'trans_depth:count helo:string mailfrom:string rcptto:set[string] date:string from:string to:set[string] ' +
          'cc:set[string] reply_to:string msg_id:string in_reply_to:string subject:string x_originating_ip:addr ' +
          'first_received:string second_received:string last_reply:string path:vector[addr] user_agent:string ' +
          'tls:bool fuids:vector[string] is_webmail:bool',
      ),
    ],
    row: (smtp) => [
      ...head(smtp.atUs, smtp.conn),
      1,
      smtp.helo,
      orUnset(smtp.mailFrom),
      smtp.rcptTo.length === 0 ? null : smtp.rcptTo,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      orUnset(smtp.subject),
      null,
      null,
      null,
      smtp.lastReply,
      [smtp.conn.dstIp, smtp.conn.srcIp],
      null,
      smtp.tls,
      [],
      false,
    ],
  },
  dhcp: {
    path: 'dhcp',
    columns: columns(
      'ts:time uids:set[string] client_addr:addr server_addr:addr mac:string host_name:string client_fqdn:string ' +
        'domain:string requested_addr:addr assigned_addr:addr lease_time:interval client_message:string ' +
        'server_message:string msg_types:vector[string] duration:interval',
    ),
    row: (dhcp) => [
      dhcp.atUs,
      [dhcp.conn.uid],
      orUnset(dhcp.clientIp),
      orUnset(dhcp.serverIp),
      dhcp.mac,
      orUnset(dhcp.hostName),
      null,
      'office.local',
      orUnset(dhcp.requestedIp),
      orUnset(dhcp.assignedIp),
      dhcp.assignedIp === '' ? null : 86_400 * 1e6,
      null,
      null,
      dhcp.types,
      dhcp.writtenUs - dhcp.atUs,
    ],
  },
  ftp: {
    path: 'ftp',
    columns: [
      ...ends,
      ...columns(
        'user:string password:string command:string arg:string mime_type:string file_size:count reply_code:count ' +
          'reply_msg:string data_channel.passive:bool data_channel.orig_h:addr data_channel.resp_h:addr ' +
          'data_channel.resp_p:port fuid:string',
      ),
    ],
    row: (ftp) => [
      ...head(ftp.atUs, ftp.conn),
      ftp.user,
      null,
      ftp.command,
      orUnset(ftp.argument),
      null,
      null,
      ftp.replyCode,
      ftp.replyMessage,
      ftp.dataPort === null ? null : true,
      ftp.dataPort === null ? null : ftp.conn.srcIp,
      ftp.dataPort === null ? null : ftp.conn.dstIp,
      ftp.dataPort,
      null,
    ],
  },
  file: {
    path: 'files',
    columns: columns(
      'ts:time fuid:string uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port source:string ' +
        'depth:count analyzers:set[string] mime_type:string filename:string duration:interval local_orig:bool ' +
        'is_orig:bool seen_bytes:count total_bytes:count missing_bytes:count overflow_bytes:count timedout:bool ' +
        'parent_fuid:string md5:string sha1:string sha256:string extracted:string',
    ),
    row: (file) => [
      file.atUs,
      file.fileId,
      file.conn.uid,
      file.conn.srcIp,
      file.conn.srcPort,
      file.conn.dstIp,
      file.conn.dstPort,
      file.source,
      0,
      ['MD5', 'SHA1', 'SHA256'],
      file.mimeType,
      orUnset(file.filename),
      file.writtenUs - file.atUs,
      isLocal(file.conn.dstIp),
      false,
      file.bytes,
      file.bytes,
      0,
      0,
      false,
      null,
      file.md5,
      file.sha1,
      file.sha256,
      null,
    ],
  },
  tunnel: {
    path: 'tunnel',
    columns: [...ends, ...columns('tunnel_type:enum action:enum')],
    row: (tunnel) => [
      tunnel.atUs,
      tunnel.uid,
      tunnel.srcIp,
      0,
      tunnel.dstIp,
      0,
      'Tunnel::GRE',
      `Tunnel::${tunnel.action}`,
    ],
  },
  arp: {
    path: 'arp',
    columns: columns(
      'ts:time operation:string src_mac:string dst_mac:string orig_h:addr resp_h:addr orig_hw:string resp_hw:string',
    ),
    row: (arp) => [
      arp.atUs,
      arp.operation,
      arp.srcMac,
      arp.dstMac,
      arp.srcIp,
      arp.dstIp,
      arp.srcHw,
      arp.dstHw,
    ],
  },
  software: {
    path: 'software',
    columns: columns(
      'ts:time host:addr host_p:port software_type:enum name:string version.major:count version.minor:count ' +
        'version.minor2:count version.minor3:count version.addl:string unparsed_version:string',
    ),
    row: (software) => [
      software.atUs,
      software.ip,
      software.port,
      software.type,
      software.name,
      software.major,
      software.minor,
      null,
      null,
      null,
      software.unparsed,
    ],
  },
  login: {
    path: 'login',
    columns: [...ends, ...columns('proto:string success:bool confused:bool user:string client_user:string')],
    row: (login) => [
      ...head(login.atUs, login.conn),
      login.service,
      login.success,
      false,
      orUnset(login.user),
      null,
    ],
  },
  weird: {
    path: 'weird',
    columns: [...ends, ...columns('name:string addl:string notice:bool peer:string source:string')],
    row: (weird) => [
      ...head(weird.atUs, weird.conn),
      weird.name,
      orUnset(weird.addl),
      false,
      'zeek',
      weird.conn.service.toUpperCase(),
    ],
  },
  notice: {
    path: 'notice',
    columns: [
      ...ends,
      ...columns(
        'fuid:string file_mime_type:string file_desc:string proto:enum note:enum msg:string sub:string src:addr ' +
          'dst:addr p:port n:count peer_descr:string actions:set[enum] suppress_for:interval',
      ),
    ],
    row: (notice) => [
      notice.atUs,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      notice.port === null ? null : 'tcp',
      notice.note,
      notice.text,
      null,
      notice.srcIp,
      orUnset(notice.dstIp),
      notice.port,
      null,
      'zeek',
      ['Notice::ACTION_LOG'],
      3_600_000_000,
    ],
  },
}

/** Of the handshakes whose certificate stands apart. */
export const x509Log: ZeekLog<TlsMessage> = {
  path: 'x509',
  columns: columns(
    'ts:time fingerprint:string certificate.version:count certificate.serial:string certificate.subject:string ' +
      'certificate.issuer:string certificate.not_valid_before:time certificate.not_valid_after:time ' +
      'san.dns:vector[string] host_cert:bool client_cert:bool',
  ),
  row: (tls) => [
    tls.atUs + 8_000,
    tls.fingerprint,
    3,
    tls.fingerprint.slice(0, 16).toUpperCase(),
    tls.subject,
    tls.issuer,
    Date.UTC(2024, 0, 1) * 1_000,
    Date.UTC(2026, 11, 31) * 1_000,
    null,
    true,
    false,
  ],
}

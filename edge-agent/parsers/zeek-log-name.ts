/** Zeek's logs that Weir reads, by Zeek's names for them. */
export const readLogs = [
  'conn',
  'dns',
  'http',
  'ssl',
  'ssh',
  'dhcp',
  'ftp',
  'smtp',
  'tunnel',
  'notice',
  'files',
  'arp',
  'software',
  'weird',
  'login',
  'x509',
] as const

export type ReadLog = (typeof readLogs)[number]

/** Zeek's other logs. Known, so that a count of skipped lines says of which log they were, and stays a short list. */
const otherLogs = [
  'analyzer',
  'app_stats',
  'bacnet',
  'barnyard2',
  'broker',
  'capture_loss',
  'cluster',
  'communication',
  'config',
  'dce_rpc',
  'dnp3',
  'dpd',
  'files_metadata',
  'intel',
  'irc',
  'kerberos',
  'known_certs',
  'known_devices',
  'known_hosts',
  'known_modbus',
  'known_services',
  'ldap',
  'ldap_search',
  'loaded_scripts',
  'modbus',
  'mqtt_connect',
  'mqtt_publish',
  'mqtt_subscribe',
  'mysql',
  'netcontrol',
  'netcontrol_drop',
  'netcontrol_shunt',
  'notice_alarm',
  'ntlm',
  'ntp',
  'ocsp',
  'openflow',
  'packet_filter',
  'pe',
  'postgresql',
  'print',
  'prof',
  'quic',
  'radius',
  'rdp',
  'redis',
  'reporter',
  'rfb',
  'signatures',
  'sip',
  'smb_cmd',
  'smb_files',
  'smb_mapping',
  'smtp_links',
  'snmp',
  'socks',
  'stats',
  'stderr',
  'stdout',
  'syslog',
  'telemetry',
  'telemetry_histogram',
  'traceroute',
  'unified2',
  'unknown_protocols',
  'weird_stats',
  'websocket',
]

const known: ReadonlyMap<string, string> = new Map([...readLogs, ...otherLogs].map((log) => [log, log]))
const read: ReadonlySet<string> = new Set(readLogs)

export function isReadLog(log: string): log is ReadLog {
  return read.has(log)
}

/**
 * The Zeek log that a `#path`, a `_path` or a file name names: `conn` for `conn`, `conn.2022-05-11-14-43-20.log`,
 * `conn.log.labeled`, `labeled-conn.log` and `open_conn`. `''` when it names none that is known.
 */
export function logOfName(name: string): string {
  const dot = name.indexOf('.')
  let base = (dot < 0 ? name : name.slice(0, dot)).toLowerCase()
  // No name that is in use is longer; the loop below is quadratic in what is left.
  if (base.length > 64) return ''
  for (;;) {
    const log = known.get(base)
    if (log !== undefined) return log
    const mark = base.search(/[-_]/)
    if (mark < 0) return ''
    base = base.slice(mark + 1)
  }
}

/** Fields that only one log has, most telling first: how a stream that names its log nowhere is told. */
const telling: readonly (readonly [ReadLog, readonly string[]])[] = [
  ['conn', ['conn_state']],
  ['dns', ['query', 'qtype_name']],
  ['dns', ['query', 'trans_id']],
  ['dns', ['trans_id', 'rcode_name']],
  ['http', ['method', 'uri']],
  ['http', ['trans_depth', 'status_code']],
  ['http', ['trans_depth', 'host']],
  ['ssl', ['cipher', 'server_name']],
  ['ssl', ['established', 'resumed']],
  ['ssh', ['auth_attempts']],
  ['ssh', ['host_key_alg']],
  ['dhcp', ['msg_types', 'uids']],
  ['dhcp', ['assigned_ip', 'mac']],
  ['ftp', ['command', 'reply_code']],
  ['ftp', ['command', 'arg']],
  ['smtp', ['last_reply']],
  ['smtp', ['mailfrom']],
  ['tunnel', ['tunnel_type', 'action']],
  ['notice', ['note', 'msg']],
  ['files', ['fuid', 'analyzers']],
  ['files', ['fuid', 'seen_bytes']],
  ['arp', ['operation', 'orig_hw']],
  ['software', ['software_type']],
  ['weird', ['name', 'notice', 'peer']],
  ['login', ['confused', 'success']],
  ['x509', ['certificate.subject']],
  ['x509', ['certificate.serial']],
]

/** The log that has these fields; `''` when they do not tell. */
export function logOfFields(has: (field: string) => boolean): string {
  for (const [log, fields] of telling) {
    if (fields.every(has)) return log
  }
  return ''
}

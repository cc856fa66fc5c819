import { truthOf } from './labels.ts'
import type { Label, Message, Wire } from './wire.ts'
import { connLog, messageLogs, type Value, x509Log } from './zeek-logs.ts'

export type ZeekOptions = {
  readonly format?: 'tsv' | 'json'
  /** Hourly files named as zeekctl archives them, `conn.08:00:00-09:00:00.log`; UTC. */
  readonly rotate?: boolean
  /** Adds `label` and `detailedlabel`, and `.labeled` to the file names. */
  readonly labelled?: boolean
}

const hourUs = 3_600_000_000

type Column = readonly [name: string, type: string]
type Row = { readonly writtenUs: number; readonly values: readonly Value[] }
const labelColumns: readonly Column[] = [
  ['label', 'string'],
  ['detailedlabel', 'string'],
]
type Log = { readonly columns: readonly Column[]; readonly rows: Row[] }

/**
 * The logs of a Zeek that watched the wire: file name to lines, headers included. Each line stands where Zeek would have
 * written it, a connection at its end and a message when it was complete, so `ts` is not in order. A log without lines
 * is absent, as Zeek leaves it.
 */
export function writeZeek(wire: Wire, options: ZeekOptions = {}): Map<string, string[]> {
  const logs = new Map<string, Log>()
  for (const conn of wire.connections) {
    add(logs, connLog, { writtenUs: conn.endUs, values: connLog.row(conn) }, conn.truth, options)
  }
  const software = new Set<string>()
  const certificates = new Set<string>()
  for (const message of wire.messages) {
    // Zeek logs what a host runs when it first sees it, not at every use.
    if (message.kind === 'software') {
      const known = `${message.ip} ${message.type} ${message.unparsed}`
      if (software.has(known)) continue
      software.add(known)
    }
    // A rule of another sensor's.
    if (message.kind === 'alert') continue
    // A certificate is logged once a day, when it is read: before the handshake is.
    if (message.kind === 'tls' && message.isCertificateApart && !certificates.has(message.fingerprint)) {
      certificates.add(message.fingerprint)
      const certificate = { writtenUs: message.writtenUs - 1, values: x509Log.row(message) }
      add(logs, x509Log, certificate, truthOf(message), options)
    }
    const row = { writtenUs: message.writtenUs, values: rowOf(message) }
    add(logs, messageLogs[message.kind], row, truthOf(message), options)
  }

  const files = new Map<string, string[]>()
  for (const [path, { columns, rows }] of logs) {
    rows.sort((a, b) => a.writtenUs - b.writtenUs)
    if (options.rotate !== true) {
      files.set(fileName(path, options), format(path, columns, rows, wire.startUs, wire.endUs, options))
      continue
    }
    // What was written in the story's last microsecond belongs to the hour that ends there.
    const lastHour = Math.ceil(wire.endUs / hourUs) - 1
    const byHour = Map.groupBy(rows, (row) => Math.min(lastHour, Math.floor(row.writtenUs / hourUs)))
    for (const [hour, inHour] of byHour) {
      const from = hour * hourUs
      const stamp = `${clockTime(from)}-${clockTime(from + hourUs)}`
      const day = isoSeconds(from).slice(0, 10)
      const folder = wire.endUs - wire.startUs > 24 * hourUs ? `${day}/` : ''
      const name = folder + fileName(`${path}.${stamp}`, options)
      files.set(name, format(path, columns, inHour, from, from + hourUs, options))
    }
  }
  return files
}

function rowOf(message: Exclude<Message, { kind: 'alert' }>): readonly Value[] {
  switch (message.kind) {
    case 'dns':
      return messageLogs.dns.row(message)
    case 'http':
      return messageLogs.http.row(message)
    case 'tls':
      return messageLogs.tls.row(message)
    case 'ssh':
      return messageLogs.ssh.row(message)
    case 'smtp':
      return messageLogs.smtp.row(message)
    case 'dhcp':
      return messageLogs.dhcp.row(message)
    case 'ftp':
      return messageLogs.ftp.row(message)
    case 'file':
      return messageLogs.file.row(message)
    case 'tunnel':
      return messageLogs.tunnel.row(message)
    case 'arp':
      return messageLogs.arp.row(message)
    case 'software':
      return messageLogs.software.row(message)
    case 'login':
      return messageLogs.login.row(message)
    case 'weird':
      return messageLogs.weird.row(message)
    case 'notice':
      return messageLogs.notice.row(message)
  }
}

function add(
  logs: Map<string, Log>,
  kind: { readonly path: string; readonly columns: readonly Column[] },
  row: Row,
  truth: Label,
  options: ZeekOptions,
): void {
  const labelled = options.labelled === true
  let log = logs.get(kind.path)
  if (log === undefined) {
    log = { columns: labelled ? [...kind.columns, ...labelColumns] : kind.columns, rows: [] }
    logs.set(kind.path, log)
  }
  log.rows.push(labelled ? { ...row, values: [...row.values, truth.label, truth.detail] } : row)
}

function fileName(path: string, options: ZeekOptions): string {
  return `${path}.log${options.labelled === true ? '.labeled' : ''}`
}

function format(
  path: string,
  columns: readonly Column[],
  rows: readonly Row[],
  openUs: number,
  closeUs: number,
  options: ZeekOptions,
): string[] {
  if (options.format === 'json') return rows.map((row) => jsonLine(columns, row.values))
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    `#open\t${headerTime(openUs)}`,
    `#fields\t${columns.map(([name]) => name).join('\t')}`,
    `#types\t${columns.map(([, type]) => type).join('\t')}`,
    ...rows.map((row) => tsvLine(columns, row.values)),
    `#close\t${headerTime(closeUs)}`,
  ]
}

function tsvLine(columns: readonly Column[], values: readonly Value[]): string {
  return columns.map(([, type], index) => tsvField(type, values[index] ?? null)).join('\t')
}

function tsvField(type: string, value: Value): string {
  if (value === null) return '-'
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (typeof value === 'number') return isTime(type) ? secondsText(value) : String(value)
  if (typeof value === 'string') return value === '' ? '(empty)' : escaped(value, false)
  if (value.length === 0) return '(empty)'
  return value.map((item) => (typeof item === 'number' ? secondsText(item) : escaped(item, true))).join(',')
}

/** A separator or an unprintable inside a value would be read as structure. */
function escaped(text: string, inList: boolean): string {
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const special = code < 0x20 || code === 0x7f || char === '\\' || (inList && char === ',')
    out += special ? `\\x${code.toString(16).padStart(2, '0')}` : char
  }
  return out === '-' ? '\\x2d' : out
}

function jsonLine(columns: readonly Column[], values: readonly Value[]): string {
  const record: Record<string, unknown> = {}
  for (const [index, [name, type]] of columns.entries()) {
    const value = values[index] ?? null
    if (value === null) continue
    if (typeof value === 'number') record[name] = isTime(type) ? value / 1e6 : value
    else if (type === 'vector[interval]' && typeof value === 'object')
      record[name] = value.map((us) => Number(us) / 1e6)
    else record[name] = value
  }
  return JSON.stringify(record)
}

function isTime(type: string): boolean {
  return type === 'time' || type === 'interval'
}

/** Zeek prints times and intervals with six decimals. */
export function secondsText(us: number): string {
  const whole = Math.floor(us / 1e6)
  return `${whole}.${String(us - whole * 1e6).padStart(6, '0')}`
}

function isoSeconds(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 19)
}

function clockTime(us: number): string {
  return isoSeconds(us).slice(11)
}

function headerTime(us: number): string {
  return isoSeconds(us).replace(/[T:]/g, '-')
}

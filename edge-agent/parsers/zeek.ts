import type { LineParser, Parsed, Parser, ParserOptions, Skip } from './parser.ts'
import { arpOf } from './zeek-arp.ts'
import { certificateOf } from './zeek-certificate.ts'
import { connOf } from './zeek-conn.ts'
import { ordinaryConn } from './zeek-conn-json.ts'
import { ConnRows } from './zeek-conn-tsv.ts'
import { dhcpOf } from './zeek-dhcp.ts'
import { dnsOf } from './zeek-dns.ts'
import { rejected, skip, skipped } from './zeek-fates.ts'
import type { Fields } from './zeek-fields.ts'
import { fileOf } from './zeek-file.ts'
import { ftpOf } from './zeek-ftp.ts'
import { ZeekHeader } from './zeek-header.ts'
import { httpOf } from './zeek-http.ts'
import { JsonRow, objectOf } from './zeek-json.ts'
import { isReadLog, logOfFields, logOfName, type ReadLog } from './zeek-log-name.ts'
import { loginOf } from './zeek-login.ts'
import { noticeOf } from './zeek-notice.ts'
import { smtpOf } from './zeek-smtp.ts'
import { softwareOf } from './zeek-software.ts'
import { sshOf } from './zeek-ssh.ts'
import { tlsOf } from './zeek-tls.ts'
import { TsvRow } from './zeek-tsv.ts'
import { tunnelOf } from './zeek-tunnel.ts'
import { weirdOf } from './zeek-weird.ts'

/** Reads Zeek's logs, ASCII (TSV) or JSON, one log a file or many in one stream (spec inputs.md sections 6 and 7). */
export const zeekParser: Parser = {
  id: 'zeek',
  reads:
    "Zeek's conn, dns, http, ssl, ssh, dhcp, ftp, smtp, tunnel, notice, files, arp, software, weird, login and x509 logs, TSV or JSON",
  makes: [
    'conn',
    'dns',
    'http',
    'tls',
    'ssh',
    'dhcp',
    'ftp',
    'smtp',
    'tunnel',
    'notice',
    'file',
    'arp',
    'software',
    'weird',
    'login',
    'certificate',
  ],
  recognises: isZeek,
  open: (options) => new ZeekLines(options),
}

type Mapping = (fields: Fields, site: string) => Parsed

/** One row for each log that is read. */
const mappings: Readonly<Record<ReadLog, Mapping>> = {
  conn: connOf,
  dns: dnsOf,
  http: httpOf,
  ssl: tlsOf,
  ssh: sshOf,
  dhcp: dhcpOf,
  ftp: ftpOf,
  smtp: smtpOf,
  tunnel: tunnelOf,
  notice: noticeOf,
  files: fileOf,
  arp: arpOf,
  software: softwareOf,
  weird: weirdOf,
  login: loginOf,
  x509: certificateOf,
}

const openBrace = 123
const hash = 35

/**
 * A TSV header, or a JSON object with `ts` or `_path` that is not Suricata's. Blank lines and comments before it do not
 * matter.
 */
function isZeek(lines: readonly string[]): boolean {
  for (const line of lines) {
    const text = withoutMark(line).trim()
    if (text === '') continue
    if (text.charCodeAt(0) === hash) {
      if (/^#(?:separator|fields)\W/.test(text)) return true
      continue
    }
    if (text.charCodeAt(0) !== openBrace) return false
    const object = objectOf(text)
    return object !== null && !('event_type' in object) && ('ts' in object || '_path' in object)
  }
  return false
}

/** How the rows of one log are read, once its name is known. */
type Reading = Mapping | Skip

class ZeekLines implements LineParser {
  readonly #site: string
  readonly #timezoneMinutes: number
  readonly #logOfFile: string
  readonly #header = new ZeekHeader()
  readonly #json: JsonRow
  /** Told by the first line that tells: a header line or an object. */
  #format: 'unknown' | 'tsv' | 'json' = 'unknown'
  /** `null` from a header line on, until the first row under it. */
  #rows: TsvRow | null = null
  #connRows: ConnRows | null = null
  #reading: Reading = connOf
  /** By `_path` as written; streams name few logs, and a liar's names are not kept. */
  readonly #readings = new Map<string, Reading>()

  constructor(options: ParserOptions) {
    this.#site = options.site
    this.#timezoneMinutes = options.timezoneMinutes
    this.#logOfFile = logOfName(options.fileName)
    this.#json = new JsonRow(options.timezoneMinutes)
  }

  line(text: string, lineNumber: number): Parsed {
    // An ordinary conn row is known by what came before it, and cannot begin with a header's mark.
    if (this.#connRows !== null && text.charCodeAt(0) !== hash) {
      const parsed = this.#connRows.read(text, lineNumber)
      if (parsed !== null) return parsed
    }
    return this.#otherLine(lineNumber === 1 ? withoutMark(text) : text, lineNumber)
  }

  #otherLine(text: string, lineNumber: number): Parsed {
    const first = text.charCodeAt(0)
    if (Number.isNaN(first) || text.trim() === '') return skipped.blank
    if (first === hash) return this.#headerLine(text)
    if (this.#format === 'tsv') return this.#row(text, lineNumber)
    if (first !== openBrace) return this.#format === 'json' ? rejected.notJson : rejected.noHeader
    this.#format = 'json'
    return this.#object(text, lineNumber)
  }

  #headerLine(text: string): Parsed {
    if (this.#format === 'json') return skipped.comment
    const taken = this.#header.take(text)
    if (taken === 'comment') return skipped.comment
    this.#format = 'tsv'
    this.#rows = null
    this.#connRows = null
    return taken === 'header' ? skipped.header : rejected.badHeader
  }

  #row(text: string, lineNumber: number): Parsed {
    if (this.#header.columns.length === 0) return rejected.noHeader
    const rows = this.#rows ?? this.#openRows()
    const reading = this.#reading
    // A log that is not read may be as damaged as it likes.
    if (typeof reading !== 'function') return reading
    const miss = rows.split(text, lineNumber)
    if (miss !== 0) return miss < 0 ? rejected.tooFewColumns : rejected.tooManyColumns
    return reading(rows, this.#site)
  }

  #openRows(): TsvRow {
    const rows = new TsvRow(this.#header, this.#timezoneMinutes)
    const log =
      this.#header.path === ''
        ? this.#logOfFile || logOfFields((field) => rows.has(field))
        : logOfName(this.#header.path)
    this.#rows = rows
    this.#reading = readingOf(log)
    if (this.#reading === connOf)
      this.#connRows = ConnRows.of(this.#header, this.#site, this.#timezoneMinutes)
    return rows
  }

  #object(text: string, lineNumber: number): Parsed {
    const row = this.#json
    if (!row.parse(text, lineNumber)) return rejected.notJson
    const path = row.text('_path')
    const reading = path !== '' ? this.#readingOfPath(path) : this.#readingOfObject(row)
    if (reading === connOf) {
      const parsed = ordinaryConn(row.object, this.#site, this.#timezoneMinutes)
      if (parsed !== null) return parsed
    }
    return typeof reading === 'function' ? reading(row, this.#site) : reading
  }

  #readingOfPath(path: string): Reading {
    const known = this.#readings.get(path)
    if (known !== undefined) return known
    const reading = readingOf(logOfName(path))
    if (this.#readings.size < mostPaths) this.#readings.set(path, reading)
    return reading
  }

  #readingOfObject(row: JsonRow): Reading {
    return readingOf(this.#logOfFile || logOfFields((field) => row.has(field)))
  }
}

const mostPaths = 256
const otherLog = skip('log-other')
const skippedLogs = new Map<string, Skip>()

/** `log` is of the fixed list of `zeek-log-name.ts` or `''`, so the reasons are few whatever the input. */
function readingOf(log: string): Reading {
  if (isReadLog(log)) return mappings[log]
  if (log === '') return otherLog
  let fate = skippedLogs.get(log)
  if (fate === undefined) skippedLogs.set(log, (fate = skip(`log-${log}`)))
  return fate
}

/** Some editors and Windows tools put a byte order mark before the first line. */
function withoutMark(line: string): string {
  return line.startsWith('\ufeff') ? line.slice(1) : line
}

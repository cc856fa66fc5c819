import { createHash } from 'node:crypto'
import { addressesOf, type Host, host, isSix } from './network.ts'
import { hash32, type Random } from './random.ts'
import { siteOf } from './sites.ts'
import type { Connection, DnsMessage, Label, Message, Outcome, Service } from './wire.ts'

/** One member of the cast: it plays its part onto a stage of its own. Benign ones stay when a story is told without its attack. */
export type Actor = {
  readonly name: string
  readonly benign: boolean
  readonly play: (stage: Stage) => void
}

export type ConnectOptions = {
  readonly from: Host
  readonly to: Host
  readonly atMs: number
  readonly port: number
  readonly proto?: 'tcp' | 'udp' | 'icmp'
  readonly service?: Service
  readonly durationMs?: number
  readonly srcPort?: number
  readonly srcBytes?: number
  readonly dstBytes?: number
  /** SYNs sent in vain, or datagrams that got no answer. */
  readonly tries?: number
  readonly outcome?: Outcome
  readonly tunnelUid?: string
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }

const segmentBytes = 1448
const dnsTtlMs = 300_000

/**
 * What an actor writes on: connections and the messages inside them, at milliseconds since the story began. Each actor
 * has its own stage, randomness and DNS caches, so none of them changes what another one does. A method that takes `atMs`
 * may be called in any order of times; `collect` sorts, drops what begins after the story's end, and cuts what goes on.
 */
export class Stage {
  readonly random: Random
  readonly lastsMs: number
  readonly #startMs: number
  readonly #truth: Label
  readonly #connections: Draft<Connection>[] = []
  readonly #messages: Message[] = []
  readonly #ports = new Map<string, number>()
  readonly #lookups = new Map<string, number[]>()
  readonly #seats: Stage[] = []

  constructor(options: { random: Random; startMs: number; lastsMs: number; truth: Label }) {
    this.random = options.random
    this.#startMs = options.startMs
    this.lastsMs = options.lastsMs
    this.#truth = options.truth
  }

  /** A part of this stage with randomness of its own, named so that it does not depend on the other parts. */
  seat(name: string): Stage {
    const seat = new Stage({
      random: this.random.fork(name),
      startMs: this.#startMs,
      lastsMs: this.lastsMs,
      truth: this.#truth,
    })
    this.#seats.push(seat)
    return seat
  }

  /** Unanswered attempts carry no payload, whatever was asked for. */
  connect(options: ConnectOptions): Connection {
    const proto = options.proto ?? 'tcp'
    const outcome = options.outcome ?? 'finished'
    const reached = outcome !== 'unanswered' && outcome !== 'rejected'
    const tries = options.tries ?? 1
    const udp = proto !== 'tcp'
    const srcBytes = reached || (udp && outcome === 'unanswered') ? Math.round(options.srcBytes ?? 0) : 0
    const dstBytes = reached ? Math.round(options.dstBytes ?? 0) : 0
    const srcData = Math.ceil(srcBytes / segmentBytes)
    const dstData = Math.ceil(dstBytes / segmentBytes)
    let srcPkts = tries
    let dstPkts = outcome === 'rejected' ? tries : 0
    if (reached && udp) {
      srcPkts = Math.max(1, srcData)
      dstPkts = Math.max(1, dstData)
    } else if (reached) {
      // SYN, ACK, FIN, ACK of the client and SYN-ACK, FIN, ACK of the server; data is acknowledged every other segment.
      srcPkts = 4 + srcData + Math.ceil(dstData / 2)
      dstPkts = 3 + dstData + Math.ceil(srcData / 2)
    }
    const durationMs = options.durationMs ?? (outcome === 'unanswered' ? (2 ** (tries - 1) - 1) * 1000 : 0.4)
    const startUs = this.#toUs(options.atMs)
    const conn: Draft<Connection> = {
      uid: `C${this.random.base62(17)}`,
      flowId: this.random.uint32() * 0x80000 + this.random.int(0, 0x7ffff),
      startUs,
      endUs: startUs + Math.round(durationMs * 1000),
      srcIp: options.from.ip,
      srcPort: options.srcPort ?? (proto === 'icmp' ? 8 : this.#ephemeralPort(options.from)),
      dstIp: options.to.ip,
      dstPort: options.port,
      proto,
      service: options.service ?? '',
      outcome,
      srcBytes,
      dstBytes,
      srcPkts,
      dstPkts,
      srcMac: options.from.mac,
      dstMac: options.to.mac,
      tunnelUid: options.tunnelUid ?? '',
      truth: this.#truth,
    }
    this.#connections.push(conn)
    return conn
  }

  /**
   * Looks a name up at the resolver, unless the same host did so within the answer's time to live, and gives the server
   * and the moment at which a connection to it can begin. A host asks for addresses of its own family.
   */
  resolve(client: Host, domain: string, atMs: number): { server: Host; readyMs: number } {
    const qtype = isSix(client.ip) ? 'AAAA' : 'A'
    const addresses = addressesOf(domain, qtype)
    // A client stays with the address it took once, as long as it works.
    const server = host(addresses[hash32(`${client.ip} ${domain}`, 4) % addresses.length] ?? '')
    const key = `${client.ip} ${domain}`
    const earlier = this.#lookups.get(key) ?? []
    if (earlier.some((at) => at <= atMs && atMs < at + dnsTtlMs)) return { server, readyMs: atMs + 0.2 }
    const message = this.lookup({ from: client, query: domain, qtype, atMs, answers: addresses })
    const readyMs = (message.writtenUs - this.#toUs(0)) / 1000
    earlier.push(readyMs)
    this.#lookups.set(key, earlier)
    return { server, readyMs: readyMs + 0.5 }
  }

  lookup(options: {
    readonly from: Host
    readonly query: string
    readonly atMs: number
    readonly answers?: readonly string[]
    readonly qtype?: DnsMessage['qtype']
    readonly rcode?: DnsMessage['rcode']
    readonly resolver?: Host
    readonly ttl?: number
  }): DnsMessage {
    const qtype = options.qtype ?? 'A'
    const answers = (options.answers ?? []).map((data) => ({
      type: qtype,
      data,
      ttl: options.ttl ?? dnsTtlMs / 1000,
    }))
    const answerBytes = answers.reduce((sum, answer) => sum + 14 + answer.data.length, 0)
    const durationMs = this.random.chance(0.7) ? this.random.between(0.3, 1.5) : this.random.between(8, 60)
    const conn = this.connect({
      from: options.from,
      to: options.resolver ?? host(isSix(options.from.ip) ? 'resolver-v6' : 'resolver'),
      port: 53,
      proto: 'udp',
      service: 'dns',
      atMs: options.atMs,
      durationMs,
      srcBytes: 18 + options.query.length,
      dstBytes: 18 + options.query.length + answerBytes,
    })
    const message: DnsMessage = {
      kind: 'dns',
      conn,
      atUs: conn.startUs,
      writtenUs: conn.endUs,
      id: this.random.int(1, 65535),
      query: options.query,
      qtype,
      rcode: options.rcode ?? 'NOERROR',
      answers,
    }
    this.write(message)
    return message
  }

  /**
   * A TLS or QUIC handshake on a connection made by `connect`, as a client of that kind does it. `shown` is another certificate than the
   * name's: signed by itself where its issuer is its subject; `isApart` where Zeek tells of it in x509.log alone.
   */
  handshake(
    conn: Connection,
    serverName: string,
    clientKind: string,
    shown?: { readonly subject: string; readonly issuer?: string; readonly isApart?: boolean },
  ): void {
    const tls13 = conn.service === 'quic' || (siteOf(serverName)?.tls13 ?? true)
    const resumed = this.random.chance(0.25) && shown === undefined
    const hidden = (tls13 || resumed) && shown === undefined
    const atUs = conn.startUs + 12_000
    this.write({
      kind: 'tls',
      conn,
      atUs: Math.min(atUs, conn.endUs),
      writtenUs: Math.min(atUs + 25_000, conn.endUs),
      version: tls13 && shown === undefined ? 'TLSv13' : 'TLSv12',
      cipher: tls13 ? 'TLS_AES_128_GCM_SHA256' : 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      serverName,
      resumed,
      subject: hidden ? '' : (shown?.subject ?? `CN=${serverName},O=${serverName} Ltd,C=CH`),
      issuer: hidden ? '' : (shown?.issuer ?? 'CN=Trust Root Issuing CA 2,O=Trust Root,C=CH'),
      fingerprint: hidden ? '' : digest('sha256', `certificate ${serverName}`),
      isCertificateApart: shown?.isApart ?? false,
      ja3: digest('md5', `client ${clientKind} ${conn.service}`),
      ja3s: digest('md5', `server ${tls13} ${clientKind}`),
    })
  }

  /** Hashes follow from what the file is, so that the same download has the same hash everywhere. */
  file(
    conn: Connection,
    file: { fileId: string; mimeType: string; filename: string; bytes: number; atUs: number },
  ): void {
    const content = `${file.filename} ${file.mimeType} ${file.bytes}`
    this.write({
      kind: 'file',
      conn,
      atUs: file.atUs,
      writtenUs: conn.endUs,
      fileId: file.fileId,
      source: conn.service === 'http' ? 'HTTP' : conn.service === 'ftp' ? 'FTP_DATA' : 'SMB',
      mimeType: file.mimeType,
      filename: file.filename,
      bytes: file.bytes,
      md5: digest('md5', content),
      sha1: digest('sha1', content),
      sha256: digest('sha256', content),
    })
  }

  /** One broadcast or unicast ARP message; on Ethernet and in its body the sender is who it is. */
  arp(options: {
    readonly operation: 'request' | 'reply'
    readonly from: Host
    readonly to: Host
    readonly atMs: number
    readonly dstMac?: string
    readonly dstHw?: string
    readonly srcIp?: string
  }): void {
    const request = options.operation === 'request'
    const atUs = this.#toUs(options.atMs)
    this.write({
      kind: 'arp',
      atUs,
      writtenUs: atUs,
      operation: options.operation,
      srcMac: options.from.mac,
      dstMac: options.dstMac ?? (request ? 'ff:ff:ff:ff:ff:ff' : options.to.mac),
      srcHw: options.from.mac,
      dstHw: options.dstHw ?? (request ? '00:00:00:00:00:00' : options.to.mac),
      srcIp: options.srcIp ?? options.from.ip,
      dstIp: options.to.ip,
      truth: this.#truth,
    })
  }

  write(message: Message): void {
    this.#messages.push(message)
  }

  get truth(): Label {
    return this.#truth
  }

  toUs(atMs: number): number {
    return this.#toUs(atMs)
  }

  /** Times of a Poisson process from `fromMs` to the story's end. */
  *moments(meanGapMs: number, fromMs = 0): Generator<number> {
    for (let at = fromMs + this.random.exponential(meanGapMs); at < this.lastsMs; ) {
      yield at
      at += this.random.exponential(meanGapMs)
    }
  }

  /** What was played, within the story's span. */
  collect(): { connections: Connection[]; messages: Message[] } {
    const endUs = this.#toUs(this.lastsMs)
    const kept = this.#connections.filter((conn) => conn.startUs < endUs)
    for (const conn of kept) if (conn.endUs > endUs) cut(conn, endUs)
    const messages = this.#messages.filter(
      (message) => message.writtenUs <= endUs && (!('conn' in message) || message.conn.startUs < endUs),
    )
    for (const seat of this.#seats) {
      const played = seat.collect()
      for (const conn of played.connections) kept.push(conn)
      for (const message of played.messages) messages.push(message)
    }
    return { connections: kept, messages }
  }

  #toUs(atMs: number): number {
    return Math.round((this.#startMs + atMs) * 1000)
  }

  #ephemeralPort(from: Host): number {
    const next = this.#ports.get(from.ip) ?? this.random.int(49152, 60000)
    this.#ports.set(from.ip, next >= 65535 ? 49152 : next + 1)
    return next
  }
}

/** Whatever goes on when the sensor stops was seen only so far. */
function cut(conn: Draft<Connection>, endUs: number): void {
  const share = (endUs - conn.startUs) / (conn.endUs - conn.startUs)
  const scaled = (count: number) => Math.ceil(count * share)
  conn.endUs = endUs
  conn.srcBytes = scaled(conn.srcBytes)
  conn.dstBytes = scaled(conn.dstBytes)
  conn.srcPkts = scaled(conn.srcPkts)
  conn.dstPkts = scaled(conn.dstPkts)
  if (conn.proto === 'tcp' && conn.outcome !== 'unanswered' && conn.outcome !== 'rejected') {
    conn.outcome = 'open'
    conn.srcPkts = Math.max(2, conn.srcPkts)
    conn.dstPkts = Math.max(1, conn.dstPkts)
  }
}

export function digest(algorithm: 'md5' | 'sha1' | 'sha256', content: string): string {
  return createHash(algorithm).update(content).digest('hex')
}

/**
 * What the traffic named and nothing may have been said of: registered domains that were asked for, URLs that gave something, files that came
 * from outside. Kept during an analysis, so that services can be asked about it when it is over. Bounded; what comes after is left out.
 */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Network, noIndicators, registeredDomainOf } from '@weir/processors'
import type { File, FlowRecord, Http } from '@weir/schemas'
import { jsonOf } from '../json-object.ts'
import type { LineFile } from '../results/line-file.ts'
import { askableHash, askableName, askableUrl } from './online/askable.ts'
import type { Subject } from './online/look-up.ts'

export type MetKind = 'hash' | 'url' | 'domain'

export type MetSubject = {
  readonly subject: { readonly kind: MetKind; readonly value: string }
  /** Event time at which it was met first. */
  readonly firstMs: number
}

type Met = { firstMs: number; readonly host: string; isSeveral: boolean }

/** Of each kind. */
const MOST_MET = 5_000
const kinds: readonly MetKind[] = ['hash', 'url', 'domain']

export class MetSubjects {
  readonly #network: Network
  readonly #most: number
  readonly #met: Readonly<Record<MetKind, Map<string, Met>>> = {
    hash: new Map(),
    url: new Map(),
    domain: new Map(),
  }

  constructor(network: Network, most: number = MOST_MET) {
    this.#network = network
    this.#most = most
  }

  add(record: FlowRecord): void {
    switch (record.kind) {
      case 'dns':
        // A name without an address leads nowhere.
        if (record.answers.length > 0)
          this.#note(askableName(registeredDomainOf(record.query)), record.srcIp, record.tsMs)
        return
      case 'http':
        if (record.responseBytes > 0)
          this.#note(askableUrl(urlOf(record), this.#network), record.srcIp, record.tsMs)
        return
      case 'file': {
        const hash = [record.sha256, record.md5, record.sha1].find((text) => text !== '')
        if (hash === undefined || !this.#cameIn(record)) return
        const receiver = record.receiverIps[0] ?? record.srcIp
        this.#note(askableHash(hash, noIndicators), receiver, record.tsMs)
        return
      }
      default:
    }
  }

  /**
   * One line each: of every kind by turns, what one host alone met before what several did, the earliest first. Rare things are
   * worth more of the questions than what everybody uses.
   */
  writeTo(file: Pick<LineFile, 'write'>): void {
    const lines = kinds.map((kind) => [...this.#met[kind]].sort(byRarity).map((met) => lineOf(kind, met)))
    const longest = Math.max(...lines.map((each) => each.length))
    for (let i = 0; i < longest; i += 1) {
      for (const each of lines) {
        const line = each[i]
        if (line !== undefined) file.write(line)
      }
    }
  }

  #note(subject: Subject | null, host: string, tsMs: number): void {
    if (subject === null || subject.kind === 'ip') return
    const met = this.#met[subject.kind]
    const known = met.get(subject.value)
    if (known === undefined) {
      if (met.size < this.#most) met.set(subject.value, { firstMs: tsMs, host, isSeveral: false })
      return
    }
    known.firstMs = Math.min(known.firstMs, tsMs)
    if (known.host !== host) known.isSeveral = true
  }

  /** From outside, or between a host outside and one of ours that does not tell which way. */
  #cameIn({ senderIps, receiverIps, srcIp, dstIp }: File): boolean {
    const senders = senderIps.length > 0 ? senderIps : [srcIp, dstIp]
    const receivers = receiverIps.length > 0 ? receiverIps : [srcIp, dstIp]
    const isOutside = (ip: string) => ip !== '' && !this.#network.isHome(ip)
    return senders.some(isOutside) && receivers.some((ip) => this.#network.isHome(ip))
  }
}

function urlOf({ host, uri, dstIp, dstPort }: Http): string {
  if (uri.includes('://')) return uri
  const server = host !== '' ? host : dstIp.includes(':') ? `[${dstIp}]` : dstIp
  const port = dstPort === null || dstPort === 80 || /:\d+$/.test(host) ? '' : `:${dstPort}`
  return `http://${server}${port}${uri.startsWith('/') ? uri : `/${uri}`}`
}

function byRarity([a, one]: readonly [string, Met], [b, other]: readonly [string, Met]): number {
  return (
    Number(one.isSeveral) - Number(other.isSeveral) ||
    one.firstMs - other.firstMs ||
    (a < b ? -1 : a > b ? 1 : 0)
  )
}

function lineOf(kind: MetKind, [value, { firstMs, isSeveral }]: readonly [string, Met]): string {
  return JSON.stringify({
    kind,
    value,
    first: new Date(firstMs).toISOString(),
    hosts: isSeveral ? 'several' : 'one',
  })
}

/** As an analysis wrote them; none where it wrote no such file. Lines that are none are passed over. */
export async function* readMet(path: string): AsyncGenerator<MetSubject> {
  if (!existsSync(path)) return
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const met = parseMetLine(line)
    if (met !== null) yield met
  }
}

function parseMetLine(line: string): MetSubject | null {
  const json = jsonOf(line)
  if (json === null) return null
  const { kind, value, first } = json
  const named = kinds.find((each) => each === kind)
  const firstMs = typeof first === 'string' ? Date.parse(first) : Number.NaN
  if (named === undefined || typeof value !== 'string' || Number.isNaN(firstMs)) return null
  return { subject: { kind: named, value }, firstMs }
}

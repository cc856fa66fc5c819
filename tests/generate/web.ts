import type { Host } from './network.ts'
import { hash32 } from './random.ts'
import type { Stage } from './stage.ts'
import type { Connection, Outcome } from './wire.ts'

/** What a host browses with; the same in every story, whatever the seed. */
export type Client = { readonly kind: string; readonly userAgent: string }

const clients: readonly Client[] = [
  {
    kind: 'chrome-windows',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  },
  {
    kind: 'firefox-windows',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0',
  },
  {
    kind: 'firefox-linux',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
  },
]

export function clientOf(who: Host): Client {
  return clients[[0, 0, 1, 0, 2][hash32(who.name, 3) % 5] ?? 0] ?? { kind: '', userAgent: '' }
}

type Exchange = {
  readonly from: Host
  readonly domain: string
  readonly atMs: number
  readonly durationMs: number
  readonly srcBytes: number
  readonly dstBytes: number
  readonly port?: number
  readonly outcome?: Outcome
}

/** Looks the domain up, then talks TLS to it. */
export function overTls(stage: Stage, exchange: Exchange): Connection {
  const { server, readyMs } = stage.resolve(exchange.from, exchange.domain, exchange.atMs)
  const conn = stage.connect({
    from: exchange.from,
    to: server,
    port: exchange.port ?? 443,
    outcome: exchange.outcome ?? 'finished',
    service: 'tls',
    atMs: readyMs,
    durationMs: exchange.durationMs,
    srcBytes: exchange.srcBytes + 600,
    dstBytes: exchange.dstBytes + 3200,
  })
  stage.handshake(conn, exchange.domain, clientOf(exchange.from).kind)
  return conn
}

/** Looks the domain up, then talks QUIC to it. */
export function overQuic(stage: Stage, exchange: Exchange): Connection {
  const { server, readyMs } = stage.resolve(exchange.from, exchange.domain, exchange.atMs)
  const conn = stage.connect({
    from: exchange.from,
    to: server,
    port: 443,
    proto: 'udp',
    service: 'quic',
    atMs: readyMs,
    durationMs: exchange.durationMs,
    srcBytes: exchange.srcBytes + 2400,
    dstBytes: exchange.dstBytes + 3600,
  })
  stage.handshake(conn, exchange.domain, clientOf(exchange.from).kind)
  return conn
}

export type Request = {
  readonly method?: string
  readonly uri: string
  readonly userAgent?: string
  readonly status?: number
  readonly statusMessage?: string
  readonly mimeType: string
  readonly requestBytes?: number
  readonly responseBytes: number
}

/** Looks the domain up, then makes the requests one after the other on one plain HTTP connection. */
export function overHttp(
  stage: Stage,
  options: {
    readonly from: Host
    readonly domain: string
    readonly atMs: number
    readonly durationMs: number
    readonly requests: readonly Request[]
  },
): Connection {
  const { from, domain, requests, durationMs } = options
  const { server, readyMs } = stage.resolve(from, domain, options.atMs)
  const conn = stage.connect({
    from,
    to: server,
    port: 80,
    service: 'http',
    atMs: readyMs,
    durationMs,
    srcBytes: requests.reduce((sum, request) => sum + 420 + (request.requestBytes ?? 0), 0),
    dstBytes: requests.reduce((sum, request) => sum + 310 + request.responseBytes, 0),
  })
  const stepUs = Math.floor((conn.endUs - conn.startUs) / (requests.length + 1))
  for (const [index, request] of requests.entries()) {
    const atUs = conn.startUs + stepUs * index + Math.min(stepUs, 3000)
    const fileId = request.responseBytes > 0 ? `F${stage.random.base62(17)}` : ''
    stage.write({
      kind: 'http',
      conn,
      atUs,
      writtenUs: atUs + stepUs,
      depth: index + 1,
      method: request.method ?? 'GET',
      host: domain,
      uri: request.uri,
      referrer: '',
      userAgent: request.userAgent ?? clientOf(from).userAgent,
      requestBytes: request.requestBytes ?? 0,
      responseBytes: request.responseBytes,
      status: request.status ?? 200,
      statusMessage: request.statusMessage ?? 'OK',
      mimeType: fileId === '' ? '' : request.mimeType,
      fileId,
    })
    if (fileId !== '') {
      const filename = request.uri.slice(request.uri.lastIndexOf('/') + 1)
      stage.file(conn, {
        fileId,
        mimeType: request.mimeType,
        filename,
        bytes: request.responseBytes,
        atUs: atUs + 1000,
      })
    }
  }
  return conn
}

import { host } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'
import { clientOf, overHttp, overTls, type Request } from '../web.ts'

/** What the odd visits to web sites have in common. */
type VisitOptions = { readonly from: string; readonly domain: string; readonly at: number }

function visit(name: string, play: (stage: Stage) => void): Actor {
  return { name, benign: false, play }
}

function ask(stage: Stage, { from, domain, at }: VisitOptions, requests: readonly Request[]) {
  return overHttp(stage, { from: host(from), domain, atMs: at, durationMs: 400 * requests.length, requests })
}

/** A request with a method that nobody has heard of. */
export function inventedMethod(options: VisitOptions & { readonly method: string }): Actor {
  return visit('invented-method', (stage) => {
    const conn = ask(stage, options, [
      {
        method: options.method,
        uri: '/cgi/x',
        mimeType: 'text/html',
        status: 400,
        statusMessage: 'Bad Request',
        responseBytes: 180,
      },
    ])
    stage.write({
      kind: 'weird',
      conn,
      atUs: conn.startUs + 3000,
      writtenUs: conn.startUs + 3000,
      name: 'unknown_HTTP_method',
      addl: options.method,
    })
  })
}

/** Orders lie on a paste site. */
export function pasteOverHttp(options: VisitOptions): Actor {
  return visit('paste-over-http', (stage) => {
    ask(stage, options, [{ uri: '/raw/Xk29fQ', mimeType: 'text/plain', responseBytes: 4210 }])
  })
}

export function pasteOverTls(options: VisitOptions): Actor {
  return visit('paste-over-tls', (stage) => {
    overTls(stage, {
      from: host(options.from),
      domain: options.domain,
      atMs: options.at,
      durationMs: 900,
      srcBytes: 700,
      dstBytes: 9000,
    })
  })
}

/** Is there a way out? The first page of a site that is always there, again and again, and nothing of it is wanted. */
export function connectivityCheck(
  options: VisitOptions & { readonly times: number; readonly everyMs: number },
): Actor {
  return visit('connectivity-check', (stage) => {
    for (let time = 0; time < options.times; time++) {
      ask(stage, { ...options, at: options.at + time * options.everyMs }, [
        { uri: '/', mimeType: '', status: 204, statusMessage: 'No Content', responseBytes: 0 },
      ])
    }
  })
}

/** Requests under several names, one after the other. */
export function borrowedNames(options: VisitOptions & { readonly userAgents: readonly string[] }): Actor {
  return visit('borrowed-names', (stage) => {
    const who = host(options.from)
    // What makes the card known to a sensor that does not write MAC addresses of connections.
    stage.arp({ operation: 'request', from: who, to: host('gateway'), atMs: options.at - 1000 })
    for (const [index, userAgent] of options.userAgents.entries()) {
      ask(stage, { ...options, at: options.at + index * 20_000 }, [
        { uri: '/index.html', userAgent, mimeType: 'text/html', responseBytes: 5200 },
      ])
    }
  })
}

/** TLS with a server whose certificate is anybody's, signed by an authority or by itself. */
export function foreignCertificate(
  options: VisitOptions & {
    readonly commonName: string
    readonly owner?: string
    readonly isSelfSigned?: boolean
    /** Whether Zeek tells of the certificate in x509.log alone. */
    readonly isApart?: boolean
  },
): Actor {
  return visit('foreign-certificate', (stage) => {
    const who = host(options.from)
    const { server, readyMs } = stage.resolve(who, options.domain, options.at)
    const conn = stage.connect({
      from: who,
      to: server,
      port: 443,
      service: 'tls',
      atMs: readyMs,
      durationMs: 4200,
      srcBytes: 2100,
      dstBytes: 6400,
    })
    const subject = `CN=${options.commonName},O=${options.owner ?? 'Internet Widgits Pty Ltd'},C=AU`
    stage.handshake(conn, options.domain, clientOf(who).kind, {
      subject,
      ...(options.isSelfSigned === true ? { issuer: subject } : {}),
      ...(options.isApart === true ? { isApart: true } : {}),
    })
  })
}

/** Names are looked up over HTTPS, at an address that the program has built in. */
export function dnsOverHttps(options: VisitOptions & { readonly to: string }): Actor {
  return visit('dns-over-https', (stage) => {
    const who = host(options.from)
    const conn = stage.connect({
      from: who,
      to: host(options.to),
      port: 443,
      service: 'tls',
      atMs: options.at,
      durationMs: 61_000,
      srcBytes: 8200,
      dstBytes: 14_100,
    })
    stage.handshake(conn, options.domain, clientOf(who).kind)
  })
}

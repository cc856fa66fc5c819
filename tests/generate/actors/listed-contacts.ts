import { host } from '../network.ts'
import { type Actor, digest, type Stage } from '../stage.ts'
import { overHttp } from '../web.ts'

function attack(name: string, play: (stage: Stage) => void): Actor {
  return { name, benign: false, play }
}

/** What gives the server of `commandServer` and its client away, however it is called. */
export const commandServerTraits = {
  ja3: digest('md5', 'client of a bot'),
  ja3s: digest('md5', 'server of a bot'),
  certificateSha256: digest('sha256', 'certificate of a bot'),
}

/** A bot calls home over TLS 1.2, again and again. */
export function commandServer(options: {
  readonly from: string
  readonly domain: string
  readonly at: number
  readonly times: number
  readonly everyMs: number
}): Actor {
  return attack('command-server', (stage) => {
    const from = host(options.from)
    for (let time = 0; time < options.times; time += 1) {
      const atMs = options.at + time * options.everyMs + stage.random.between(0, 2_000)
      const { server, readyMs } = stage.resolve(from, options.domain, atMs)
      const conn = stage.connect({
        from,
        to: server,
        port: 443,
        service: 'tls',
        atMs: readyMs,
        durationMs: 900,
        srcBytes: 900,
        dstBytes: 2_600,
      })
      stage.write({
        kind: 'tls',
        conn,
        atUs: conn.startUs + 12_000,
        writtenUs: conn.startUs + 37_000,
        version: 'TLSv12',
        cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        serverName: options.domain,
        resumed: false,
        subject: `CN=${options.domain},O=Example Ltd,C=CH`,
        issuer: 'CN=Trust Root Issuing CA 2,O=Trust Root,C=CH',
        fingerprint: commandServerTraits.certificateSha256,
        isCertificateApart: false,
        ja3: commandServerTraits.ja3,
        ja3s: commandServerTraits.ja3s,
      })
    }
  })
}

/** A second stage comes in as data from a web server. Its name, type and size decide its hashes. */
export function stagedDownload(options: {
  readonly from: string
  readonly domain: string
  readonly uri: string
  readonly at: number
}): Actor {
  return attack('staged-download', (stage) => {
    overHttp(stage, {
      from: host(options.from),
      domain: options.domain,
      atMs: options.at,
      durationMs: 1_800,
      requests: [{ uri: options.uri, mimeType: 'image/png', responseBytes: 48_213 }],
    })
  })
}

/** Someone from outside opens a web session with a server of the office. */
export function visitor(options: { readonly from: string; readonly to: string; readonly at: number }): Actor {
  return attack('visitor', (stage) => {
    stage.connect({
      from: host(options.from),
      to: host(options.to),
      port: 443,
      service: 'tls',
      atMs: options.at,
      durationMs: 4_000,
      srcBytes: 2_400,
      dstBytes: 38_000,
    })
  })
}

/** A connection to a relay by its address, as programs that know a list of relays make them. */
export function relayClient(options: {
  readonly from: string
  readonly to: string
  readonly at: number
}): Actor {
  return attack('relay-client', (stage) => {
    stage.connect({
      from: host(options.from),
      to: host(options.to),
      port: 443,
      service: 'tls',
      atMs: options.at,
      durationMs: 60_000,
      srcBytes: 18_000,
      dstBytes: 90_000,
    })
  })
}

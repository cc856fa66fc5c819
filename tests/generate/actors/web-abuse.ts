import { host } from '../network.ts'
import type { Actor } from '../stage.ts'
import { overHttp } from '../web.ts'

/** A program asks a web site for something under a name that no browser has. */
export function suspiciousUserAgent(options: {
  readonly from: string
  readonly domain: string
  readonly at: number
  readonly userAgent?: string
}): Actor {
  return {
    name: 'suspicious-user-agent',
    benign: false,
    play: (stage) => {
      overHttp(stage, {
        from: host(options.from),
        domain: options.domain,
        atMs: options.at,
        durationMs: 700,
        requests: [
          {
            uri: '/gate',
            userAgent: options.userAgent ?? 'HttpSend/2.1',
            mimeType: 'text/plain',
            responseBytes: 64,
          },
        ],
      })
    },
  }
}

/** A Windows program comes in over plain HTTP, named like a document. */
export function executableDownload(options: {
  readonly from: string
  readonly domain: string
  readonly at: number
  readonly bytes?: number
}): Actor {
  return {
    name: 'executable-download',
    benign: false,
    play: (stage) => {
      overHttp(stage, {
        from: host(options.from),
        domain: options.domain,
        atMs: options.at,
        durationMs: 3400,
        requests: [
          {
            uri: '/invoices/invoice-2024-05.pdf.exe',
            mimeType: 'application/x-dosexec',
            responseBytes: options.bytes ?? 734_208,
          },
        ],
      })
    },
  }
}

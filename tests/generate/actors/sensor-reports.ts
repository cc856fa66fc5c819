import { host } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'
import { overHttp } from '../web.ts'

/** What a sensor concludes by itself, of traffic that another tap of it has seen. */
type ReportOptions = { readonly from: string; readonly at: number }

function report(
  name: string,
  { from, at }: ReportOptions,
  note: string,
  text: (ip: string) => string,
  more: { readonly to?: string; readonly port?: number } = {},
): Actor {
  return {
    name,
    benign: false,
    play: (stage: Stage) => {
      const srcIp = host(from).ip
      const atUs = stage.toUs(at)
      stage.write({
        kind: 'notice',
        atUs,
        writtenUs: atUs,
        note,
        text: text(srcIp),
        srcIp,
        dstIp: more.to === undefined ? '' : host(more.to).ip,
        port: more.port ?? null,
        truth: stage.truth,
      })
    },
  }
}

/** Zeek's script for scans says so; the message alone names the target, as its older versions had it. */
export function reportedPortScan(options: ReportOptions & { readonly to: string }): Actor {
  const target = host(options.to).ip
  return report(
    'reported-port-scan',
    options,
    'Scan::Port_Scan',
    (ip) => `${ip} scanned at least 15 unique ports of host ${target} in 0m4s`,
  )
}

export function reportedAddressScan(options: ReportOptions & { readonly port: number }): Actor {
  return report(
    'reported-address-scan',
    options,
    'Scan::Address_Scan',
    (ip) => `${ip} scanned at least 25 unique hosts on port ${options.port}/tcp in 0m6s`,
    { port: options.port },
  )
}

/** A script that looks at ICMP alone says so, of what another tap has seen. */
export function reportedIcmpSweep(
  options: ReportOptions & { readonly kind: 'address' | 'timestamp'; readonly targets: number },
): Actor {
  const note = options.kind === 'address' ? 'ICMP::ICMPAddressScan' : 'ICMP::ICMPTimestampScan'
  return report(
    `reported-icmp-${options.kind}-sweep`,
    options,
    note,
    (ip) => `${ip} performed ICMP ${options.kind} scan on ${options.targets} hosts`,
  )
}

export function reportedGuessing(options: ReportOptions): Actor {
  return report(
    'reported-guessing',
    options,
    'SSH::Password_Guessing',
    (ip) => `${ip} appears to be guessing SSH passwords (seen in 30 connections).`,
  )
}

/** A file whose hash a registry of malware knows. */
export function noticedMalware(options: ReportOptions & { readonly to: string }): Actor {
  return report(
    'noticed-malware',
    options,
    'TeamCymruMalwareHashRegistry::Match',
    () => 'Malware Hash Registry Detection rate: 71%  Last seen: 2024-05-12 21:10:44',
    { to: options.to, port: 80 },
  )
}

/** A program reports in to its server, and a rule about its kind matches, several times. */
export function matchedRule(
  options: ReportOptions & { readonly domain: string; readonly times: number },
): Actor {
  return {
    name: 'matched-rule',
    benign: false,
    play: (stage) => {
      for (let time = 0; time < options.times; time++) {
        const conn = overHttp(stage, {
          from: host(options.from),
          domain: options.domain,
          atMs: options.at + time * 50_000,
          durationMs: 300,
          requests: [{ uri: `/news/${time}`, mimeType: 'text/plain', responseBytes: 48 }],
        })
        stage.write({
          kind: 'alert',
          conn,
          atUs: conn.startUs + 4000,
          writtenUs: conn.startUs + 4000,
          signatureId: 9_000_017,
          signature: 'EXAMPLE MALWARE Checkin over HTTP',
          category: 'Malware Command and Control Activity Detected',
          severity: 1,
          techniques: ['T1071.001'],
        })
      }
    },
  }
}

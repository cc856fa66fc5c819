/**
 * Handshakes and the certificate they show, where a sensor tells of the two in records of their own: in either order, seconds apart, and of
 * the certificate but once a day. For detectors keyed by certificate.
 */
import type { Certificate, Tls } from '@weir/schemas'

/** What is known of a certificate. Names are cut, and so many of them are kept. */
export type ShownCertificate = {
  readonly subject: string
  readonly issuer: string
  readonly dnsNames: readonly string[]
}

/** Plain data: the memory of a detector, for one certificate. */
export type CertificateJoin = {
  certificate: ShownCertificate | null
  /** Handshakes whose certificate has not been told of, oldest first. */
  waiting: Tls[]
}

/** What the memory takes at most, as bytes. */
export const maxJoinBytes = 80_000

/**
 * Zeek writes a certificate when it has read it, some round trips after the handshake began; a minute covers slow ones.
 */
const WAIT_MS = 60_000
const MAX_WAITING = 20
const MAX_NAMES = 100
const MAX_NAME = 253
const MAX_SUBJECT = 500

export const emptyJoin = (): CertificateJoin => ({ certificate: null, waiting: [] })

/** The certificate that the handshake shows by itself, else `null`. */
export function shownByItself(record: Tls): ShownCertificate | null {
  return record.subject === '' ? null : { subject: record.subject, issuer: record.issuer, dnsNames: [] }
}

type JoinTools = {
  state(): CertificateJoin
  peek(): CertificateJoin | undefined
  readonly nowMs: number
  wakeAt(dueMs: number): void
}

type Judge<T> = (record: Tls, shown: ShownCertificate, tools: T) => void

/** Has the handshake judged by what is known of its certificate, or makes it wait for that. */
export function judgeOrWait<T extends JoinTools>(record: Tls, tools: T, judge: Judge<T>): void {
  const { certificate, waiting } = tools.state()
  if (certificate !== null) judge(record, certificate, tools)
  else if (waiting.length < MAX_WAITING) {
    waiting.push(record)
    tools.wakeAt(tools.nowMs + WAIT_MS)
  }
}

/** Takes the certificate in, and has the handshakes judged that have waited for it. */
export function judgeWaiting<T extends JoinTools>(record: Certificate, tools: T, judge: Judge<T>): void {
  const join = tools.state()
  const certificate: ShownCertificate = {
    subject: record.subject.slice(0, MAX_SUBJECT),
    issuer: record.issuer.slice(0, MAX_SUBJECT),
    dnsNames: record.dnsNames.slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME).toLowerCase()),
  }
  join.certificate = certificate
  const { waiting } = join
  join.waiting = []
  for (const waited of waiting) judge(waited, certificate, tools)
}

/** Lets go of the handshakes that have waited long enough by `dueMs`. */
export function stopWaiting(dueMs: number, tools: Pick<JoinTools, 'peek'>): void {
  const join = tools.peek()
  if (join !== undefined) join.waiting = join.waiting.filter(({ observedMs }) => observedMs + WAIT_MS > dueMs)
}

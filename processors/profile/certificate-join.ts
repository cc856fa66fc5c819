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

/** What is known of the handshake's certificate; `null` when it has to wait for it. */
export function shownOrWaits(
  join: CertificateJoin,
  record: Tls,
  nowMs: number,
  wakeAt: (dueMs: number) => void,
): ShownCertificate | null {
  if (join.certificate !== null) return join.certificate
  if (join.waiting.length < MAX_WAITING) {
    join.waiting.push(record)
    wakeAt(nowMs + WAIT_MS)
  }
  return null
}

/** Takes the certificate in, and gives the handshakes that have waited for it. */
export function certificateCame(join: CertificateJoin, record: Certificate): readonly Tls[] {
  join.certificate = {
    subject: record.subject.slice(0, MAX_SUBJECT),
    issuer: record.issuer.slice(0, MAX_SUBJECT),
    dnsNames: record.dnsNames.slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME).toLowerCase()),
  }
  const { waiting } = join
  join.waiting = []
  return waiting
}

/** Lets go of the handshakes that have waited long enough by `nowMs`. */
export function stopWaiting(join: CertificateJoin, nowMs: number): void {
  join.waiting = join.waiting.filter(({ observedMs }) => observedMs + WAIT_MS > nowMs)
}

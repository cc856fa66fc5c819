import type { Parsed } from './parser.ts'
import { rejected } from './zeek-fates.ts'
import { type Fields, firstText } from './zeek-fields.ts'
import { headOf } from './zeek-head.ts'

/**
 * x509.log: a certificate, by fingerprint (since Zeek 4.1, once a day for each) or by file id (before, once for each handshake). No host
 * is named.
 */
export function certificateOf(fields: Fields, site: string): Parsed {
  const head = headOf(fields, site, '')
  if ('kind' in head) return head
  const certificate = firstText(fields, 'fingerprint', 'id')
  if (certificate === '') return rejected.noCertificate
  return {
    ...head,
    kind: 'certificate',
    certificate,
    serial: fields.text('certificate.serial'),
    subject: fields.text('certificate.subject'),
    issuer: fields.text('certificate.issuer'),
    notBeforeMs: fields.time('certificate.not_valid_before'),
    notAfterMs: fields.time('certificate.not_valid_after'),
    dnsNames: fields.list('san.dns'),
  }
}

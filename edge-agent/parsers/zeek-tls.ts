import type { Parsed } from './parser.ts'
import { type Fields, firstList, firstText } from './zeek-fields.ts'
import { connectionHeadOf } from './zeek-head.ts'

/**
 * ssl.log of all generations: certificates by fingerprint (`cert_chain_fps`, Zeek 5), by file id (`cert_chain_fuids`) or
 * the leaf's hash alone (`cert_hash`, Bro 2.1).
 */
export function tlsOf(fields: Fields, site: string): Parsed {
  const version = fields.text('version')
  const head = connectionHeadOf(fields, site, /^DTLS/i.test(version) ? 'udp' : 'tcp')
  if ('kind' in head) return head
  const certificates = firstList(fields, 'cert_chain_fps', 'cert_chain_fuids')
  return {
    ...head,
    kind: 'tls',
    version,
    cipher: fields.text('cipher'),
    curve: fields.text('curve'),
    serverName: fields.text('server_name'),
    resumed: fields.flag('resumed'),
    established: fields.flag('established'),
    subject: fields.text('subject'),
    issuer: firstText(fields, 'issuer', 'issuer_subject'),
    clientSubject: fields.text('client_subject'),
    validationStatus: fields.text('validation_status'),
    ja3: fields.text('ja3'),
    ja3s: fields.text('ja3s'),
    ja4: fields.text('ja4'),
    certificates: certificates.length === 0 ? fields.list('cert_hash') : certificates,
    clientCertificates: firstList(fields, 'client_cert_chain_fps', 'client_cert_chain_fuids'),
    isDoh: fields.flag('is_DoH'),
    sniMatchesCert: fields.flag('sni_matches_cert'),
    notBeforeMs: fields.time('not_valid_before'),
    notAfterMs: fields.time('not_valid_after'),
  }
}

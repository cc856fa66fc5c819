import { canonicalAddress } from './address.ts'
import type { Parsed } from './parser.ts'
import { skipped } from './zeek-fates.ts'
import { addressList, countOrNull, type Fields } from './zeek-fields.ts'
import { headOf } from './zeek-head.ts'

/** files.log of both generations: with `tx_hosts`, `rx_hosts` and `conn_uids`, or with one connection's `uid` and `id`. */
export function fileOf(fields: Fields, site: string): Parsed {
  const head = headOf(fields, site, '')
  if ('kind' in head) return head
  let senderIps = addressList(fields, 'tx_hosts', canonicalAddress)
  let receiverIps = addressList(fields, 'rx_hosts', canonicalAddress)
  if (head.srcIp !== '' && head.dstIp !== '' && senderIps.length === 0 && receiverIps.length === 0) {
    const fromSource = fields.flag('is_orig')
    if (fromSource !== null) {
      senderIps = [fromSource ? head.srcIp : head.dstIp]
      receiverIps = [fromSource ? head.dstIp : head.srcIp]
    }
  }
  if (head.srcIp === '' || head.dstIp === '') {
    head.srcIp = senderIps[0] ?? receiverIps[0] ?? ''
    head.dstIp = senderIps.length > 0 ? (receiverIps[0] ?? '') : ''
    if (head.srcIp === '') return skipped.noAddress
  }
  const uid = fields.text('uid')
  const listed = fields.list('conn_uids')
  const connUids = listed.length === 0 && uid !== '' ? [uid] : listed
  head.uid = connUids[0] ?? head.uid
  return {
    ...head,
    kind: 'file',
    fileId: fields.text('fuid'),
    connUids,
    senderIps,
    receiverIps,
    fileSource: fields.text('source'),
    analyzers: fields.list('analyzers'),
    mimeType: fields.text('mime_type'),
    filename: fields.text('filename'),
    sizeBytes: countOrNull(fields, 'total_bytes'),
    md5: fields.text('md5'),
    sha1: fields.text('sha1'),
    sha256: fields.text('sha256'),
  }
}

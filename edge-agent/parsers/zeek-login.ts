import type { Parsed } from './parser.ts'
import type { Fields } from './zeek-fields.ts'
import { connectionHeadOf, protoOf } from './zeek-head.ts'

/** login.log, which is written by a script and not by Zeek itself (spec inputs.md section 10.7). Its password is never read. */
export function loginOf(fields: Fields, site: string): Parsed {
  const proto = protoOf(fields)
  const head = connectionHeadOf(fields, site, 'tcp')
  if ('kind' in head) return head
  return {
    ...head,
    kind: 'login',
    // The script's `proto` may name the service (`telnet`) or the transport.
    service: proto === '' || proto === 'tcp' ? serviceOf(head.dstPort) : proto,
    success: fields.flag('success') ?? false,
    confused: fields.flag('confused') ?? false,
    user: fields.text('user'),
    clientUser: fields.text('client_user'),
  }
}

/** The ports the script watches. */
function serviceOf(port: number | null): string {
  return port === 23 ? 'telnet' : port === 513 ? 'rlogin' : port === 514 ? 'rsh' : ''
}

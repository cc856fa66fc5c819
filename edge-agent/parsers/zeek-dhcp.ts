import { canonicalMac } from './address.ts'
import type { Parsed } from './parser.ts'
import { rejected } from './zeek-fates.ts'
import { addressOrNone, type Fields, firstText } from './zeek-fields.ts'
import { headOf } from './zeek-head.ts'

const noClient = '0.0.0.0'
const allHosts = '255.255.255.255'

/**
 * Both generations of dhcp.log: one row for a whole exchange with `uids` and `client_addr` (Zeek 2.6 and later), or one for
 * an acknowledged lease with a connection's `id` and `assigned_ip`.
 */
export function dhcpOf(fields: Fields, site: string): Parsed {
  const head = headOf(fields, site, 'udp')
  if ('kind' in head) return head
  const client = fields.address('client_addr')
  const server = fields.address('server_addr')
  if (client === null || server === null) return rejected.badAddress
  const clientIp = client === '' && head.srcIp !== noClient ? head.srcIp : client
  const serverIp = server === '' && head.dstIp !== allHosts ? head.dstIp : server
  const uid = fields.text('uid')
  const uids = uid === '' ? fields.list('uids') : [uid]
  head.uid = uids[0] ?? head.uid
  head.srcIp = clientIp === '' ? noClient : clientIp
  head.dstIp = serverIp === '' ? allHosts : serverIp
  return {
    ...head,
    kind: 'dhcp',
    uids,
    mac: canonicalMac(fields.text('mac')),
    clientIp,
    serverIp,
    requestedIp: addressOrNone(fields, 'requested_addr'),
    assignedIp: addressOrNone(fields, 'assigned_addr') || addressOrNone(fields, 'assigned_ip'),
    hostName: firstText(fields, 'host_name', 'client_fqdn'),
    domain: fields.text('domain'),
    messageTypes: fields.list('msg_types'),
  }
}

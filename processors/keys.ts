/** The named ways to split records among detectors. A record belongs to one key of each way, or to none. */
import type { Conn, FlowRecord } from '@weir/schemas'
import { isPublic, isWithinPrivateUse } from './profile/address-class.ts'

export type KeySpec = {
  readonly name: 'source' | 'lan' | 'mac' | 'certificate' | 'login-server'
  /** Which end must be of the home networks where others are not judged: the source when left out. */
  readonly watches?: 'destination'
  /** Site and host, or site and LAN; `null` when the record has none. Two sites may both have a 192.168.1.5. */
  of(record: FlowRecord): string | null
}

/** The host that sent or asked. Records arrive keyed so: costs no repartition. */
export const bySource: KeySpec = {
  name: 'source',
  of: (record) => `${record.site}|${record.srcIp}`,
}

/**
 * One broadcast domain as its sensor sees it: for what has no usable address (DHCP, ARP). Of connections, a few of those that show
 * the MAC of the way out: one in sixteen, by the client's port, as all of a site would meet under one key.
 */
export const byLan: KeySpec = {
  name: 'lan',
  of: (record) =>
    record.kind === 'dhcp' || record.kind === 'arp' || (record.kind === 'conn' && showsWayOut(record))
      ? `${record.site}|${record.sensor}`
      : null,
}

function showsWayOut({ dstMac, srcPort, srcIp, dstIp }: Conn): boolean {
  return (
    dstMac !== '' &&
    srcPort !== null &&
    // Above the lowest bit, as systems prefer even ports.
    ((srcPort >> 1) & 15) === 0 &&
    !srcIp.includes(':') &&
    isWithinPrivateUse(srcIp) &&
    isPublic(dstIp)
  )
}

/**
 * One device by its MAC, whatever its address: its own repartition, of records whose sensor tells the MAC and whose source is an IPv4
 * address of a private network, or a client that asks for one.
 */
export const byMac: KeySpec = {
  name: 'mac',
  of: (record) => {
    const mac = macOf(record)
    return mac === '' ? null : `${record.site}|${mac}`
  },
}

function macOf(record: FlowRecord): string {
  if (record.kind === 'dhcp') return record.mac
  if (record.kind !== 'conn' && record.kind !== 'arp') return ''
  const mac = record.kind === 'arp' && record.srcHw !== '' ? record.srcHw : record.srcMac
  return mac === '' || record.srcIp.includes(':') || !isWithinPrivateUse(record.srcIp) ? '' : mac
}

/**
 * One certificate of a server, where the handshake tells its fingerprint and a record of its own tells the rest: handshake and certificate
 * meet, whichever comes first. A handshake that shows its certificate itself goes by its source. What shows none belongs nowhere.
 */
export const byCertificate: KeySpec = {
  name: 'certificate',
  of: (record) => {
    if (record.kind === 'certificate') {
      return isFingerprint(record.certificate) ? `${record.site}|${record.certificate}` : null
    }
    if (record.kind !== 'tls') return null
    if (record.subject !== '') return bySource.of(record)
    const [leaf] = record.certificates
    if (leaf !== undefined && isFingerprint(leaf)) return `${record.site}|${leaf}`
    // What the sensor says of a certificate that it does not show.
    return record.validationStatus === '' && record.sniMatchesCert !== false ? null : bySource.of(record)
  },
}

/** The server that a host logs in to over SSH, whoever comes: its own repartition, of those sessions alone. */
export const byLoginServer: KeySpec = {
  name: 'login-server',
  watches: 'destination',
  of: (record) => (record.kind === 'ssh' && record.dstIp !== '' ? `${record.site}|${record.dstIp}` : null),
}

/** A SHA-1 or SHA-256 in hex. A file id names the certificate of one handshake, by sensors that show certificates in handshakes anyway. */
const isFingerprint = (text: string): boolean => text.length === 40 || text.length === 64

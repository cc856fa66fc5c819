/** The named ways to split records among detectors. A record belongs to one key of each way, or to none. */
import type { FlowRecord } from '@weir/schemas'

export type KeySpec = {
  readonly name: 'source' | 'lan'
  /** Site and host, or site and LAN; `null` when the record has none. Two sites may both have a 192.168.1.5. */
  of(record: FlowRecord): string | null
}

/** The host that sent or asked. Records arrive keyed so: costs no repartition. */
export const bySource: KeySpec = {
  name: 'source',
  of: (record) => `${record.site}|${record.srcIp}`,
}

/** One broadcast domain as its sensor sees it: for what has no usable address (DHCP, ARP). */
export const byLan: KeySpec = {
  name: 'lan',
  of: (record) =>
    record.kind === 'dhcp' || record.kind === 'arp' ? `${record.site}|${record.sensor}` : null,
}

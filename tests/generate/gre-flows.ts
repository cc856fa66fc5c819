import type { Label, Wire } from './wire.ts'

/** A GRE tunnel as a sensor of flows sees it: packets of IP protocol 47 between its ends. */
export type GreFlow = {
  readonly srcIp: string
  readonly dstIp: string
  readonly startUs: number
  readonly endUs: number
  readonly srcPkts: number
  readonly dstPkts: number
  /** From the outer IP header on. */
  readonly srcBytes: number
  readonly dstBytes: number
  readonly truth: Label
}

/** Outer IP header, GRE, and the IP and TCP headers within. */
const HEADERS = 20 + 4 + 40

/** In order of their start. Of a tunnel in which nothing ran the first packet is all there is. */
export function greFlows(wire: Wire): readonly GreFlow[] {
  return wire.messages.flatMap((message) => {
    if (message.kind !== 'tunnel' || message.action !== 'DISCOVER') return []
    const { uid, srcIp, dstIp, atUs, truth } = message
    const inside = wire.connections.filter(({ tunnelUid }) => tunnelUid === uid)
    const sum = (of: (conn: Wire['connections'][number]) => number) =>
      inside.reduce((total, conn) => total + of(conn), 0)
    const [srcPkts, dstPkts] = [sum((conn) => conn.srcPkts), sum((conn) => conn.dstPkts)]
    return {
      srcIp,
      dstIp,
      truth,
      startUs: atUs,
      endUs: Math.max(atUs, ...inside.map(({ endUs }) => endUs)),
      srcPkts: Math.max(1, srcPkts),
      dstPkts,
      srcBytes: Math.max(1, srcPkts) * HEADERS + sum((conn) => conn.srcBytes),
      dstBytes: dstPkts * HEADERS + sum((conn) => conn.dstBytes),
    }
  })
}

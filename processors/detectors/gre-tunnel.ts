import type { Conn, Tunnel } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { flag } from './settings.ts'

/** The far end to the newest window in which its tunnel was told of. */
type State = Map<string, number>

const MAX_PEERS = 256

const settings = {
  fromConnections: flag(
    true,
    'Whether connections of protocol GRE count where the sensor writes no tunnels.',
  ),
}

type GreTools = Tools<State, typeof settings>

export const greTunnel = defineDetector({
  id: 'gre-tunnel',
  version: 2,
  claim: 'A host carries traffic to another inside GRE, past what looks at its connections.',
  spec: 'TUN-01',
  types: ['GRE_TUNNEL'],
  level: 'low',
  techniques: ['T1572'],
  misfires:
    'Tunnels between sites and to providers of filtering; single packets from scanners of the internet.',
  key: bySource,
  settings,
  state: { scope: 'host', version: 1, maxBytes: 20_000, empty: (): State => new Map() },
  on: {
    tunnel(record, tools) {
      if (!record.tunnelType.toLowerCase().includes('gre')) return
      const { action } = record
      const isStart = action === 'Tunnel::DISCOVER'
      // The end of a tunnel whose start was told adds nothing, even in a later window.
      if (!isStart && tools.peek()?.has(record.dstIp) === true) return
      say(record, saidOf(record, isStart ? 'opened' : 'held', action), action, 1, tools)
    },
    conn(record, tools) {
      if (record.proto !== 'gre' || !tools.config.fromConnections) return
      const action = 'connection'
      const { srcIp, dstIp } = record
      if (record.dstPkts > 0) say(record, saidOf(record, 'held', action), action, 1, tools)
      // A probe, as far as anyone can see.
      else
        say(
          record,
          `${srcIp} sent GRE packets to ${dstIp}, and none came back (${action}).`,
          action,
          0.5,
          tools,
        )
    },
  },
})

const saidOf = ({ srcIp, dstIp }: Conn | Tunnel, verb: string, action: string): string =>
  `${srcIp} ${verb} a GRE tunnel to ${dstIp} (${action}).`

function say(
  record: Conn | Tunnel,
  description: string,
  action: string,
  confidence: number,
  tools: GreTools,
): void {
  const said = tools.state()
  const { startMs } = tools.window
  if ((said.get(record.dstIp) ?? -1) >= startMs) return
  said.delete(record.dstIp)
  if (said.size >= MAX_PEERS)
    for (const oldest of said.keys()) {
      said.delete(oldest)
      break
    }
  said.set(record.dstIp, startMs)
  tools.report({
    key: record.dstIp,
    confidence,
    record,
    description,
    facts: {
      action,
      ...(record.kind === 'conn'
        ? {
            srcPackets: record.srcPkts,
            dstPackets: record.dstPkts,
            srcBytes: record.srcBytes,
            dstBytes: record.dstBytes,
          }
        : { tunnelType: record.tunnelType }),
    },
  })
}

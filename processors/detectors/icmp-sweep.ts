import type { Conn, Level } from '@weir/schemas'
import type { EvidenceType } from '../evidence/evidence-types.ts'
import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { count, steps } from './settings.ts'

type Kind = 'echo' | 'timestamp' | 'mask'

type Sweep = {
  readonly targets: Set<string>
  answered: number
  /** The greatest step that was spoken of. */
  passed: number
  uids: readonly string[]
}

type State = Partial<Record<Kind, Sweep>>

type About = {
  readonly type: EvidenceType
  readonly asks: string
  /** Part of the names of the notices that sensors raise about it. */
  readonly note: string
}

/** What each question is called, and what it asks for. */
const kinds: Readonly<Record<Kind, About>> = {
  echo: { type: 'ICMP_ADDRESS_SCAN', asks: 'whether they are there', note: 'ICMPAddressScan' },
  timestamp: { type: 'ICMP_TIMESTAMP_SCAN', asks: 'for their time', note: 'TimestampScan' },
  mask: { type: 'ICMP_ADDRESS_MASK_SCAN', asks: 'for their network mask', note: 'AddressMaskScan' },
}

/** Types of ICMP and ICMPv6 that are questions (RFC 792, RFC 950, RFC 4443). */
const questions4: Readonly<Partial<Record<number, Kind>>> = { 8: 'echo', 13: 'timestamp', 17: 'mask' }
const ECHO_REQUEST_6 = 128
const MAX_TARGETS = 1_024
const MAX_UIDS = 100
/** The number of hosts at which it is certain, and the slope below (SCAN-03). */
const CERTAIN_HOSTS = 255
const SLOPE_HOSTS = 250
const LEAST_CONFIDENCE = 0.3

export const icmpSweep = defineDetector({
  id: 'icmp-sweep',
  version: 2,
  claim: 'A host asks many others by ICMP whether they are there, for their time or for their network mask.',
  spec: 'SCAN-03',
  types: ['ICMP_ADDRESS_SCAN', 'ICMP_TIMESTAMP_SCAN', 'ICMP_ADDRESS_MASK_SCAN'],
  level: 'medium',
  techniques: ['T1018', 'T1046'],
  misfires: 'Monitoring that pings all it watches; games and downloads that look for the nearest server.',
  key: bySource,
  settings: {
    hosts: steps(
      [5, 10, 25, 50, 100, 255],
      'Hosts asked in one window at which it is said, and said again.',
      MAX_TARGETS,
    ),
    weightyHosts: count(
      10,
      'Hosts asked whether they are there from which on it is more than a hint.',
      MAX_TARGETS,
    ),
  },
  state: { scope: 'window', version: 1, maxBytes: 200_000, empty: (): State => ({}) },
  on: {
    conn(record, tools) {
      if (record.icmpType === null) return
      const kind = kindOf(record)
      if (kind === undefined || !isScannable(record.dstIp) || !isScannable(record.srcIp)) return
      const { config } = tools
      const sweep = sweepOf(tools.state(), kind)
      const { targets } = sweep
      if (targets.has(record.dstIp) || targets.size >= MAX_TARGETS) return
      targets.add(record.dstIp)
      if (record.dstPkts > 0) sweep.answered += 1
      sweep.uids = sampleUid(sweep.uids, record.uid, MAX_UIDS)
      const reached = stepReached(config.hosts, targets.size)
      if (reached <= sweep.passed) return
      sweep.passed = reached
      const hosts = targets.size
      tools.report({
        ...weightOf(kind, hosts, config.weightyHosts),
        key: `${kind}|${reached}`,
        record,
        uids: [...sweep.uids],
        victim: null,
        description: `${record.srcIp} asked ${hosts} hosts by ICMP ${kinds[kind].asks}, of which ${sweep.answered} answered`,
        facts: { hosts, answered: sweep.answered, question: kind, icmpType: record.icmpType },
      })
    },
    notice(record, tools) {
      const kind = kindNoticed(record.note)
      if (kind === undefined || !isScannable(record.srcIp)) return
      const { config } = tools
      const hosts = hostsOf(record.message, config.hosts)
      const reached = stepReached(config.hosts, hosts)
      const sweep = sweepOf(tools.state(), kind)
      // What was seen of it here is not said once more.
      if (reached <= sweep.passed) return
      sweep.passed = reached
      tools.report({
        ...weightOf(kind, hosts, config.weightyHosts),
        key: `${kind}|${reached}`,
        record,
        victim: null,
        description: `The sensor saw ${record.srcIp} ask hosts by ICMP ${kinds[kind].asks}: ${record.message.slice(0, 300)}`,
        facts: {
          hosts,
          question: kind,
          note: record.note.slice(0, 100),
          message: record.message.slice(0, 300),
        },
      })
    },
  },
})

function sweepOf(state: State, kind: Kind): Sweep {
  return (state[kind] ??= { targets: new Set(), answered: 0, passed: 0, uids: [] })
}

/** Programs of people ping a few; nobody asks a few for their time or mask. */
function weightOf(
  kind: Kind,
  hosts: number,
  weightyHosts: number,
): { readonly type: EvidenceType; readonly level: Level; readonly confidence: number } {
  const formula = (Math.min(hosts, CERTAIN_HOSTS) - CERTAIN_HOSTS) / SLOPE_HOSTS + 1
  return {
    type: kinds[kind].type,
    level: kind === 'echo' && hosts < weightyHosts ? 'low' : 'medium',
    confidence: Math.max(LEAST_CONFIDENCE, formula),
  }
}

function kindNoticed(note: string): Kind | undefined {
  if (note.includes(kinds.echo.note)) return 'echo'
  if (note.includes(kinds.timestamp.note)) return 'timestamp'
  return note.includes(kinds.mask.note) ? 'mask' : undefined
}

/** How many the message speaks of; one that names no number speaks of as many as are worth saying. */
function hostsOf(message: string, worthSaying: readonly number[]): number {
  const named = / on (\d{1,6}) hosts/.exec(message)?.[1]
  return named === undefined ? (worthSaying[0] ?? 0) : Number(named)
}

function kindOf({ proto, icmpType, srcIp }: Conn): Kind | undefined {
  if (icmpType === null) return undefined
  if (proto !== 'icmp' || srcIp.includes(':')) return icmpType === ECHO_REQUEST_6 ? 'echo' : undefined
  return questions4[icmpType]
}

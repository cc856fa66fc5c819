import type { Conn } from '@weir/schemas'
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
  readonly uids: string[]
}

type State = Partial<Record<Kind, Sweep>>

/** What each question is called, and what it asks for. */
const kinds: Readonly<Record<Kind, { readonly type: EvidenceType; readonly asks: string }>> = {
  echo: { type: 'ICMP_ADDRESS_SCAN', asks: 'whether they are there' },
  timestamp: { type: 'ICMP_TIMESTAMP_SCAN', asks: 'for their time' },
  mask: { type: 'ICMP_ADDRESS_MASK_SCAN', asks: 'for their network mask' },
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
  version: 1,
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
      const state = tools.state()
      const sweep = (state[kind] ??= { targets: new Set(), answered: 0, passed: 0, uids: [] })
      const { targets } = sweep
      if (targets.has(record.dstIp) || targets.size >= MAX_TARGETS) return
      targets.add(record.dstIp)
      if (record.dstPkts > 0) sweep.answered += 1
      sampleUid(sweep.uids, record.uid, MAX_UIDS)
      const reached = stepReached(config.hosts, targets.size)
      if (reached <= sweep.passed) return
      sweep.passed = reached
      const hosts = targets.size
      // Programs of people ping a few; nobody asks a few for their time or mask.
      const isHint = kind === 'echo' && hosts < config.weightyHosts
      tools.report({
        key: `${kind}|${reached}`,
        type: kinds[kind].type,
        level: isHint ? 'low' : 'medium',
        confidence: Math.max(LEAST_CONFIDENCE, (hosts - CERTAIN_HOSTS) / SLOPE_HOSTS + 1),
        record,
        uids: [...sweep.uids],
        victim: null,
        description: `${record.srcIp} asked ${hosts} hosts by ICMP ${kinds[kind].asks}, of which ${sweep.answered} answered`,
        facts: { hosts, answered: sweep.answered, question: kind, icmpType: record.icmpType },
      })
    },
  },
})

function kindOf({ proto, icmpType, srcIp }: Conn): Kind | undefined {
  if (icmpType === null) return undefined
  if (proto !== 'icmp' || srcIp.includes(':')) return icmpType === ECHO_REQUEST_6 ? 'echo' : undefined
  return questions4[icmpType]
}

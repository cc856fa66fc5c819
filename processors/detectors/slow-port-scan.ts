import { isKnownPort } from '../data/known-ports.ts'
import { bySource } from '../keys.ts'
import { isPublic, isScannable } from '../profile/address-class.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { sampleUid, uidsOf } from '../stats/sample-uids.ts'
import { isUnanswered } from '../stats/unanswered.ts'
import { defineDetector } from './detector.ts'
import { count, number } from './settings.ts'

/** What was tried of one host. */
type Target = {
  readonly dstIp: string
  /** Ports tried, in the order they were first heard of; bounded. */
  readonly ports: number[]
  tries: number
  /** Ports tried from the client port that was used most recently. */
  clientPort: number
  fromSame: number
  readonly firstMs: number
  lastMs: number
  saidWindowMs: number
  uids: readonly string[]
}

type State = Target[]

/** Who goes from host to host is another detector's; a few in turn are one scan each. */
const MAX_TARGETS = 8
const MAX_PORTS = 256
const MAX_UIDS = 10
const HOUR_MS = 3_600_000

export const slowPortScan = defineDetector({
  id: 'slow-port-scan',
  version: 3,
  claim: 'A host outside tries ports of a host, a few an hour, at which nobody offers anything.',
  spec: 'KNOCK-01',
  types: ['VERTICAL_PORT_SCAN'],
  level: 'medium',
  techniques: ['T1046', 'T1595'],
  misfires: 'Peers of a program that no longer runs, which call back at the ports it had.',
  key: bySource,
  settings: {
    ports: count(
      3,
      'Ports in no wide use, tried without an answer, at which it is said: at level medium, then once a window at level low.',
      MAX_PORTS,
    ),
    portsFromSame: count(
      2,
      'The same where all came from one client port, as only packets made by hand do.',
      MAX_PORTS,
    ),
    minMinutes: number(
      5,
      'Minutes from the first try to the latest; a scan that is faster has detectors of its own.',
    ),
    forgetHours: number(6, 'Hours without a try after which the count begins anew.'),
  },
  state: {
    scope: 'host',
    version: 2,
    maxBytes: 18_000,
    empty: (): State => [],
  },
  on: {
    conn(record, tools) {
      const { proto, srcIp, srcPort, dstIp, dstPort, tsMs } = record
      if (proto !== 'tcp' || srcPort === null || dstPort === null || dstPort === 0) return
      if (!isUnanswered(record) || isKnownPort('tcp', dstPort)) return
      if (
        !isPublic(srcIp) ||
        tools.network.isHome(srcIp, dstIp) ||
        !isScannable(dstIp) ||
        isAnswerLike(record)
      )
        return
      const { config, window } = tools
      const target = targetOf(tools.state(), dstIp, tsMs, config.forgetHours * HOUR_MS)
      target.tries += 1
      if (tsMs > target.lastMs) target.lastMs = tsMs
      target.uids = sampleUid(target.uids, record.uid, MAX_UIDS)
      if (target.ports.includes(dstPort)) return
      target.fromSame = srcPort === target.clientPort ? target.fromSame + 1 : 1
      target.clientPort = srcPort
      if (target.ports.length < MAX_PORTS) target.ports.push(dstPort)
      const isEnough = target.ports.length >= config.ports || target.fromSame >= config.portsFromSame
      if (!isEnough || target.lastMs - target.firstMs < config.minMinutes * 60_000) return
      // A fast scan of the same window is told with its own counts.
      if (target.saidWindowMs === window.startMs || tools.host.isScanner(window.startMs)) return
      const isAgain = !Number.isNaN(target.saidWindowMs)
      target.saidWindowMs = window.startMs
      const hours = Math.round(((target.lastMs - target.firstMs) / HOUR_MS) * 10) / 10
      tools.report({
        key: dstIp,
        level: isAgain ? 'low' : 'medium',
        confidence: 0.4,
        record,
        uids: uidsOf(target.uids, record.uid),
        description: `${srcIp} tried ${target.ports.length} ports of ${dstIp} without an answer within ${hours} hours, none of them of a service in wide use`,
        facts: {
          ports: target.ports.length,
          tries: target.tries,
          hours,
          portsFromSameClientPort: target.fromSame,
        },
      })
    },
  },
})

/** A new one where the host was left alone for long; when there is no room, of those with the fewest ports the longest silent goes. */
function targetOf(targets: State, dstIp: string, tsMs: number, forgetMs: number): Target {
  let least = -1
  for (let i = 0; i < targets.length; i += 1) {
    const target = targets[i]
    if (target === undefined) continue
    if (target.dstIp === dstIp) {
      if (Math.abs(tsMs - target.lastMs) <= forgetMs) return target
      targets.splice(i, 1)
      least = -1
      break
    }
    if (least < 0 || isLess(target, targets[least] ?? target)) least = i
  }
  if (targets.length >= MAX_TARGETS) targets.splice(least, 1)
  const target: Target = {
    dstIp,
    ports: [],
    tries: 0,
    clientPort: -1,
    fromSame: 0,
    firstMs: tsMs,
    lastMs: tsMs,
    saidWindowMs: Number.NaN,
    uids: [],
  }
  targets.push(target)
  return target
}

function isLess(a: Target, b: Target): boolean {
  return a.ports.length === b.ports.length ? a.lastMs < b.lastMs : a.ports.length < b.ports.length
}

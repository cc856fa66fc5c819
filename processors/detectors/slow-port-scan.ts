import { isKnownPort } from '../data/known-ports.ts'
import { bySource } from '../keys.ts'
import { isPublic, isScannable } from '../profile/address-class.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { isUnanswered } from '../stats/unanswered.ts'
import { defineDetector } from './detector.ts'
import { count, number } from './settings.ts'

type State = {
  dstIp: string
  /** Ports tried, in the order they were first heard of; bounded. */
  ports: number[]
  tries: number
  /** Ports tried from the client port that was used most recently. */
  clientPort: number
  fromSame: number
  firstMs: number
  lastMs: number
  saidWindowMs: number
  uids: string[]
}

const MAX_PORTS = 256
const MAX_UIDS = 20
const HOUR_MS = 3_600_000

export const slowPortScan = defineDetector({
  id: 'slow-port-scan',
  version: 1,
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
    version: 1,
    maxBytes: 4_500,
    empty: (): State => ({
      dstIp: '',
      ports: [],
      tries: 0,
      clientPort: -1,
      fromSame: 0,
      firstMs: 0,
      lastMs: 0,
      saidWindowMs: Number.NaN,
      uids: [],
    }),
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
      const state = tools.state()
      // Who goes from host to host is another detector's, so one host at a time will do.
      if (state.dstIp !== dstIp || Math.abs(tsMs - state.lastMs) > config.forgetHours * HOUR_MS)
        begin(state, dstIp, tsMs)
      state.tries += 1
      if (tsMs > state.lastMs) state.lastMs = tsMs
      sampleUid(state.uids, record.uid, MAX_UIDS)
      if (state.ports.includes(dstPort)) return
      state.fromSame = srcPort === state.clientPort ? state.fromSame + 1 : 1
      state.clientPort = srcPort
      if (state.ports.length < MAX_PORTS) state.ports.push(dstPort)
      const isEnough = state.ports.length >= config.ports || state.fromSame >= config.portsFromSame
      if (!isEnough || state.lastMs - state.firstMs < config.minMinutes * 60_000) return
      // A fast scan of the same window is told with its own counts.
      if (state.saidWindowMs === window.startMs || tools.host.isScanner(window.startMs)) return
      const isAgain = !Number.isNaN(state.saidWindowMs)
      state.saidWindowMs = window.startMs
      const hours = Math.round(((state.lastMs - state.firstMs) / HOUR_MS) * 10) / 10
      tools.report({
        key: dstIp,
        level: isAgain ? 'low' : 'medium',
        confidence: 0.4,
        record,
        uids: state.uids.length === 0 ? [record.uid] : [...state.uids],
        description: `${srcIp} tried ${state.ports.length} ports of ${dstIp} without an answer within ${hours} hours, none of them of a service in wide use`,
        facts: {
          ports: state.ports.length,
          tries: state.tries,
          hours,
          portsFromSameClientPort: state.fromSame,
        },
      })
    },
  },
})

function begin(state: State, dstIp: string, tsMs: number): void {
  state.dstIp = dstIp
  state.ports = []
  state.tries = 0
  state.clientPort = -1
  state.fromSame = 0
  state.firstMs = tsMs
  state.lastMs = tsMs
  state.saidWindowMs = Number.NaN
  state.uids = []
}

import { bySource } from '../keys.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector, type Finding, type Tools } from './detector.ts'
import { steps } from './settings.ts'

type State = {
  /** Far ends by what became of their tunnel: probed, or carried traffic. */
  readonly ends: Map<string, boolean>
  uids: readonly string[]
  probed: number
  said: number
}

const MAX_ENDS = 2_000
const MAX_UIDS = 20
/** Routers that start have neighbours too, but rarely so many. */
const CERTAIN_ENDS = 10

const settings = {
  steps: steps(
    [3, 10, 100, 1_000],
    'Hosts to which tunnels were begun and not used, in one window, at which it is said.',
    MAX_ENDS,
  ),
}

type ScanTools = Tools<State, typeof settings>

export const greScan = defineDetector({
  id: 'gre-scan',
  version: 2,
  claim:
    'A host begins GRE tunnels to several others and uses none of them, to see who forwards what comes inside.',
  spec: 'TUN-02',
  types: ['GRE_SCAN'],
  level: 'low',
  techniques: ['T1046', 'T1572'],
  misfires: 'Routers that have just started, whose tunnels are up before anything is sent through them.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 130_000,
    empty: (): State => ({ ends: new Map(), uids: [], probed: 0, said: 0 }),
  },
  on: {
    tunnel(record, tools) {
      if (!record.tunnelType.toLowerCase().includes('gre')) return
      // A tunnel that runs into silence says nothing of what it carried; one that is closed was in use.
      if (record.action === 'Tunnel::DISCOVER') note(record, false, tools)
      else if (record.action === 'Tunnel::CLOSE') note(record, true, tools)
    },
    conn(record, tools) {
      if (record.proto === 'gre') note(record, record.dstPkts > 0, tools)
    },
  },
})

function note(record: Finding['record'], isUsed: boolean, tools: ScanTools): void {
  const state = tools.state()
  const known = state.ends.get(record.dstIp)
  // Once used, used: the order in which sensors tell must not matter.
  if (known === true || known === isUsed) return
  if (known === undefined && state.ends.size >= MAX_ENDS) return
  state.ends.set(record.dstIp, isUsed)
  if (isUsed) {
    if (known === false) state.probed -= 1
    return
  }
  state.probed += 1
  state.uids = sampleUid(state.uids, record.uid, MAX_UIDS)
  const reached = stepReached(tools.config.steps, state.probed)
  if (reached <= state.said) return
  state.said = reached
  tools.report({
    key: String(reached),
    level: state.probed < CERTAIN_ENDS ? 'low' : 'medium',
    confidence: 1,
    record,
    uids: [...state.uids],
    victim: null,
    description: `${record.srcIp} began GRE tunnels to ${state.probed} hosts and used none of them.`,
    facts: { hosts: state.probed, usedTunnels: state.ends.size - state.probed },
  })
}

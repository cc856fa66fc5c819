import type { Conn, Tls } from '@weir/schemas'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { jarmDaysBefore, jarmShare, probedVerdict } from '../intel/probed-verdict.ts'
import { isToldAgain, maxToldBytes, type ToldFlows } from '../intel/told-flows.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, ratio, steps } from './settings.ts'

type State = { readonly hits: Hits; readonly counted: ToldFlows }

const settings = {
  steps: steps(hitSteps, 'Connections of one host to one such server in one window at which it is said.'),
  share: ratio(
    jarmShare,
    'Share of the confidence left, as servers of one make answer alike and may have changed since they were probed.',
  ),
  daysBefore: count(
    jarmDaysBefore,
    'Days before a probe for which its answer is taken to have been the same.',
    3_650,
  ),
}

export const listedJarm = defineDetector({
  id: 'listed-jarm',
  version: 1,
  claim:
    'A host connected to a server that was probed before and answered with a TLS fingerprint that a feed lists (JARM).',
  spec: 'TI-9',
  types: ['MALICIOUS_JARM'],
  level: 'low',
  techniques: ['T1573'],
  misfires:
    'Servers that run the same program with the same settings, which may be many; addresses that have changed hands. Silent without kept probes.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 1,
    maxBytes: maxHitBytes + maxToldBytes,
    empty: (): State => ({ hits: new Map(), counted: [] }),
  },
  on: {
    conn(record, tools) {
      if (tools.intel.isEmpty || record.established === false) return
      look(record, tools)
    },
    // Told while a connection still lasts, and where a sensor tells of handshakes alone.
    tls(record, tools) {
      if (!tools.intel.isEmpty) look(record, tools)
    },
  },
})

function look(record: Conn | Tls, tools: Tools<State, typeof settings>): void {
  const { srcIp, dstIp, dstPort, proto, tsMs, uid } = record
  if (proto !== 'tcp') return
  const found = probedVerdict(tools.intel, dstIp, dstPort, tsMs, tools.config.daysBefore)
  if (found === null || tools.network.isHome(dstIp, srcIp)) return
  const { server, verdict, probe } = found
  const { hits, counted } = tools.state()
  if (isToldAgain(counted, uid)) return
  const hit = countHit(hits, server, uid, tools.config.steps)
  if (hit === null) return
  const probed = new Date(probe.atMs).toISOString().slice(0, 16)
  const fingerprint = `the JARM ${verdict.value} when it was probed (${probed}Z), ${listedBy(verdict)}`
  tools.report({
    ...listedPair(hit, verdict, {
      confidence: verdict.confidence * tools.config.share,
      client: srcIp,
      server: dstIp,
      description: `${server}, called by ${srcIp}${timesText(hit.count)}, had ${fingerprint}.`,
    }),
    record,
    description: `${srcIp} connected to ${server}${timesText(hit.count)}, which had ${fingerprint}.`,
    facts: {
      ...verdictFacts(verdict, hit.count),
      server,
      ...(record.kind === 'tls' ? { serverName: record.serverName.slice(0, 253) } : {}),
      probed: `${probed}Z`,
    },
  })
}

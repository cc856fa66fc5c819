import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

export const listedServerFingerprint = defineDetector({
  id: 'listed-server-fingerprint',
  version: 1,
  claim: 'A server answered TLS the way a server does that a feed lists (JA3S).',
  spec: 'TLS-03',
  types: ['MALICIOUS_JA3S'],
  level: 'low',
  techniques: ['T1573'],
  misfires:
    'Servers that run the same library with the same settings, which are many: the host is charged lightly.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Handshakes of one host with one such server in one window at which it is said.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    tls(record, tools) {
      if (tools.intel.isEmpty) return
      const verdict = tools.intel.exact('ja3s', record.ja3s, record.tsMs)
      if (verdict === null) return
      const { srcIp, dstIp } = record
      const hit = countHit(tools.state(), `${verdict.value}|${dstIp}`, record.uid, tools.config.steps)
      if (hit === null) return
      tools.report({
        ...listedPair(hit, verdict, {
          confidence: verdict.confidence,
          client: srcIp,
          server: dstIp,
          description: `${dstIp} answered ${srcIp} with the TLS fingerprint ${verdict.value}, ${listedBy(verdict)}.`,
        }),
        record,
        description: `${srcIp} spoke TLS to ${dstIp}, which answered with the fingerprint ${verdict.value}${timesText(hit.count)}, ${listedBy(verdict)}.`,
        facts: { ...verdictFacts(verdict, hit.count), serverName: record.serverName.slice(0, 253) },
      })
    },
  },
})

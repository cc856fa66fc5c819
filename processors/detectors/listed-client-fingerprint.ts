import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

export const listedClientFingerprint = defineDetector({
  id: 'listed-client-fingerprint',
  version: 1,
  claim: 'A host opened TLS the way a program does that a feed lists (JA3 or JA4).',
  spec: 'TLS-02',
  types: ['MALICIOUS_JA3'],
  level: 'high',
  techniques: ['T1573'],
  misfires:
    'Programs built on the same library as the malware: a fingerprint is of the library and how it is set.',
  key: bySource,
  settings: {
    steps: steps(
      hitSteps,
      'Handshakes of one host with one listed fingerprint in one window at which it is said.',
    ),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    tls(record, tools) {
      const { intel } = tools
      if (intel.isEmpty) return
      const verdict =
        intel.exact('ja3', record.ja3, record.tsMs) ?? intel.exact('ja4', record.ja4, record.tsMs)
      if (verdict === null) return
      const hit = countHit(tools.state(), verdict.value, record.uid, tools.config.steps)
      if (hit === null) return
      tools.report({
        key: hit.key,
        level: hit.at(verdict.level),
        confidence: verdict.confidence,
        record,
        uids: hit.uids,
        description: `${record.srcIp} spoke TLS to ${record.dstIp} with the fingerprint ${verdict.value}${timesText(hit.count)}, ${listedBy(verdict)}.`,
        facts: { ...verdictFacts(verdict, hit.count), serverName: record.serverName.slice(0, 253) },
      })
    },
  },
})

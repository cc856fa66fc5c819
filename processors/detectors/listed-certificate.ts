import type { FlowRecord } from '@weir/schemas'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import type { Indicators, Verdict } from '../intel/indicators.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { steps } from './settings.ts'

const settings = {
  steps: steps(
    hitSteps,
    'Handshakes of one host with one such certificate in one window at which it is said.',
  ),
}

const SHA1_DIGITS = 40
const SHA256_DIGITS = 64

export const listedCertificate = defineDetector({
  id: 'listed-certificate',
  version: 1,
  claim: 'A server showed a certificate that a feed lists.',
  spec: 'TLS-09',
  types: ['MALICIOUS_SSL_CERT'],
  level: 'low',
  techniques: ['T1573'],
  misfires:
    'Certificates of test and default installations that malware has used as well; the host is charged lightly.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    tls(record, tools) {
      if (tools.intel.isEmpty) return
      for (const fingerprint of record.certificates) {
        const verdict = certificate(tools.intel, fingerprint, record.tsMs)
        if (verdict !== null) say(record, record.srcIp, record.dstIp, verdict, tools)
      }
    },
    file(record, tools) {
      if (tools.intel.isEmpty || !record.fileSource.includes('SSL') || record.dstIp === '') return
      const verdict =
        certificate(tools.intel, record.sha1, record.tsMs) ??
        certificate(tools.intel, record.sha256, record.tsMs)
      if (verdict === null) return
      // Where a sensor turns the ends to where the file came from, the one who received the certificate is the client.
      const client = record.receiverIps[0] ?? record.srcIp
      say(record, client, client === record.srcIp ? record.dstIp : record.srcIp, verdict, tools)
    },
  },
})

function certificate(intel: Indicators, hash: string, tsMs: number): Verdict | null {
  if (hash.length === SHA1_DIGITS) return intel.exact('certificate_sha1', hash, tsMs)
  return hash.length === SHA256_DIGITS ? intel.exact('certificate_sha256', hash, tsMs) : null
}

function say(
  record: FlowRecord,
  client: string,
  server: string,
  verdict: Verdict,
  tools: Tools<Hits, typeof settings>,
): void {
  const hit = countHit(tools.state(), `${verdict.value}|${client}|${server}`, record.uid, tools.config.steps)
  if (hit === null) return
  tools.report({
    ...listedPair(hit, verdict, {
      confidence: verdict.confidence,
      client,
      server,
      description: `${server} showed ${client} the certificate ${verdict.value}, ${listedBy(verdict)}.`,
    }),
    record,
    profile: client,
    attacker: { direction: 'src', type: 'ip', value: client },
    victim: { direction: 'dst', type: 'ip', value: server },
    description: `${client} was shown the certificate ${verdict.value} by ${server}${timesText(hit.count)}, ${listedBy(verdict)}.`,
    facts: verdictFacts(verdict, hit.count),
  })
}

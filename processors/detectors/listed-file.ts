import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

export const listedFile = defineDetector({
  id: 'listed-file',
  version: 2,
  claim: 'A host was sent a file whose hash a feed lists.',
  spec: 'TI-8',
  types: ['MALICIOUS_DOWNLOADED_FILE'],
  level: 'high',
  techniques: ['T1105'],
  misfires: 'Samples that are moved on purpose; harmless files that malware carries and a feed took for it.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Transfers of one listed file to one host in one window at which it is said.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    file(record, tools) {
      const { intel } = tools
      if (intel.isEmpty || record.dstIp === '') return
      const verdict =
        intel.exact('file_sha256', record.sha256, record.tsMs) ??
        intel.exact('file_sha1', record.sha1, record.tsMs) ??
        intel.exact('file_md5', record.md5, record.tsMs)
      if (verdict === null) return
      // A list may have another of its hashes.
      if (
        intel.isKnownGood('file_md5', record.md5) ||
        intel.isKnownGood('file_sha1', record.sha1) ||
        intel.isKnownGood('file_sha256', record.sha256)
      )
        return
      const receiver = record.receiverIps[0] ?? record.dstIp
      const sender = receiver === record.srcIp ? record.dstIp : record.srcIp
      const hit = countHit(tools.state(), `${verdict.value}|${receiver}`, record.uid, tools.config.steps)
      if (hit === null) return
      const { confidence } = verdict
      tools.report({
        key: hit.key,
        level: hit.at(verdict.level),
        confidence,
        record,
        uids: hit.uids,
        profile: receiver,
        attacker: { direction: 'src', type: 'ip', value: receiver },
        victim: { direction: 'dst', type: 'ip', value: sender },
        description: `${receiver} was sent the file ${verdict.value} by ${sender}${timesText(hit.count)}, ${listedBy(verdict)}.`,
        facts: {
          ...verdictFacts(verdict, hit.count),
          filename: record.filename.slice(0, 200),
          mimeType: record.mimeType.slice(0, 100),
          bytes: record.sizeBytes ?? 0,
        },
        mirror: {
          profile: sender,
          level: hit.at(verdict.level),
          confidence,
          attacker: { direction: 'dst', type: 'ip', value: sender },
          victim: { direction: 'src', type: 'ip', value: receiver },
          description: `${sender} sent ${receiver} the file ${verdict.value}, ${listedBy(verdict)}.`,
        },
      })
    },
  },
})

import { bySource } from '../keys.ts'
import { isPublic, isScannable } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { flag, number } from './settings.ts'

const MEGABYTE = 1_000_000

export const dataUpload = defineDetector({
  id: 'data-upload',
  version: 1,
  claim: 'A host sent a lot of data over one connection.',
  spec: 'CONN-09',
  types: ['DATA_UPLOAD'],
  level: 'medium',
  techniques: ['T1048', 'T1041'],
  misfires: 'Backups, video calls, uploads to shared drives.',
  key: bySource,
  settings: {
    minMegabytes: number(100, 'Megabytes (a million bytes) sent over one connection before it is said.'),
    weighs: flag(
      true,
      'Whether an upload to the internet counts towards an alert; else it is only noted, as uploads within are.',
    ),
  },
  on: {
    conn(record, tools) {
      const { config } = tools
      if (!(record.srcBytes > 0 && record.srcBytes >= config.minMegabytes * MEGABYTE)) return
      const { srcIp, dstIp } = record
      if (!isScannable(dstIp)) return
      const leaves = isPublic(dstIp) && !tools.network.isHome(dstIp)
      const level = leaves && config.weighs ? 'medium' : 'info'
      const megabytes = Math.round(record.srcBytes / MEGABYTE)
      const description = `${srcIp} sent ${megabytes} MB to ${dstIp} over one connection`
      // A backup in a hundred pieces is one upload: only a piece ten times as large is news.
      const magnitude = String(megabytes).length
      tools.report({
        key: `${dstIp}|${magnitude}`,
        level,
        confidence: 0.6,
        record,
        victim: null,
        description,
        facts: {
          megabytes,
          bytesReceived: record.dstBytes,
          seconds: Math.round(record.durationMs / 1_000),
          leavesNetwork: leaves,
        },
        mirror: {
          profile: dstIp,
          level,
          confidence: 0.6,
          attacker: { direction: 'dst', type: 'ip', value: dstIp },
          victim: null,
          description,
        },
      })
    },
  },
})

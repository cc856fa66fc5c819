import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { number } from './settings.ts'
import { leavesSite, MEGABYTE, uploadFinding, uploadSettings } from './upload.ts'

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
    ...uploadSettings,
  },
  on: {
    conn(record, tools) {
      const { config } = tools
      if (!(record.srcBytes > 0 && record.srcBytes >= config.minMegabytes * MEGABYTE)) return
      const { srcIp, dstIp } = record
      if (!isScannable(dstIp)) return
      const leaves = leavesSite(dstIp, srcIp, tools.network)
      // Calls, games and synchronised drives move as much back; who carries data off does not.
      const isExchange = record.dstBytes >= record.srcBytes * config.exchangeShare
      const level = !leaves || !config.weighs ? 'info' : isExchange ? 'low' : 'medium'
      const megabytes = Math.round(record.srcBytes / MEGABYTE)
      const description = `${srcIp} sent ${megabytes} MB to ${dstIp} over one connection`
      // A backup in a hundred pieces is one upload: only a piece ten times as large is news.
      const magnitude = String(megabytes).length
      tools.report(
        uploadFinding({
          key: `${dstIp}|${magnitude}`,
          level,
          record,
          description,
          facts: {
            megabytes,
            bytesReceived: record.dstBytes,
            seconds: Math.round(record.durationMs / 1_000),
            leavesNetwork: leaves,
          },
        }),
      )
    },
  },
})

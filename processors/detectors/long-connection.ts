import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { number } from './settings.ts'

const DAY_MS = 86_400_000

export const longConnection = defineDetector({
  id: 'long-connection',
  version: 1,
  claim: 'A connection lasted unusually long.',
  spec: 'CONN-01',
  types: ['LONG_CONNECTION'],
  level: 'low',
  techniques: ['T1071'],
  misfires: 'Push services, remote shells, streams, tunnels and database pools; hence the low level.',
  key: bySource,
  settings: {
    minSeconds: number(1_500, 'A connection that lasted longer is reported; one of a day is certain.'),
  },
  on: {
    conn(record, tools) {
      const { durationMs } = record
      if (!(durationMs > tools.config.minSeconds * 1_000)) return
      if (!isUnicast(record.srcIp) || !isUnicast(record.dstIp)) return
      const durationMinutes = Math.floor(durationMs / 60_000)
      tools.report({
        // A sensor may tell of a connection while it lasts, and again when it ends.
        key: record.uid,
        confidence: Math.round(Math.min(1, durationMs / DAY_MS) * 100) / 100,
        record,
        description: `The connection of ${record.srcIp} to ${record.dstIp} lasted ${durationMinutes} minutes`,
        facts: {
          durationMinutes,
          bytesSent: record.srcBytes,
          bytesReceived: record.dstBytes,
          service: record.service,
        },
      })
    },
  },
})

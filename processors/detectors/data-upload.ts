import type { Level } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { number } from './settings.ts'
import { leavesSite, MEGABYTE, uploadFinding, uploadSettings } from './upload.ts'

type State = {
  /** Whether an upload of this window was given weight, and whether an exchange was. */
  upload: boolean
  exchange: boolean
}

export const dataUpload = defineDetector({
  id: 'data-upload',
  version: 2,
  claim: 'A host sent a lot of data over one connection.',
  spec: 'CONN-09',
  types: ['DATA_UPLOAD'],
  level: 'medium',
  techniques: ['T1048', 'T1041'],
  misfires:
    'Backups, video calls, uploads to shared drives. Only the first upload of a host and window weighs, wherever the others go.',
  key: bySource,
  settings: {
    minMegabytes: number(100, 'Megabytes (a million bytes) sent over one connection before it is said.'),
    ...uploadSettings,
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 100,
    empty: (): State => ({ upload: false, exchange: false }),
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
      const level = leaves && config.weighs ? firstOf(isExchange, tools.state()) : 'info'
      const megabytes = Math.round(record.srcBytes / MEGABYTE)
      // One service answers to one name at many addresses.
      const name = tools.host.namesOf(dstIp, record.tsMs).at(-1) ?? ''
      const to = name === '' ? dstIp : `${name} (${dstIp})`
      const description = `${srcIp} sent ${megabytes} MB to ${to} over one connection`
      // A backup in a hundred pieces is one upload: only a piece ten times as large is news.
      const magnitude = String(megabytes).length
      tools.report(
        uploadFinding({
          key: `${name === '' ? dstIp : name}|${magnitude}${isExchange ? '|exchange' : ''}`,
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

/** A backup goes to many servers: only the first of a window weighs. */
function firstOf(isExchange: boolean, state: State): Level {
  const kind = isExchange ? 'exchange' : 'upload'
  if (state[kind]) return 'info'
  state[kind] = true
  return isExchange ? 'low' : 'medium'
}

import type { Level } from '@weir/schemas'
import { graveNotices, harmlessNotices, otherNotices, seriousNotices } from '../data/sensor-signatures.ts'
import { bySource } from '../keys.ts'
import { emptyTallyByLevel, type TallyByLevel, tellAtStepsByLevel } from '../stats/tally-by-level.ts'
import { defineDetector } from './detector.ts'
import { type ConfigOf, steps, texts } from './settings.ts'

/** Notices by name. */
type State = TallyByLevel

/** Kinds of notices of each level that are told of one host in one window. */
const MAX_NOTES = 20
const MAX_NOTE = 100

const settings = {
  high: texts(graveNotices, 'Parts of the names of notices that count as high.'),
  medium: texts(seriousNotices, 'Parts of the names of notices that count as medium.'),
  info: texts(harmlessNotices, 'Parts of the names of notices that weigh nothing; all others count as low.'),
  exempt: texts(
    otherNotices,
    'Parts of the names of notices that are about the sensor, or told of by other detectors.',
  ),
  steps: steps(
    [1, 10, 100, 1_000],
    'Notices of one name in one window at which it is said; from the second on as low.',
  ),
}

export const sensorNotice = defineDetector({
  id: 'sensor-notice',
  version: 3,
  claim: 'The sensor raised a notice about a host.',
  spec: 'SENSOR-02',
  types: ['SENSOR_NOTICE'],
  level: 'low',
  techniques: [],
  misfires: 'Policies of the place that call for attention and not for blame.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 2, maxBytes: 25_000, empty: emptyTallyByLevel },
  on: {
    notice(record, tools) {
      const { config } = tools
      if (record.note === '' || isOneOf(record.note, config.exempt)) return
      const note = record.note.slice(0, MAX_NOTE)
      const level = levelOf(note, config)
      const tally: State = tools.state()
      const notices = tellAtStepsByLevel(tally, level, note, config.steps, MAX_NOTES)
      if (notices === 0) return
      const hasTarget = record.dstIp !== '' && record.dstIp !== record.srcIp
      const times = notices === 1 ? '' : `, ${notices} times`
      tools.report({
        key: `${note}|${notices}`,
        level: notices > 1 && level !== 'info' ? 'low' : level,
        confidence: level === 'high' ? 0.8 : 0.5,
        record,
        victim: hasTarget ? { direction: 'dst', type: 'ip', value: record.dstIp } : null,
        description: `The sensor raised ${note} about ${record.srcIp}${times}: ${record.message.slice(0, 300)}`,
        facts: {
          note,
          message: record.message.slice(0, 300),
          detail: record.sub.slice(0, 300),
          notices,
          noticesOfOtherNamesUntold: tally.untold,
        },
      })
    },
  },
})

function levelOf(note: string, config: ConfigOf<typeof settings>): Level {
  if (isOneOf(note, config.high)) return 'high'
  if (isOneOf(note, config.medium)) return 'medium'
  return isOneOf(note, config.info) ? 'info' : 'low'
}

function isOneOf(note: string, parts: readonly string[]): boolean {
  for (const part of parts) if (note.includes(part)) return true
  return false
}

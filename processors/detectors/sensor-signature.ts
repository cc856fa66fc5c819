import type { Level, SensorAlert } from '@weir/schemas'
import {
  graveCategories,
  harmlessCategories,
  lesserCategories,
  seriousCategories,
} from '../data/sensor-signatures.ts'
import { bySource } from '../keys.ts'
import { emptyTallyByLevel, type TallyByLevel, tellAtStepsByLevel } from '../stats/tally-by-level.ts'
import { defineDetector } from './detector.ts'
import { type ConfigOf, flag, steps, texts } from './settings.ts'

/** Alerts by signature. */
type State = TallyByLevel

/** Signatures of each level that are told of one host in one window. */
const MAX_SIGNATURES = 20
const MAX_TEXT = 200

const settings = {
  high: texts(graveCategories, 'Categories of rules that count as high.'),
  medium: texts(seriousCategories, 'Categories that count as medium.'),
  low: texts(lesserCategories, 'Categories that count as low.'),
  info: texts(
    harmlessCategories,
    'Categories that weigh nothing; one that stands nowhere goes by the severity of its rule.',
  ),
  steps: steps(
    [1, 10, 100, 1_000],
    'Alerts of one rule in one window at which it is said; from the second on as low.',
  ),
  anomalies: flag(false, 'Whether oddities of packets and protocols are said as well; they weigh nothing.'),
}

/** How sure a rule is by itself: what it matches is seldom proof, and good rules of the gravest categories are the best kept. */
const confidences: Readonly<Record<Level, number>> = {
  info: 0.5,
  low: 0.5,
  medium: 0.5,
  high: 0.6,
  critical: 0.6,
}

export const sensorSignature = defineDetector({
  id: 'sensor-signature',
  version: 2,
  claim: 'A rule of the sensor matched what a host sent.',
  spec: 'SENSOR-01',
  types: ['SENSOR_SIGNATURE'],
  level: 'medium',
  techniques: [],
  misfires: 'Rules that match by a few bytes or a bad reputation of long ago.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 2, maxBytes: 45_000, empty: emptyTallyByLevel },
  on: {
    'sensor-alert'(record, tools) {
      const { config } = tools
      if (record.event === 'anomaly' && !config.anomalies) return
      const rule =
        record.signatureId === null ? record.signature.slice(0, MAX_TEXT) : String(record.signatureId)
      const level = levelOf(record, config)
      const tally: State = tools.state()
      const alerts = tellAtStepsByLevel(tally, level, rule, config.steps, MAX_SIGNATURES)
      if (alerts === 0) return
      const signature = record.signature.slice(0, MAX_TEXT)
      const times = alerts === 1 ? '' : `, ${alerts} times`
      const end = record.dstIp === '' ? '' : ` towards ${record.dstIp}`
      tools.report({
        key: `${record.event}|${rule}|${alerts}`,
        level: alerts > 1 && level !== 'info' ? 'low' : level,
        confidence: confidences[level],
        record,
        techniques: record.techniques,
        description: `The sensor's rule '${signature}' matched what ${record.srcIp} sent${end}${times}.`,
        facts: {
          signature,
          signatureId: record.signatureId ?? 0,
          category: record.category.slice(0, MAX_TEXT),
          severity: record.severity ?? 0,
          action: record.action.slice(0, 20),
          alerts,
          alertsOfOtherRulesUntold: tally.untold,
        },
      })
    },
  },
})

/** By category; by severity, of which 1 is the gravest, where that is unknown. */
function levelOf({ event, category, severity }: SensorAlert, config: ConfigOf<typeof settings>): Level {
  if (event === 'anomaly') return 'info'
  if (config.high.includes(category)) return 'high'
  if (config.medium.includes(category)) return 'medium'
  if (config.low.includes(category)) return 'low'
  if (config.info.includes(category)) return 'info'
  return severity === 1 ? 'medium' : severity === 2 || severity === 3 ? 'low' : 'info'
}

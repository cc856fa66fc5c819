import type { Level, SensorAlert } from '@weir/schemas'
import {
  graveCategories,
  harmlessCategories,
  lesserCategories,
  seriousCategories,
} from '../data/sensor-signatures.ts'
import { bySource } from '../keys.ts'
import { emptyTallyByLevel, type TallyByLevel, tellAtStepsByLevel } from '../stats/tally-by-level.ts'
import { defineDetector, type Tools } from './detector.ts'
import { type ConfigOf, flag, steps, texts } from './settings.ts'

/** Alerts by signature. */
type State = TallyByLevel

/** Signatures of each level that are told of one host in one window, and by its name those of each home host it turned to. */
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
  claim: 'A rule of the sensor matched the traffic of a host.',
  spec: 'SENSOR-01',
  types: ['SENSOR_SIGNATURE'],
  level: 'medium',
  techniques: [],
  misfires: 'Rules that match by a few bytes or a bad reputation of long ago.',
  key: bySource,
  tellsOfDestination: true,
  settings,
  state: { scope: 'window', version: 2, maxBytes: 50_000, empty: emptyTallyByLevel },
  on: {
    'sensor-alert'(record, tools) {
      const { config } = tools
      if (record.event === 'anomaly' && !config.anomalies) return
      const rule =
        record.signatureId === null ? record.signature.slice(0, MAX_TEXT) : String(record.signatureId)
      report(record, rule, '', tools)
      if (isOfTakenHost(record, tools)) report(turnedRound(record), rule, record.srcIp, tools)
    },
  },
})

type SignatureTools = Tools<State, typeof settings>

/** `from`: who the traffic came from, where the host that is told of is its destination. */
function report(record: SensorAlert, rule: string, from: string, tools: SignatureTools): void {
  const { config } = tools
  const { srcIp, dstIp } = record
  const tally = tools.state()
  const level = levelOf(record, config)
  const name = from === '' ? rule : `${rule} ${srcIp}`
  const alerts = tellAtStepsByLevel(tally, level, name, config.steps, MAX_SIGNATURES)
  if (alerts === 0) return
  const signature = record.signature.slice(0, MAX_TEXT)
  const times = alerts === 1 ? '' : `, ${alerts} times`
  const between = dstIp === '' ? `the traffic of ${srcIp}` : `traffic between ${srcIp} and ${dstIp}`
  tools.report({
    key: `${record.event}|${rule}|${alerts}${from === '' ? '' : `|${from}`}`,
    level: alerts > 1 && level !== 'info' ? 'low' : level,
    confidence: confidences[level],
    record,
    techniques: record.techniques,
    description: `The sensor's rule '${signature}' matched ${between}${times}.`,
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
}

/**
 * Whether the rule tells of a home host under somebody else's control, in a packet that somebody outside sent it: sensors that do not
 * say which end is the client name the sender of the packet first.
 */
function isOfTakenHost(
  { event, category, srcIp, dstIp }: SensorAlert,
  { network, config }: SignatureTools,
): boolean {
  return (
    event === 'alert' &&
    config.high.includes(category) &&
    !network.isHome(srcIp, dstIp) &&
    network.isHome(dstIp, srcIp)
  )
}

function turnedRound(record: SensorAlert): SensorAlert {
  const { srcIp, srcPort, dstIp, dstPort } = record
  return { ...record, srcIp: dstIp, srcPort: dstPort, dstIp: srcIp, dstPort: srcPort }
}

/** By category; by severity, of which 1 is the gravest, where that is unknown. */
function levelOf({ event, category, severity }: SensorAlert, config: ConfigOf<typeof settings>): Level {
  if (event === 'anomaly') return 'info'
  if (config.high.includes(category)) return 'high'
  if (config.medium.includes(category)) return 'medium'
  if (config.low.includes(category)) return 'low'
  if (config.info.includes(category)) return 'info'
  return severity === 1 ? 'medium' : severity === 2 || severity === 3 ? 'low' : 'info'
}

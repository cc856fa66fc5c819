export { alertJsonCodec } from './alert-json.ts'
export { attackVersion, type Tactic, type Technique, techniques } from './attack.ts'
export {
  alertLine,
  type CanonicalAlert,
  type CanonicalEvidence,
  evidenceLine,
  parseAlertLine,
  parseEvidenceLine,
  suppressedLine,
} from './canonical.ts'
export {
  alertCodec,
  allowRuleCodec,
  bytesCodec,
  type Codec,
  compatible,
  decoderFrom,
  evidenceCodec,
  flowCodec,
  incompatibility,
  indicatorCodec,
  sameOnTheWire,
  suppressedCodec,
} from './codec.ts'
export { FramedCodec, unframedCodec } from './framed-codec.ts'
export { formatIsoTime, parseIsoTime } from './iso-time.ts'
export * from './records.ts'
export { cutText, type Reject, rejectLine, rejectTextBytes } from './reject-line.ts'
export { SchemaError, type SchemaErrorCode } from './schema-error.ts'
export {
  type Counts,
  type HostAlerts,
  type InputSummary,
  type SettingValue,
  type Summary,
  summaryText,
} from './summary.ts'
export { type Topic, topicConfigs, topics } from './topics.ts'

export { type Clock, ManualClock, systemClock } from './clock.ts'
export { type Codec, jsonCodec, numberCodec, textCodec } from './codec.ts'
export { defineErrors, type ErrorRow, WeirError } from './errors.ts'
export { type Fields, type Log, type LogLevel, openLog } from './log.ts'
export {
  Counter,
  defineMetrics,
  Gauge,
  Histogram,
  MetricRegistry,
  type MetricRow,
  type Metrics,
  type MetricTable,
} from './metrics.ts'

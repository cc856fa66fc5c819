export { type Clock, ManualClock, systemClock } from './clock.ts'
export { type Codec, jsonCodec, numberCodec, textCodec } from './codec.ts'
export { bytes, type Config, defineConfig, list, number, type Setting, text } from './config.ts'
export { defineErrors, type ErrorRow, WeirError } from './errors.ts'
export { type Fields, type Log, type LogLevel, openLog } from './log.ts'
export {
  Counter,
  type Distribution,
  defineMetrics,
  Gauge,
  Histogram,
  type MetricRow,
  type Metrics,
  type Sample,
} from './metrics.ts'

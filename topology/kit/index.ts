export { type Clock, ManualClock, systemClock } from './clock.ts'
export { type Codec, jsonCodec, numberCodec, textCodec } from './codec.ts'
export { defineErrors, type ErrorRow, WeirError } from './errors.ts'

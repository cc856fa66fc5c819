export * from './app/configure.ts'
export * from './app/counters.ts'
export * from './app/detector-operator.ts'
export * from './detectors/detector.ts'

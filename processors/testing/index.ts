export * from './flows.ts'
export * from './test-detector.ts'

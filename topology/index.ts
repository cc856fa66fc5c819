export * from './operators/keyed-process.ts'
export type * from './operators/operator.ts'

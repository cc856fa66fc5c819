export { edgeError } from './errors.ts'
export type {
  Draft,
  InputKind,
  LineParser,
  Parsed,
  Parser,
  ParserOptions,
  Reject,
  Several,
  Skip,
} from './parsers/parser.ts'
export { parserOf, parsers } from './parsers/registry.ts'
export type { InputSummary, Inputs } from './read/input-set.ts'
export { openInputs } from './read/inputs.ts'
export type { InputLedger, RejectedLine } from './read/ledger.ts'
export type { ReadOptions } from './read/read-options.ts'

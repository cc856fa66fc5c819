import type { Reject, Skip } from './parser.ts'

/** The fates of nfdump's lines that are no record, in any of its formats. */
export const skipped = {
  blank: { kind: 'skip', reason: 'blank' },
  comment: { kind: 'skip', reason: 'comment' },
  header: { kind: 'skip', reason: 'header' },
  /** The sums that nfdump prints below the flows. */
  summary: { kind: 'skip', reason: 'summary' },
} as const satisfies Readonly<Record<string, Skip>>

export const rejected = {
  noHeader: { kind: 'reject', reason: 'no-header' },
  notAFlow: { kind: 'reject', reason: 'not-a-flow' },
  tooFewColumns: { kind: 'reject', reason: 'too-few-columns' },
} as const satisfies Readonly<Record<string, Reject>>

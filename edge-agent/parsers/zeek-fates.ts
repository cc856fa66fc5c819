import type { Reject, Skip } from './parser.ts'

/** The fates of Zeek lines that are no record. Shared objects: a busy sensor's headers and damage cost no memory. */
export const skipped = {
  blank: skip('blank'),
  /** `#fields`, `#close` and the like. */
  header: skip('header'),
  comment: skip('comment'),
  /** A notice, weird, file or software that names no host: nothing to charge it to. */
  noAddress: skip('no-address'),
}

export const rejected = {
  noHeader: reject('no-header'),
  badHeader: reject('bad-header'),
  notJson: reject('not-json'),
  tooFewColumns: reject('too-few-columns'),
  tooManyColumns: reject('too-many-columns'),
  badTime: reject('bad-time'),
  badAddress: reject('bad-address'),
  badPort: reject('bad-port'),
  badNumber: reject('bad-number'),
  /** A certificate without a name of its own: no handshake can be told to have shown it. */
  noCertificate: reject('no-certificate'),
}

export function skip(reason: string): Skip {
  return Object.freeze({ kind: 'skip', reason })
}

function reject(reason: string): Reject {
  return Object.freeze({ kind: 'reject', reason })
}

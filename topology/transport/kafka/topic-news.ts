/** What becomes of a topic that is read, and would otherwise be noticed by what is missing, or by a full disk. */
export type TopicNews = TopicReplaced | LogCut | Unpurged | TopicGone | TopicBack

/** It was deleted and made anew: it is read from its beginning, with a new ledger. */
export type TopicReplaced = {
  readonly is: 'replaced'
  readonly topic: string
  readonly partition: number
  /** How far the former one had been processed. */
  readonly position: number
}

/** It does not exist any more, and is waited for. */
export type TopicGone = {
  readonly is: 'gone'
  readonly topic: string
  /** Since it was first missed. */
  readonly forMs: number
  /** After how long of it the member fails. */
  readonly giveUpMs: number
}

/** It is there again: as it was, or, which is told apart, another one. */
export type TopicBack = {
  readonly is: 'back'
  readonly topic: string
  readonly forMs: number
}

/** Offsets that had been read are not there any more, and will be given to other records: reading goes on at `to`. */
export type LogCut = {
  readonly is: 'cut'
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** What is committed of a topic that nobody else reads could not be deleted: without that it grows until the disks are full. */
export type Unpurged = {
  readonly is: 'unpurged'
  readonly topic: string
  readonly partition: number
  readonly error: unknown
}

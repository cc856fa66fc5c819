/** What becomes of a topic while it is being read, or between two readers of it, that loses records or that nobody else would notice. */
export type TopicNews = TopicReplaced | LogCut

/** It was deleted and made anew: it is read from its beginning, with a new ledger. */
export type TopicReplaced = {
  readonly is: 'replaced'
  readonly topic: string
  readonly partition: number
  /** How far the former one had been processed. */
  readonly position: number
}

/** Offsets that had been read are not there any more, and will be given to other records: reading goes on at `to`. */
export type LogCut = {
  readonly is: 'cut'
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

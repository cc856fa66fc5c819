/**
 * What stands beside a committed offset: the id of the topic that the offset is of, a blank, and the note of whoever committed it. Offsets
 * are kept by names: a topic that was deleted and made anew goes by the name of the former one, and only by its id is it another.
 */
export type TopicNote = {
  /** `null` where somebody else committed, as those who reset offsets do. */
  readonly topicId: string | null
  readonly note: string
}

const idLength = 36

export function encodeTopicNote(topicId: string, note: string): string {
  return `${topicId} ${note}`
}

export function decodeTopicNote(text: string): TopicNote {
  const topicId = text.slice(0, idLength)
  if (text[idLength] !== ' ' || !/^[\da-f-]{36}$/.test(topicId)) return { topicId: null, note: text }
  return { topicId, note: text.slice(idLength + 1) }
}

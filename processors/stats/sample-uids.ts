/** Sensors' connection ids are about 20 characters; a longer one would burst the bound of a detector's memory. */
const MAX_UID_LENGTH = 64

/** Nothing, one id, as most samples are, or several: a list of one takes 60 bytes besides. Plain data. */
export type UidSample = null | string | readonly string[]

/** With the id of a flow added to a sample of at most `limit`: the first ones stay. */
export function withUid(sample: UidSample, uid: string, limit: number): UidSample {
  if (uid.length > MAX_UID_LENGTH || limit < 1) return sample
  if (sample === null || sample === uid) return uid
  return sampleUid(typeof sample === 'string' ? [sample] : sample, uid, limit)
}

/** The same with ids of any length, and again those it has. */
export function withAnyUid(sample: UidSample, uid: string, limit: number): UidSample {
  if (sample === null) return uid
  if (typeof sample === 'string') return limit < 2 ? sample : [sample, uid]
  return sample.length < limit ? sample.concat(uid) : sample
}

/** As a list of its own: of an empty sample with the one to name instead, where there is one. */
export function uidsOf(sample: UidSample, instead?: string): string[] {
  if (typeof sample === 'string') return [sample]
  if (instead !== undefined && (sample === null || sample.length === 0)) return [instead]
  return [...(sample ?? [])]
}

/**
 * With the id of a flow added to a sample of at most `limit`: the first ones stay. A new array each time: one that grows has room for
 * seventeen at once, and most samples are of one or two.
 */
export function sampleUid(uids: readonly string[], uid: string, limit: number): readonly string[] {
  const isTaken = uids.length < limit && uid.length <= MAX_UID_LENGTH && uids.at(-1) !== uid
  return isTaken ? uids.concat(uid) : uids
}

export const isSampled = (sample: UidSample, uid: string): boolean =>
  typeof sample === 'string' ? sample === uid : (sample?.includes(uid) ?? false)

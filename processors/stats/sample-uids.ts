/** Sensors' connection ids are about 20 characters; a longer one would burst the bound of a detector's memory. */
const MAX_UID_LENGTH = 64

/**
 * With the id of a flow added to a sample of at most `limit`: the first ones stay. A new array each time: one that grows has room for
 * seventeen at once, and most samples are of one or two.
 */
export function sampleUid(uids: readonly string[], uid: string, limit: number): readonly string[] {
  const isTaken = uids.length < limit && uid.length <= MAX_UID_LENGTH && uids.at(-1) !== uid
  return isTaken ? uids.concat(uid) : uids
}

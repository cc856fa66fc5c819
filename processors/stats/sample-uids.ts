/** Sensors' connection ids are about 20 characters; a longer one would burst the bound of a detector's memory. */
const MAX_UID_LENGTH = 64

/** Adds the id of a flow to a sample of at most `limit`: the first ones stay. */
export function sampleUid(uids: string[], uid: string, limit: number): void {
  if (uids.length < limit && uid.length <= MAX_UID_LENGTH && uids.at(-1) !== uid) uids.push(uid)
}

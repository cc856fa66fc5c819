/**
 * Flows that were told of last: sensors tell of one as a connection, as a handshake and as each of its requests, in any order, and some in
 * one of these ways alone. Plain data: the memory of a detector for one host and window.
 */
export type ToldFlows = string[]

const MAX_TOLD = 64
const MAX_UID = 64

/** What the memory takes at most, as bytes. */
export const maxToldBytes = 10_000

/** Whether that was told before; from now on it was, until as many others were. What has no uid is another flow each time. */
export function isToldAgain(told: ToldFlows, given: string): boolean {
  const uid = given.slice(0, MAX_UID)
  if (uid === '') return false
  if (told.includes(uid)) return true
  if (told.push(uid) > MAX_TOLD) told.shift()
  return false
}

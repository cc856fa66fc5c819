import { systemClock } from '@weir/topology/kit'

/** How long whoever is told to stop waits for brokers that do not answer. */
export const leaveMs = 10_000
const lookMs = 250

/**
 * Calls `giveUp` when, for ten seconds after the interruption, brokers have not answered, or a topic was not there: the last commit and the good-bye to the group
 * would otherwise wait for them for minutes. Gives whether it was called, once `ended` aborts.
 */
export async function leaveInTime(
  interruption: AbortSignal,
  silentMs: () => number | null,
  giveUp: () => Promise<void>,
  ended: AbortSignal,
): Promise<boolean> {
  const either = AbortSignal.any([interruption, ended])
  if (!either.aborted)
    await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }))
  const sinceMs = systemClock.monotonicMs()
  while (!ended.aborted) {
    const waitedMs = systemClock.monotonicMs() - sinceMs
    if (Math.min(waitedMs, silentMs() ?? 0) >= leaveMs) {
      await giveUp()
      return true
    }
    await systemClock.sleep(lookMs, ended).catch(() => {})
  }
  return false
}

/** When a campaign of password guesses is spoken of, and how sure one is (spec detections.md section BF-01). */

/** Guesses from which a campaign is certain, unless the threshold itself is higher. */
const CERTAIN = 30

/**
 * Which report the number of attempts is worth: 0 at the threshold, one more each time what lies beyond it doubles (for a
 * threshold of 9 at 9, 10, 12, 16, 24, 40 …); -1 below.
 */
export function guessBucket(attempts: number, threshold: number): number {
  return attempts < threshold ? -1 : Math.floor(Math.log2(attempts - threshold + 1))
}

/** 0.5 at the threshold, rising to 0.9 and what the client's name adds; 1 once it is certain. At most two decimals. */
export function guessConfidence(attempts: number, threshold: number, bonus: number): number {
  const certain = Math.max(threshold, CERTAIN)
  if (attempts >= certain) return 1
  const share = Math.max(0, attempts - threshold) / Math.max(1, certain - threshold)
  return Math.round(Math.min(0.99, 0.5 + 0.4 * share + Math.min(0.1, bonus)) * 100) / 100
}

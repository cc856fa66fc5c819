/**
 * How a pair of hosts speaks, as a text with a letter for each connection (spec profiles-evidence-alerts.md section 5.4): one of the two
 * jobs of the yardstick, since it needs little arithmetic and a memory of every pair.
 */
export type PairMemory = { lastMs: number; gapMs: number; letters: string }

/** By periodicity (none yet, 1 to 4), then by size and duration together. */
const LETTERS = ['123456789', 'abcdefghi', 'ABCDEFGHI', 'rstuvwxyz', 'RSTUVWXYZ']
const HOUR_MS = 3_600_000
/** Letters kept of one pair. */
const MAX_LETTERS = 400
/** Zeros for silent hours that one connection may add. */
const MAX_ZEROS = 48

export const newPair = (): PairMemory => ({ lastMs: Number.NaN, gapMs: Number.NaN, letters: '' })

/** Appends what one connection adds. Answers false for one that began before its forerunner, which adds nothing. */
export function append(pair: PairMemory, startMs: number, durationMs: number, bytes: number): boolean {
  const gapMs = startMs - pair.lastMs
  if (gapMs < 0) return false
  const look = (bytes > 1100 ? 6 : bytes > 250 ? 3 : 0) + (durationMs > 10_000 ? 2 : durationMs > 100 ? 1 : 0)
  const known = !Number.isNaN(pair.gapMs)
  const row = LETTERS[known ? periodicity(pair.gapMs, gapMs) : 0] ?? ''
  pair.letters += known ? silence(gapMs) + (row[look] ?? '') + pace(gapMs) : (row[look] ?? '')
  if (pair.letters.length > MAX_LETTERS) pair.letters = pair.letters.slice(-MAX_LETTERS)
  pair.gapMs = gapMs
  pair.lastMs = startMs
  return true
}

/** 1 for like gaps, 4 for very unlike ones. */
function periodicity(before: number, now: number): 1 | 2 | 3 | 4 {
  const ratio = before === 0 || now === 0 ? 1 : Math.max(before, now) / Math.min(before, now)
  if (ratio <= 1.05) return 1
  if (ratio <= 1.3) return 2
  return ratio <= 5 ? 3 : 4
}

function silence(gapMs: number): string {
  return gapMs < HOUR_MS ? '' : '0'.repeat(Math.min(MAX_ZEROS, Math.floor(gapMs / HOUR_MS)))
}

function pace(gapMs: number): string {
  if (gapMs === 0 || gapMs > HOUR_MS) return ''
  if (gapMs <= 5_000) return '.'
  if (gapMs <= 60_000) return ','
  return gapMs <= 300_000 ? '+' : '*'
}

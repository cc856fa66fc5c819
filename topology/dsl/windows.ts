import type { SessionWindows } from '../operators/session-aggregate.ts'
import type { TimeWindows } from '../operators/window-aggregate.ts'

/** `graceMs`: how long after its end, in stream time, a window still takes records. */
export type WindowOptions = { readonly graceMs?: number }

/** `[startMs, startMs + sizeMs)`, aligned to the epoch: every time is in exactly one. */
export function tumbling(sizeMs: number, options: WindowOptions = {}): TimeWindows {
  return hopping(sizeMs, sizeMs, options)
}

/** Windows of `sizeMs` that begin every `hopMs`, aligned to the epoch: a time is in `sizeMs / hopMs` of them. */
export function hopping(sizeMs: number, hopMs: number, options: WindowOptions = {}): TimeWindows {
  const graceMs = options.graceMs ?? 0
  if (!isWhole(sizeMs) || !isWhole(hopMs) || hopMs > sizeMs || graceMs < 0) {
    throw new RangeError(`no windows of ${sizeMs} ms every ${hopMs} ms with ${graceMs} ms of grace`)
  }
  return { kind: 'time', sizeMs, hopMs, graceMs }
}

/** As long as records follow each other within `gapMs`. `[startMs, endMs]` are the times of the first and the last. */
export function session(gapMs: number, options: WindowOptions = {}): SessionWindows {
  const graceMs = options.graceMs ?? 0
  if (!isWhole(gapMs) || graceMs < 0) {
    throw new RangeError(`no sessions with a gap of ${gapMs} ms and ${graceMs} ms of grace`)
  }
  return { kind: 'session', gapMs, graceMs }
}

/** Starts of windows are store keys, which hold whole milliseconds. */
function isWhole(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms > 0
}

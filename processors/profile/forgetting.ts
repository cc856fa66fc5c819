/** State that forgets what has been silent for long: when it is next looked through. Plain data. */
export type Forgetting = {
  /** 0 while there is nothing to forget. */
  wakesAtMs: number
}

type ForgettingTools = { readonly nowMs: number; tidyAt(dueMs: number): void }

/** Looked through at most so often in the time that things are kept: whatever is heard of costs no timer of its own. */
const LOOKS = 4

/** To be called when something was noted. */
export function noteToForget(state: Forgetting, keepMs: number, tools: ForgettingTools): void {
  if (state.wakesAtMs === 0) wake(state, tools.nowMs + keepMs, tools)
}

/** To be called at the timer, after what was last heard of at or before `dueMs - keepMs` is gone; `oldestMs` is of what is left. */
export function keepForgetting(
  state: Forgetting,
  oldestMs: number,
  dueMs: number,
  keepMs: number,
  tools: ForgettingTools,
): void {
  wake(state, Math.max(oldestMs + keepMs, dueMs + keepMs / LOOKS), tools)
}

/** In whole milliseconds, rounded up: a timer that is early by a rounding error would forget nothing and be set to the same time again. */
function wake(state: Forgetting, dueMs: number, tools: ForgettingTools): void {
  state.wakesAtMs = Math.floor(dueMs) + 1
  tools.tidyAt(state.wakesAtMs)
}

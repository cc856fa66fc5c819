/** The greatest of the ascending steps that the count has reached, 0 when it has reached none. */
export function stepReached(steps: readonly number[], count: number): number {
  let reached = 0
  for (const step of steps) {
    if (step > count) break
    reached = step
  }
  return reached
}

/** The greatest of `smallest`, twice, four times … it that the count has reached; `smallest` when it has reached none. */
export function doublingReached(smallest: number, count: number): number {
  let point = Math.max(1, smallest)
  while (point * 2 <= count) point *= 2
  return point
}

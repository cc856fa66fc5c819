/** The greatest of the ascending steps that the count has reached, 0 when it has reached none. */
export function stepReached(steps: readonly number[], count: number): number {
  let reached = 0
  for (const step of steps) {
    if (step > count) break
    reached = step
  }
  return reached
}

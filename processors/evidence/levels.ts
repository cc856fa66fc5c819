import type { Level } from '@weir/schemas'

/** Ascending, with the weight of each (spec profiles-evidence-alerts.md section 7). */
export const levels: readonly { readonly level: Level; readonly value: number }[] = [
  { level: 'info', value: 0 },
  { level: 'low', value: 0.2 },
  { level: 'medium', value: 0.5 },
  { level: 'high', value: 0.8 },
  { level: 'critical', value: 1 },
]

const values = new Map(levels.map(({ level, value }) => [level, value]))

/** 0 to 1. */
export function levelValue(level: Level): number {
  return values.get(level) ?? 0
}

/** Negative when `a` is the lesser. */
export function compareLevels(a: Level, b: Level): number {
  return levelValue(a) - levelValue(b)
}

export function isLevel(text: string): text is Level {
  return levels.some(({ level }) => level === text)
}

/** Weights are summed as whole numbers of this fraction, so that their order makes no difference: a level has one decimal, a confidence four. */
export const weightUnit = 100_000

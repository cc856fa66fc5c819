/** The ratios of earlier runs that are thought to be right, to tell a slower Weir from a slower machine. */

/** What one kind of run gave. Figures of different ceilings, inputs or numbers of hosts are not compared. */
export type Baseline = {
  readonly ceiling: string
  readonly input: string
  readonly hosts: number
  /** By name: `cpu 300000 memory` is CPU time of analyze in units of the ceiling's. Smaller is better. */
  readonly ratios: Readonly<Record<string, number>>
}

/** How far a ratio may lie above the baseline: what runs of one and the same code differ on a machine with other work. */
export const tolerance = 0.25

export type Comparison = {
  readonly name: string
  readonly now: number
  /** `null`: the baseline does not know it. */
  readonly before: number | null
  readonly isWorse: boolean
}

/** `null` where no baseline is of the same kind. */
export function compare(now: Baseline, baselines: readonly Baseline[]): readonly Comparison[] | null {
  const before = baselines.find((baseline) => isSameKind(baseline, now))
  if (before === undefined) return null
  return Object.entries(now.ratios).map(([name, ratio]) => {
    const known = before.ratios[name] ?? null
    return { name, now: ratio, before: known, isWorse: known !== null && ratio > known * (1 + tolerance) }
  })
}

/** The baselines with the ratios of this run in them; those of other kinds and sizes stay. Sorted, so that a diff is small. */
export function updated(now: Baseline, baselines: readonly Baseline[]): readonly Baseline[] {
  const before = baselines.find((baseline) => isSameKind(baseline, now))
  const ratios = Object.entries({ ...before?.ratios, ...now.ratios }).sort(([a], [b]) => (a < b ? -1 : 1))
  const others = baselines.filter((baseline) => baseline !== before)
  return [...others, { ...now, ratios: Object.fromEntries(ratios) }].sort((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : 1,
  )
}

/** Throws where the text is no list of baselines. */
export function parseBaselines(text: string): readonly Baseline[] {
  const list: unknown = JSON.parse(text)
  if (Array.isArray(list) && list.every(isBaseline)) return list
  throw new Error(
    'tests/bench/baseline.json is no list of baselines: remove it, and write it anew with --update',
  )
}

function isBaseline(value: unknown): value is Baseline {
  if (typeof value !== 'object' || value === null) return false
  const { ceiling, input, hosts, ratios }: Partial<Record<keyof Baseline, unknown>> = value
  return (
    typeof ceiling === 'string' &&
    typeof input === 'string' &&
    typeof hosts === 'number' &&
    typeof ratios === 'object' &&
    ratios !== null &&
    Object.values(ratios).every((ratio) => typeof ratio === 'number')
  )
}

function isSameKind(a: Baseline, b: Baseline): boolean {
  return nameOf(a) === nameOf(b)
}

function nameOf({ ceiling, input, hosts }: Baseline): string {
  return `${ceiling} ${input} ${hosts}`
}

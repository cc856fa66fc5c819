import type { Cost } from './measured-run.ts'

const HEAD = ['records/s', 'CPU s per million', 'peak MB', 'CPU ÷ first'] as const

/** Figures of the programs that read one file of `count` records; the first is what the others are measured by. */
export function costTable(count: number, costs: readonly (readonly [name: string, cost: Cost])[]): string {
  const first = costs[0]?.[1].cpuSeconds ?? Number.NaN
  const rows = costs.map(([name, cost]) => [
    name,
    Math.round(count / cost.wallSeconds).toLocaleString('en'),
    (cost.cpuSeconds / millionsOf(count)).toFixed(2),
    (cost.peakMemoryBytes / 1e6).toFixed(0),
    (cost.cpuSeconds / first).toFixed(2),
  ])
  const table = [[`${count.toLocaleString('en')} connections`, ...HEAD], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  return table
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

export function millionsOf(count: number): number {
  return count / 1e6
}

/** `+12 %`. */
export function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.round(Math.abs(share) * 100)} %`
}

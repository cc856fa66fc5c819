import cliProgress from 'cli-progress'
import type { Terminal } from '../terminal.ts'

export type Progress = {
  readonly bytesRead: number
  readonly totalBytes: number | null
  readonly records: number
  readonly seconds: number
}

/** A bar with the share of bytes read, records a second and time left, on a terminal only; nothing elsewhere. */
export function showProgress(
  terminal: Terminal,
  settings: { readonly quiet: boolean; readonly json: boolean },
): { update(progress: Progress): void; done(): void } {
  if (terminal.err.isTTY !== true || settings.quiet) return { update: () => {}, done: () => {} }
  let bar: cliProgress.SingleBar | null = null
  return {
    update({ bytesRead, totalBytes, records, seconds }) {
      const rate = Math.round(records / Math.max(seconds, 0.001)).toLocaleString('en-US')
      const share = totalBytes === null || totalBytes === 0 ? 0 : Math.min(1, bytesRead / totalBytes)
      const left = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : 0
      if (bar === null) {
        const format =
          totalBytes === null
            ? '{records} records  {rate}/s'
            : '{bar} {percentage}%  {rate} records/s  {left} s left'
        bar = new cliProgress.SingleBar(
          { format, clearOnComplete: true, hideCursor: true },
          cliProgress.Presets.shades_classic,
        )
        bar.start(1000, 0, { rate, left, records: 0 })
      }
      bar.update(Math.round(share * 1000), { rate, left, records: records.toLocaleString('en-US') })
    },
    done() {
      bar?.stop()
      bar = null
    },
  }
}

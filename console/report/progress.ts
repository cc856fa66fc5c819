import cliProgress from 'cli-progress'
import { columnsOf, type Terminal } from '../terminal.ts'
import { count } from './numbers.ts'
import { cut } from './text-width.ts'

export type Progress = {
  readonly bytesRead: number
  /** `null`: nobody knows, as of standard input. */
  readonly totalBytes: number | null
  readonly records: number
  readonly seconds: number
}

/** What stands beside the bar takes about so many columns. */
const BESIDE_BAR = 42
const [LEAST_BAR, MOST_BAR] = [5, 40]

/**
 * A bar with the share of bytes read, records a second and time left, on a terminal only; nothing elsewhere. `done` clears it
 * and gives the cursor back.
 */
export function showProgress(
  terminal: Pick<Terminal, 'err'>,
  settings: { readonly quiet: boolean; readonly json: boolean },
): { update(progress: Progress): void; done(): void } {
  const { err } = terminal
  if (err.isTTY !== true || settings.quiet) return { update: () => {}, done: () => {} }
  let bar: cliProgress.SingleBar | null = null
  return {
    update(progress) {
      const width = columnsOf(err) - 1
      const barWidth = Math.min(MOST_BAR, Math.max(LEAST_BAR, width - BESIDE_BAR))
      if (bar === null) {
        bar = new cliProgress.SingleBar(
          {
            clearOnComplete: true,
            hideCursor: true,
            barsize: barWidth,
            // The library writes to streams; all it does with this one is write.
            stream: err as NodeJS.WritableStream,
            format: ({ barCompleteString = '', barIncompleteString = '' }, params, payload) => {
              const done = Math.round(params.progress * barWidth)
              const shown = barCompleteString.slice(0, done) + barIncompleteString.slice(0, barWidth - done)
              return cut(payload.isSized ? `${shown} ${payload.text}` : payload.text, width)
            },
          },
          cliProgress.Presets.shades_classic,
        )
        bar.start(1000, 0, {
          text: progressText(progress),
          isSized: progress.totalBytes !== null,
        })
      }
      bar.update(Math.round(shareOf(progress) * 1000), {
        text: progressText(progress),
        isSized: progress.totalBytes !== null,
      })
    },
    done() {
      bar?.stop()
      bar = null
    },
  }
}

function shareOf({ bytesRead, totalBytes }: Progress): number {
  return totalBytes === null || totalBytes === 0 ? 0 : Math.min(1, bytesRead / totalBytes)
}

/** `41%  83,120 records/s  1:12 left`; without a size `1,204,331 records  83,120/s`. */
export function progressText(progress: Progress): string {
  const { records, seconds, totalBytes } = progress
  const rate = count(Math.round(records / Math.max(seconds, 0.001)))
  if (totalBytes === null) return `${count(records)} records  ${rate}/s`
  const share = shareOf(progress)
  const left = share > 0 ? `  ${clockOf((seconds * (1 - share)) / share)} left` : ''
  return `${String(Math.floor(share * 100)).padStart(3)}%  ${rate} records/s${left}`
}

/** `0:07`, `12:30`, `3:05:00`. */
function clockOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** Where text goes. `columns` is known of terminals only. */
export type Screen = {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** What a command has of the world outside, so that tests can give it another. */
export type Terminal = {
  readonly out: Screen
  readonly err: Screen
  readonly stdin: AsyncIterable<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Aborts when the user or the system wants the command to end: whoever holds files tidies up at once. */
  readonly interruption: AbortSignal
  /** For what runs until it is told to stop: an interruption is then its ordinary end, which takes its time. */
  readonly endsGently: () => void
}

/** Columns of what is not a terminal, and of terminals that do not say. */
const PLAIN_COLUMNS = 120
const UNKNOWN_COLUMNS = 80
const [LEAST_COLUMNS, MOST_COLUMNS] = [40, 300]

/** The width to write for. */
export function columnsOf({ isTTY, columns }: Screen): number {
  if (isTTY !== true) return PLAIN_COLUMNS
  if (columns === undefined || columns <= 0) return UNKNOWN_COLUMNS
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, columns))
}

import type { InputKind } from '../parsers/parser.ts'

export type TextStream = {
  /** As the file would be called if the program had written one (`conn.log`). */
  readonly name: string
  /** Read once. Ends when the program has ended well; rejects with a `WeirError` when it has not. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** A binary capture on its way to being text. */
export type Converted = {
  readonly kind: InputKind
  readonly streams: readonly TextStream[]
  /** Stops what still runs and removes what was written. To be called in every case, once reading is over or given up. */
  close(): Promise<void>
}

/** What a capture is, by its first bytes. */
export type Container = 'pcap' | 'nfcapd'

/** Variables of the process: `PATH` says where programs are. */
export type Environment = Readonly<Record<string, string | undefined>>

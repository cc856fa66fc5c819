import type { Container, Converted } from '../convert/converted.ts'
import type { InputKind, Parser } from '../parsers/parser.ts'
import type { OpenFile } from './examine.ts'
import type { RejectedLine } from './ledger.ts'

export type ReadOptions = {
  /** Goes into every record. */
  readonly site: string
  /** All text is of this kind, whatever it looks like; captures are captures still. */
  readonly inputKind?: InputKind
  /** Minutes east of UTC of times that carry no zone. */
  readonly timezoneMinutes: number
  /** Told of every line that should have been a record and is not, in the order of reading. */
  onReject(reject: RejectedLine): void
  /** Files and folders that are not looked at when a folder is read, such as the reader's own results; named, they are read. */
  readonly leaveOut?: readonly string[]
  /** What `-` reads; the process's own standard input unless said. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

/** What reading stands on; other ones in tests. */
export type ReadTools = {
  readonly parsers: readonly Parser[]
  readonly convert: (path: string, container: Container) => Promise<Converted>
  readonly openFile: OpenFile
}

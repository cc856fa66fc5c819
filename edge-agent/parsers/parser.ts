import type { FlowRecord, RecordKind } from '@weir/schemas'

/** A record on its way to being stamped: the reader, which alone knows the merged order, fills `observedMs`. */
export type Draft = FlowRecord & { observedMs: number }

/** The line holds nothing to ship and never could: a header, a comment, a blank, a log that Weir does not read. */
export type Skip = { readonly kind: 'skip'; readonly reason: string }

/** The line should have been a record and is not. The reason is a kebab-case word or two, one of few: it is counted by. */
export type Reject = { readonly kind: 'reject'; readonly reason: string }

/** One line that told of several messages at once (Suricata's DNS with many queries). Never empty. */
export type Several = { readonly kind: 'several'; readonly records: readonly Draft[] }

/**
 * What became of one line. Every line has exactly one of these fates, so that lines = accepted + skipped + rejected.
 * Input from a sensor is never trusted and never thrown about: bad data is a value.
 */
export type Parsed = Draft | Skip | Reject | Several

export type ParserOptions = {
  readonly site: string
  /** Minutes east of UTC of time stamps that carry no zone (Argus, nfdump text). */
  readonly timezoneMinutes: number
  /** The name of the file read, without its folders; some Zeek logs tell their kind nowhere else. `''` for standard input. */
  readonly fileName: string
}

/** Reads the lines of one file or stream, in order. Holds that file's header; never shared between files. */
export type LineParser = {
  /** `lineNumber` counts from 1. Never throws. Takes time linear in the length of the line. */
  line(text: string, lineNumber: number): Parsed
}

export type InputKind = 'zeek' | 'argus' | 'suricata' | 'nfdump-csv' | 'nfdump-text'

/** A format Weir reads. To add one: this, `testdata/<id>/<case>/`, and a line in `registry.ts`. */
export type Parser = {
  readonly id: InputKind
  /** What it reads, in a few words, for the README's table. */
  readonly reads: string
  /** Kinds of record it may make, in the order of the record schema; its cases show each of them, and no other. */
  readonly makes: readonly RecordKind[]
  /**
   * Whether a file that begins with these lines is of this format (spec inputs.md section 2, «Weir:»). `lines` are up to
   * the first 64 KiB, cut at a line end; by content alone, never by path.
   */
  recognises(lines: readonly string[]): boolean
  open(options: ParserOptions): LineParser
}

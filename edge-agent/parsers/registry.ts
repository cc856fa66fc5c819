import { argusParser } from './argus.ts'
import { nfdumpCsvParser } from './nfdump-csv.ts'
import { nfdumpTextParser } from './nfdump-text.ts'
import type { InputKind, Parser } from './parser.ts'
import { suricataParser } from './suricata.ts'
import { zeekParser } from './zeek.ts'

/**
 * Every format Weir reads, in the order in which they are asked whether a file is theirs: the ones that know their own best
 * come first.
 */
export const parsers: readonly Parser[] = [
  suricataParser,
  zeekParser,
  nfdumpCsvParser,
  argusParser,
  nfdumpTextParser,
]

/** The parser of a kind. Every kind has one. */
export function parserOf(kind: InputKind, among: readonly Parser[] = parsers): Parser {
  const parser = among.find((candidate) => candidate.id === kind)
  if (parser === undefined) throw new Error(`no parser reads ${kind}: the list of parsers is incomplete`)
  return parser
}

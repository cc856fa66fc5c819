import { canonicalAddress } from './address.ts'
import { nfdumpConn } from './nfdump-conn.ts'
import { rejected, skipped } from './nfdump-fates.ts'
import { isNfdumpTrailer } from './nfdump-trailer.ts'
import { ownedText } from './owned-text.ts'
import type { LineParser, Parsed, Parser, ParserOptions } from './parser.ts'
import { parseTime } from './time.ts'

/**
 * What nfdump prints for people: `-o line`, `long`, `extended`, `biline` and `bilong`, blanks or TABs between, with a label
 * column where someone has added one.
 *
 *     date time duration protocol source -> destination, and then the columns of the header's tail
 *
 * Addresses and ports are joined by a colon, IPv6 ones by a dot.
 */
export const nfdumpTextParser: Parser = {
  id: 'nfdump-text',
  reads: '`nfdump -o line`, `long`, `extended`, `biline`, `bilong`',
  makes: ['conn'],
  recognises,
  open: (options) => new TextLines(options),
}

/** Columns after the destination. `other` holds its place and is not read. */
type TailColumn = 'flags' | 'srcPkts' | 'srcBytes' | 'dstPkts' | 'dstBytes' | 'flows' | 'label' | 'other'

/** `In` is what the source sent and `Out` what came back, by the collector's reckoning. */
const tailNames = new Map<string, TailColumn>([
  ['flags', 'flags'],
  ['packets', 'srcPkts'],
  ['bytes', 'srcBytes'],
  ['in pkt', 'srcPkts'],
  ['out pkt', 'dstPkts'],
  ['in byte', 'srcBytes'],
  ['out byte', 'dstBytes'],
  ['flows', 'flows'],
  ['label', 'label'],
])

const longest = 4096

/** The tail of a header line, or `null` when the line is not one. */
function tailOf(line: string): readonly TailColumn[] | null {
  if (!line.startsWith('Date') || line.length > longest) return null
  const words = line.trim().toLowerCase().split(/\s+/)
  const last = words.lastIndexOf('addr:port')
  if (!words.includes('duration') || !words.includes('proto') || last < 0) return null
  const tail: TailColumn[] = []
  for (let i = last + 1; i < words.length; i++) {
    const word = words[i] ?? ''
    const isPair = word === 'in' || word === 'out'
    tail.push(tailNames.get(isPair ? `${word} ${words[++i] ?? ''}` : word) ?? 'other')
  }
  return tail
}

class TextLines implements LineParser {
  readonly #site: string
  readonly #timezoneMinutes: number
  #tail: readonly TailColumn[] | null = null

  constructor(options: ParserOptions) {
    this.#site = options.site
    this.#timezoneMinutes = options.timezoneMinutes
  }

  line(text: string, lineNumber: number): Parsed {
    const first = text.charCodeAt(0)
    if (!(first >= 48 && first <= 57)) {
      if (text.trim() === '') return skipped.blank
      if (first === 35) return skipped.comment
      const tail = tailOf(text)
      if (tail !== null) {
        this.#tail = tail
        return skipped.header
      }
      if (isNfdumpTrailer(text)) return skipped.summary
    }
    if (text.length > longest) return rejected.notAFlow
    const words = wordsOf(text)
    const arrow = words[5]
    if (arrow !== '->' && arrow !== '<->') return rejected.notAFlow

    const tail = this.#tail ?? usualTail(words)
    // The columns after the flows are a label at most, which may be missing.
    const needed = tail.at(-1) === 'label' ? tail.length - 1 : tail.length
    if (words.length < 7 + needed) return rejected.tooFewColumns

    const proto = words[3] ?? ''
    const source = words[4] ?? ''
    const destination = words[6] ?? ''
    const label = tail.indexOf('label')
    return nfdumpConn(
      {
        start: `${words[0]} ${words[1]}`,
        end: '',
        duration: words[2] ?? '',
        proto,
        srcAddr: addressOf(source),
        srcPort: portOf(source),
        dstAddr: addressOf(destination),
        dstPort: portOf(destination),
        flags: tailWord(words, tail, 'flags'),
        srcPkts: tailWord(words, tail, 'srcPkts'),
        srcBytes: tailWord(words, tail, 'srcBytes'),
        dstPkts: tailWord(words, tail, 'dstPkts'),
        dstBytes: tailWord(words, tail, 'dstBytes'),
        icmpType: '',
        icmpCode: '',
        srcMac: '',
        dstMac: '',
        label: label < 0 ? '' : ownedText(words.slice(7 + label).join(' ')),
        oneWay: !tail.includes('dstPkts'),
      },
      this.#site,
      this.#timezoneMinutes,
      text,
      lineNumber,
    )
  }
}

/** Between blanks, but with a number's scale joined to it: nfdump writes `1.2 M`. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const word of text.split(/[\s]+/)) {
    const last = words.length - 1
    if (last >= 7 && (word === 'K' || word === 'M' || word === 'G' || word === 'T')) words[last] += word
    else if (word !== '') words.push(word)
  }
  return words
}

const oneWayTail: readonly TailColumn[] = ['srcPkts', 'srcBytes', 'flows']
const twoWayTail: readonly TailColumn[] = ['dstPkts', 'srcPkts', 'dstBytes', 'srcBytes', 'flows']
const extendedTail: readonly TailColumn[] = ['srcPkts', 'srcBytes', 'other', 'other', 'other', 'flows']

/** Without a header (`-q`): what the arrow, the look of the next word and the count of words tell. */
function usualTail(words: readonly string[]): readonly TailColumn[] {
  const withFlags = /^(?:[.UAPRSFCE]{6,8}|0x[0-9a-f]+)$/i.test(words[7] ?? '')
  const numbers = words.length - 7 - (withFlags ? 2 : 0)
  const counts = words[5] === '<->' ? twoWayTail : numbers >= 6 ? extendedTail : oneWayTail
  return withFlags ? ['flags', 'other', ...counts] : counts
}

function tailWord(words: readonly string[], tail: readonly TailColumn[], column: TailColumn): string {
  const at = tail.indexOf(column)
  return at < 0 ? '' : (words[7 + at] ?? '')
}

function addressOf(end: string): string {
  return end.slice(0, cutOf(end))
}

/** Some listings write `:0:0` for protocols without ports. */
function portOf(end: string): string {
  const port = end.slice(cutOf(end) + 1)
  const colon = port.indexOf(':')
  return colon < 0 ? port : port.slice(0, colon)
}

/** Where the port begins: at the first colon of an IPv4 end, at the first dot of an IPv6 one. */
function cutOf(end: string): number {
  const colon = end.indexOf(':')
  const dot = end.indexOf('.')
  const cut = dot < 0 || (colon >= 0 && colon < dot) ? dot : colon
  return cut < 0 ? end.length : cut
}

function recognises(lines: readonly string[]): boolean {
  for (const line of lines) {
    if (line.startsWith('#') || line.trim() === '') continue
    if (tailOf(line) !== null) return true
    if (line.length > longest) return false
    const words = wordsOf(line)
    return (
      (words[5] === '->' || words[5] === '<->') &&
      words.length >= 10 &&
      parseTime(`${words[0]} ${words[1]}`, 0) !== null &&
      canonicalAddress(addressOf(words[4] ?? '')) !== null &&
      canonicalAddress(addressOf(words[6] ?? '')) !== null
    )
  }
  return false
}

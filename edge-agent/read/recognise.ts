import type { Parser } from '../parsers/parser.ts'

/** Files are recognised by no more than this many bytes of their content (spec inputs.md section 2, «Weir:»). */
export const headBytes = 64 * 1024

/** What holds the lines. Captures hold none: they are converted first (convert/). */
export type Shape = 'text' | 'gzip' | 'pcap' | 'nfcapd'

/**
 * Magic bytes, in the order they lie in the file:
 * gzip `1f 8b`; pcap `d4c3b2a1` or `a1b2c3d4`, with nanoseconds `4d3cb2a1` or `a1b23c4d`; pcapng `0a0d0d0a`; nfcapd the
 * 16-bit number a50c in either byte order. Anything else may be text.
 */
export function shapeOf(head: Uint8Array): Shape {
  const first = head[0] ?? 0
  const second = head[1] ?? 0
  if (first === 0x1f && second === 0x8b) return 'gzip'
  if ((first === 0x0c && second === 0xa5) || (first === 0xa5 && second === 0x0c)) return 'nfcapd'
  if (head.length < 4) return 'text'
  const magic = ((first << 24) | (second << 16) | ((head[2] ?? 0) << 8) | (head[3] ?? 0)) >>> 0
  return captureMagics.includes(magic) ? 'pcap' : 'text'
}

const captureMagics = [0xd4c3b2a1, 0xa1b2c3d4, 0x4d3cb2a1, 0xa1b23c4d, 0x0a0d0d0a]

/**
 * The first parser, in the order given, that takes the text for its own; `null` when none does. `whole`: there is nothing
 * after `head`, so that a last line without its end counts.
 */
export function recognise(head: Uint8Array, whole: boolean, parsers: readonly Parser[]): Parser | null {
  const lines = linesOf(head, whole)
  if (lines.length === 0) return null
  return parsers.find((parser) => parser.recognises(lines)) ?? null
}

function linesOf(head: Uint8Array, whole: boolean): string[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, headBytes))
  const lastEnd = bytes.lastIndexOf(10)
  // Without any line end the beginning of the one long line has to do.
  const end = whole || lastEnd < 0 ? bytes.length : lastEnd
  const text = bytes.toString('utf8', 0, end)
  if (text.length === 0) return []
  return text.replace(/^\uFEFF/, '').split(/\r?\n/)
}

/** What a file that nobody recognised seems to be, as the end of a sentence; `''` when that cannot be said. */
export function guessForeign(head: Uint8Array): string {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte)
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return ': it is compressed with zstd (unpack it, or use gzip)'
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return ': it is compressed with xz (unpack it, or use gzip)'
  if (starts(0x42, 0x5a, 0x68)) return ': it is compressed with bzip2 (unpack it, or use gzip)'
  if (starts(0x50, 0x4b, 0x03, 0x04)) return ': it is a zip archive (unpack it)'
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return ': it is UTF-16 text (convert it to UTF-8)'
  return ''
}

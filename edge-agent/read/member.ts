import type { LineParser, Parser } from '../parsers/parser.ts'
import { parserOf } from '../parsers/registry.ts'
import { type ByteSource, takeHead } from './byte-source.ts'
import { streamsOf } from './capture-streams.ts'
import { firstPacketMs } from './capture-time.ts'
import type { Found } from './discover.ts'
import { type Examined, openGunzipped } from './examine.ts'
import { LedgerEntry } from './ledger.ts'
import type { ReadOptions, ReadTools } from './read-options.ts'
import { headBytes } from './recognise.ts'
import { RecordSource } from './record-source.ts'

/**
 * What is kept of an examined input until its turn comes: little, for a folder may hold very many. `fromMs` is the merge key
 * of its first record, `-Infinity` of one that has none or comes only once; such an input is opened at the beginning.
 */
export type Member =
  | {
      readonly as: 'capture'
      readonly found: Found
      readonly container: 'pcap' | 'nfcapd'
      readonly fromMs: number
    }
  | {
      readonly as: 'lines'
      readonly found: Found
      readonly container: 'text' | 'gzip'
      readonly parser: Parser
      /** Bytes that come only once; `null` for a file. */
      readonly once: ByteSource | null
      readonly fromMs: number
    }
  | { readonly as: 'nothing'; readonly found: Found; readonly reason: string }

export async function memberOf(one: Examined, options: ReadOptions, tools: ReadTools): Promise<Member> {
  if (one.as === 'nothing') return one
  if (one.as === 'capture') {
    const { as, found, container } = one
    return { as, found, container, fromMs: await firstOfCapture(one, options, tools) }
  }
  const { as, found, container, parser, once } = one
  let fromMs = Number.NEGATIVE_INFINITY
  if (once === null) {
    fromMs = await firstKey(one.head, one.whole, openParser(parser, found.name, options))
    if (fromMs === Number.NEGATIVE_INFINITY && !one.whole) fromMs = await firstKeyOfFile(one, options, tools)
  }
  return { as, found, container, parser, once, fromMs }
}

/** A parser for the lines of a file or stream of this name. */
export function openParser(parser: Parser, fileName: string, options: ReadOptions): LineParser {
  return parser.open({ site: options.site, timezoneMinutes: options.timezoneMinutes, fileName })
}

/** A packet capture says when it began; of an nfcapd file as much is converted as it takes to see. */
async function firstOfCapture(
  one: Examined & { as: 'capture' },
  options: ReadOptions,
  tools: ReadTools,
): Promise<number> {
  if (one.container === 'pcap') return firstPacketMs(one.head) ?? Number.NEGATIVE_INFINITY
  const converted = await tools.convert(one.found.path, one.container)
  const parser = parserOf(converted.kind, tools.parsers)
  const streams = streamsOf(converted)
  let first = Number.POSITIVE_INFINITY
  try {
    for (const { name, bytes } of streams) {
      const { head, whole } = await takeHead(bytes, headBytes)
      first = Math.min(first, await firstKey(head, whole, openParser(parser, name, options)))
    }
  } finally {
    for (const { bytes } of streams) await bytes.close()
    if (streams.length === 0) await converted.close()
  }
  return first
}

/**
 * Where the head is not enough, as much of the file as it takes: inputs without a time would all have to be open at once, and
 * a folder may hold more of them than a process may open.
 */
async function firstKeyOfFile(
  { found, container, parser }: Examined & { as: 'lines' },
  options: ReadOptions,
  tools: ReadTools,
): Promise<number> {
  const { openFile } = tools
  const bytes = await (container === 'gzip' ? openGunzipped(found.path, openFile) : openFile(found.path))
  try {
    const lines = openParser(parser, found.name, options)
    const source = new RecordSource(0, false, bytes, lines, new LedgerEntry('', 'unknown'), () => {})
    while (!source.step()) await source.more()
    return source.record === null ? Number.NEGATIVE_INFINITY : source.keyMs
  } finally {
    await bytes.close()
  }
}

async function firstKey(head: Uint8Array, whole: boolean, parser: LineParser): Promise<number> {
  const source = new RecordSource(
    0,
    false,
    new HeadBytes(head),
    parser,
    new LedgerEntry('', 'unknown'),
    () => {},
  )
  let settled = false
  // Without the end of what is whole its last line is not complete.
  for (let fetched = 0; !settled && fetched < (whole ? 2 : 1); fetched++) {
    await source.more()
    settled = source.step()
  }
  return settled && source.record !== null ? source.keyMs : Number.NEGATIVE_INFINITY
}

class HeadBytes implements ByteSource {
  readonly damage = null
  #head: Uint8Array | null

  constructor(head: Uint8Array) {
    this.#head = head
  }

  next(): Promise<Uint8Array | null> {
    const head = this.#head
    this.#head = null
    return Promise.resolve(head)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

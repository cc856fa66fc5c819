import { createReadStream } from 'node:fs'
import { edgeError } from '../errors.ts'
import type { InputKind, Parser } from '../parsers/parser.ts'
import { type ByteSource, IterableBytes, ReplayedBytes, takeHead } from './byte-source.ts'
import type { Found } from './discover.ts'
import { GunzippedBytes } from './gunzipped-bytes.ts'
import { guessForeign, headBytes, recognise, shapeOf } from './recognise.ts'

export type OpenFile = (path: string, onRead?: (bytes: number) => void) => Promise<ByteSource>

/** What was found out about an input by its first bytes, and these. */
export type Examined =
  | {
      readonly as: 'capture'
      readonly found: Found
      readonly container: 'pcap' | 'nfcapd'
      readonly head: Buffer
    }
  | {
      readonly as: 'lines'
      readonly found: Found
      readonly container: 'text' | 'gzip'
      readonly parser: Parser
      /** The first bytes of the lines, unpacked; `whole` if there are no more and nothing is damaged. */
      readonly head: Buffer
      readonly whole: boolean
      /** Bytes that come only once, from their beginning; `null` for a file, which is opened again. */
      readonly once: ByteSource | null
    }
  | { readonly as: 'nothing'; readonly found: Found; readonly reason: string }

export type Examination = {
  readonly parsers: readonly Parser[]
  /** What the user says it is: text is not asked what it is. */
  readonly parser: Parser | null
  readonly openFile: OpenFile
  /** Called only if standard input is to be read: looking at the process's own opens it. */
  readonly stdin: () => AsyncIterable<Uint8Array>
}

/**
 * Looks into an input. What cannot be read is an error if the user named it, and `nothing` with a reason if it lay in a
 * folder.
 */
export function examine(found: Found, how: Examination): Promise<Examined> {
  if (found.passedOver !== null) return Promise.resolve({ as: 'nothing', found, reason: found.passedOver })
  return found.from === 'file' ? examineFile(found, how) : examineOnce(found, how)
}

async function examineFile(found: Found, how: Examination): Promise<Examined> {
  const raw = await headOf(await how.openFile(found.path))
  const container = shapeOf(raw.head)
  if (container === 'pcap' || container === 'nfcapd')
    return { as: 'capture', found, container, head: raw.head }
  if (container === 'text') return examineLines(found, how, container, raw.head, raw.whole, null)
  const unpacked = await headOf(await openGunzipped(found.path, how.openFile))
  const inner = shapeOf(unpacked.head)
  if (inner === 'pcap' || inner === 'nfcapd') {
    if (found.given) throw edgeError.INPUT_CAPTURE_COMPRESSED({ path: found.path, what: inner })
    return { as: 'nothing', found, reason: 'compressed-capture' }
  }
  return examineLines(found, how, container, unpacked.head, unpacked.whole, null)
}

/** The lines of a gzip file. */
export async function openGunzipped(
  path: string,
  openFile: OpenFile,
  onRead?: (bytes: number) => void,
): Promise<ByteSource> {
  return new GunzippedBytes(await openFile(path, onRead), () => openFile(path))
}

async function headOf(source: ByteSource): Promise<{ head: Buffer; whole: boolean }> {
  try {
    return await takeHead(source, headBytes)
  } finally {
    await source.close()
  }
}

/** A pipe may be slow: no more is awaited than it takes to recognise it. */
async function examineOnce(found: Found, how: Examination): Promise<Examined> {
  const chunks = found.from === 'pipe' ? createReadStream(found.path) : how.stdin()
  const source = new IterableBytes(chunks)
  const first = await takeHead(source, 4)
  const container = shapeOf(first.head)
  if (container === 'pcap' || container === 'nfcapd') {
    await source.close()
    throw edgeError.INPUT_CAPTURE_STREAMED({ path: found.path, what: container })
  }
  const replayed = new ReplayedBytes([first.head], source)
  const lines = container === 'gzip' ? new GunzippedBytes(replayed, null) : replayed
  let head = Buffer.alloc(0)
  for (;;) {
    const more = await takeHead(lines, 1)
    head = Buffer.concat([head, more.head])
    const enough = more.head.length === 0 || head.length >= headBytes
    const parser = how.parser ?? (enough || head.includes(10) ? recognise(head, enough, how.parsers) : null)
    if (parser !== null || enough) {
      const once = new ReplayedBytes(head.length > 0 ? [head] : [], lines)
      try {
        return examineLines(found, how, container, head, false, once, parser)
      } catch (error) {
        await once.close()
        throw error
      }
    }
  }
}

function examineLines(
  found: Found,
  how: Examination,
  container: 'text' | 'gzip',
  head: Buffer,
  whole: boolean,
  once: ByteSource | null,
  known = how.parser,
): Examined {
  const { path } = found
  if (head.length === 0 && (whole || once !== null)) {
    if (found.given) throw edgeError.INPUT_EMPTY({ path })
    return { as: 'nothing', found, reason: 'empty' }
  }
  const parser = known ?? recognise(head, whole, how.parsers)
  if (parser !== null) return { as: 'lines', found, container, parser, head, whole, once }
  if (found.given) {
    const hint = guessForeign(head)
    throw edgeError.INPUT_NOT_RECOGNISED({ path, hint, kinds: kindsOf(how.parsers) })
  }
  return { as: 'nothing', found, reason: 'not-recognised' }
}

/** For the message that asks the user to name one. */
export function kindsOf(parsers: readonly Parser[]): string {
  return parsers.map((parser): InputKind => parser.id).join('|')
}

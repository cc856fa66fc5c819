import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Draft, LineParser, Parsed, Parser } from '../parsers/parser.ts'
import type { ByteSource } from './byte-source.ts'
import { FileBytes } from './file-bytes.ts'
import type { ReadTools } from './read-options.ts'

/** A connection that began at `tsMs`. */
export function conn(uid: string, tsMs: number, durationMs = 0): Draft {
  return {
    kind: 'conn',
    tsMs,
    observedMs: 0,
    site: 'test',
    sensor: 'test',
    source: 'zeek',
    uid,
    srcIp: '10.0.0.1',
    srcPort: null,
    dstIp: '10.0.0.2',
    dstPort: null,
    proto: 'tcp',
    label: '',
    labelDetail: '',
    durationMs,
    service: '',
    state: '',
    history: '',
    established: null,
    srcPkts: 0,
    dstPkts: 0,
    srcBytes: 0,
    dstBytes: 0,
    srcMac: '',
    dstMac: '',
    icmpType: null,
    icmpCode: null,
  }
}

/**
 * The simplest log there could be. The first line is `#test`; then `seconds duration uid` is a connection,
 * `several seconds uid uid …` are several at once, `#…` and blanks are skipped, and anything else is rejected.
 */
export const testParser: Parser = {
  id: 'zeek',
  reads: 'test lines',
  makes: ['conn'],
  recognises: (lines) => lines[0] === '#test',
  open: (): LineParser => ({ line: parse }),
}

function parse(text: string): Parsed {
  if (text === '' || text.startsWith('#')) return { kind: 'skip', reason: 'header' }
  const words = text.split(' ')
  if (words[0] === 'several') {
    return { kind: 'several', records: words.slice(2).map((uid) => conn(uid, Number(words[1]) * 1000)) }
  }
  const tsMs = Number(words[0]) * 1000
  const durationMs = Number(words[1]) * 1000
  if (words.length !== 3 || !Number.isFinite(tsMs) || !Number.isFinite(durationMs)) {
    return { kind: 'reject', reason: 'not-test' }
  }
  return conn(words[2] ?? '', tsMs, durationMs)
}

/** A folder for one test, with these files; gone after it. */
export function folderOf(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-read-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** The real tools with `testParser` alone. They count the files that are open. */
export class TestTools implements ReadTools {
  readonly parsers = [testParser]
  open = 0
  mostOpen = 0
  readonly convert: ReadTools['convert'] = () => Promise.reject(new Error('nothing to convert with'))

  readonly openFile = async (path: string, onRead?: (bytes: number) => void): Promise<ByteSource> => {
    const bytes = await FileBytes.open(path, onRead)
    this.open++
    this.mostOpen = Math.max(this.mostOpen, this.open)
    return new CountedBytes(bytes, () => this.open--)
  }
}

class CountedBytes implements ByteSource {
  readonly damage = null
  readonly #bytes: ByteSource
  readonly #onClose: () => void

  constructor(bytes: ByteSource, onClose: () => void) {
    this.#bytes = bytes
    this.#onClose = onClose
  }

  next(): Promise<Uint8Array | null> {
    return this.#bytes.next()
  }

  async close(): Promise<void> {
    this.#onClose()
    await this.#bytes.close()
  }
}

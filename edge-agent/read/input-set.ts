import type { FlowRecord } from '@weir/schemas'
import type { Container, Converted } from '../convert/converted.ts'
import { edgeError } from '../errors.ts'
import type { InputKind, Parser } from '../parsers/parser.ts'
import { parserOf } from '../parsers/registry.ts'
import { type ByteSource, takeHead } from './byte-source.ts'
import { streamsOf } from './capture-streams.ts'
import { firstPacketMs } from './capture-time.ts'
import { discover } from './discover.ts'
import { type Examined, examine, kindsOf, type OpenFile, openGunzipped } from './examine.ts'
import { combineFingerprints, fingerprintOf } from './fingerprint.ts'
import { type InputLedger, LedgerEntry, type RejectedLine } from './ledger.ts'
import { type Lane, Merge } from './merge.ts'
import { headBytes } from './recognise.ts'
import { RecordSource } from './record-source.ts'

export type ReadOptions = {
  /** Goes into every record. */
  readonly site: string
  /** All text is of this kind, whatever it looks like; captures are captures still. */
  readonly inputKind?: InputKind
  /** Minutes east of UTC of times that carry no zone. */
  readonly timezoneMinutes: number
  /** Told of every line that should have been a record and is not, in the order of reading. */
  onReject(reject: RejectedLine): void
  /** What `-` reads; the process's own standard input unless said. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

export type InputSummary = {
  readonly path: string
  /** `unknown`: not read, the ledger says why. */
  readonly kind: InputKind | 'pcap' | 'nfcapd' | 'unknown'
  readonly gzip: boolean
  /** On disk; `null` for a stream. */
  readonly bytes: number | null
}

/** The inputs of one run, as one stream. */
export type Inputs = {
  /** Every file, also those not read, sorted by name without folders and then by real path. */
  readonly inputs: readonly InputSummary[]
  /** On disk, of what will be read; `null` when a stream is among it. */
  readonly totalBytes: number | null
  /** How much of `totalBytes` has been read so far. */
  bytesRead(): number
  /**
   * All records in the order of merge.ts, stamped, in arrays of `size` (1,024), which are the caller's to keep. To be
   * called once; leaving the loop closes the inputs.
   */
  batches(size?: number): AsyncGenerator<FlowRecord[]>
  /** As of now, in the order of `inputs`; an input not yet reached has no lines. Throws if lines are unaccounted for. */
  ledger(): InputLedger[]
  /** The same for the same files, wherever they lie and however they were named: by name, size, head and tail of each. */
  fingerprint(): Promise<string>
  /** Stops reading; what was read stays in the ledger. Throws if lines are unaccounted for. */
  close(): Promise<void>
}

/** What reading stands on; other ones in tests. */
export type ReadTools = {
  readonly parsers: readonly Parser[]
  readonly convert: (path: string, container: Container) => Promise<Converted>
  readonly openFile: OpenFile
}

/** `openInputs` of inputs.ts over the tools given. */
export async function openInputSet(
  paths: readonly string[],
  options: ReadOptions,
  tools: ReadTools,
): Promise<Inputs> {
  const { found, folders } = await discover(paths)
  const parser = options.inputKind === undefined ? null : parserOf(options.inputKind, tools.parsers)
  const how = { ...tools, parser, stdin: options.stdin ?? process.stdin }
  const examined: Examined[] = []
  try {
    for (const one of found) examined.push(await examine(one, how))
    refuseUselessFolders(folders, examined, tools.parsers)
    const set = new InputSet(examined, options, tools)
    const lanes: Lane[] = []
    for (let i = 0; i < examined.length; i++) lanes.push(...(await set.laneOf(i)))
    return set.inputsOf(lanes)
  } catch (error) {
    await closeOnce(examined)
    throw error
  }
}

function refuseUselessFolders(
  folders: ReadonlyMap<string, readonly string[]>,
  examined: readonly Examined[],
  parsers: readonly Parser[],
): void {
  const useful = new Set(examined.filter((one) => one.as !== 'nothing').map((one) => one.found.realPath))
  for (const [path, files] of folders) {
    if (files.some((file) => useful.has(file))) continue
    throw edgeError.INPUT_FOLDER_NOT_RECOGNISED({ path, files: files.length, kinds: kindsOf(parsers) })
  }
}

async function closeOnce(examined: readonly Examined[]): Promise<void> {
  for (const one of examined) if (one.as === 'lines') await one.once?.close()
}

/** Room between the ranks of two inputs for the streams of a capture. */
const ranksPerInput = 4096

class InputSet {
  readonly #examined: readonly Examined[]
  readonly #options: ReadOptions
  readonly #tools: ReadTools
  /** Of each input; a capture has one for each of its streams. */
  readonly #entries: LedgerEntry[][]
  #bytesRead = 0
  readonly #onRead = (bytes: number): void => {
    this.#bytesRead += bytes
  }

  constructor(examined: readonly Examined[], options: ReadOptions, tools: ReadTools) {
    this.#examined = examined
    this.#options = options
    this.#tools = tools
    this.#entries = examined.map((one) => {
      if (one.as === 'capture') return []
      const entry = new LedgerEntry(one.found.path, one.as === 'lines' ? one.parser.id : 'unknown')
      if (one.as === 'nothing') {
        entry.lines++
        entry.skip(one.reason)
      }
      return [entry]
    })
  }

  /** The lane of the input at this place; none for one that is not read. */
  async laneOf(at: number): Promise<Lane[]> {
    const one = this.#examined[at]
    const rank = at * ranksPerInput
    if (one === undefined || one.as === 'nothing') return []
    if (one.as === 'capture') {
      const fromMs = one.container === 'pcap' ? firstPacketMs(one.head) : await this.#firstOfCapture(one)
      return [{ rank, fromMs: fromMs ?? Number.NEGATIVE_INFINITY, open: () => this.#openCapture(one, at) }]
    }
    const fromMs = one.once === null ? await this.#firstOfLines(one) : Number.NEGATIVE_INFINITY
    // The head was needed for that and is not kept: a folder may hold very many files.
    const { found, container, parser, once } = one
    const entry = this.#entries[at]?.[0]
    if (entry === undefined) throw new Error(`${found.path} has no ledger`)
    const open = async () => [
      new RecordSource(
        rank,
        once !== null,
        once ?? (await this.#openLines(found.path, container)),
        this.#parserFor(parser, found.name),
        entry,
        this.#options.onReject,
      ),
    ]
    return [{ rank, fromMs, open }]
  }

  inputsOf(lanes: readonly Lane[]): Inputs {
    const merge = new Merge(lanes)
    const inputs = this.#examined.map(summaryOf)
    const read = inputs.filter((input) => input.kind !== 'unknown')
    const sizes = read.map((input) => input.bytes)
    let begun = false
    return {
      inputs,
      totalBytes: sizes.reduce<number | null>(
        (sum, size) => (sum === null || size === null ? null : sum + size),
        0,
      ),
      bytesRead: () => this.#bytesRead,
      batches: (size = 1024) => {
        if (begun) throw new Error('the batches of these inputs were already asked for')
        begun = true
        return merge.batches(size)
      },
      ledger: () => this.#ledger(),
      fingerprint: () => this.#fingerprint(),
      close: async () => {
        await merge.close()
        await closeOnce(this.#examined)
        this.#ledger()
      },
    }
  }

  #ledger(): InputLedger[] {
    return this.#entries.flatMap((entries) => entries.map((entry) => entry.close()))
  }

  async #fingerprint(): Promise<string> {
    const prints: string[] = []
    for (const one of this.#examined) {
      if (one.as === 'nothing') continue
      const kind = one.as === 'lines' ? one.parser.id : one.container
      const { found } = one
      prints.push(
        `${kind}\0${found.from === 'file' ? await fingerprintOf(found.path, found.name) : found.from}`,
      )
    }
    return combineFingerprints(prints)
  }

  #openLines(path: string, container: 'text' | 'gzip'): Promise<ByteSource> {
    const { openFile } = this.#tools
    return container === 'gzip' ? openGunzipped(path, openFile, this.#onRead) : openFile(path, this.#onRead)
  }

  #parserFor(parser: Parser, fileName: string) {
    const { site, timezoneMinutes } = this.#options
    return parser.open({ site, timezoneMinutes, fileName })
  }

  #firstOfLines(one: Examined & { as: 'lines' }): Promise<number> {
    const parser = this.#parserFor(one.parser, one.found.name)
    return firstKey(new HeadBytes(one.head), one.whole, parser)
  }

  /** Converts as much as it takes to see the first records; once more when their time has come. */
  async #firstOfCapture(one: Examined & { as: 'capture' }): Promise<number> {
    const converted = await this.#tools.convert(one.found.path, one.container)
    const parser = parserOf(converted.kind, this.#tools.parsers)
    if (converted.streams.length === 0) await converted.close()
    let first = Number.POSITIVE_INFINITY
    for (const { name, bytes } of streamsOf(converted)) {
      try {
        const { head, whole } = await takeHead(bytes, headBytes)
        first = Math.min(first, await firstKey(new HeadBytes(head), whole, this.#parserFor(parser, name)))
      } finally {
        await bytes.close()
      }
    }
    return first
  }

  async #openCapture(one: Examined & { as: 'capture' }, at: number): Promise<RecordSource[]> {
    const { path } = one.found
    const converted = await this.#tools.convert(path, one.container)
    this.#bytesRead += one.found.bytes
    const parser = parserOf(converted.kind, this.#tools.parsers)
    if (converted.streams.length === 0) {
      this.#entries[at]?.push(new LedgerEntry(path, converted.kind))
      await converted.close()
    }
    return streamsOf(converted).map(({ name, bytes }, i) => {
      const entry = new LedgerEntry(`${path}#${name}`, converted.kind)
      this.#entries[at]?.push(entry)
      const rank = at * ranksPerInput + i
      return new RecordSource(
        rank,
        false,
        bytes,
        this.#parserFor(parser, name),
        entry,
        this.#options.onReject,
      )
    })
  }
}

function summaryOf(one: Examined): InputSummary {
  const { found } = one
  return {
    path: found.path,
    kind: one.as === 'lines' ? one.parser.id : one.as === 'capture' ? one.container : 'unknown',
    gzip: one.as === 'lines' && one.container === 'gzip',
    bytes: found.from === 'file' ? found.bytes : null,
  }
}

/** The key of the first record that is merged; `-Infinity` when the head does not show it. */
async function firstKey(
  bytes: ByteSource,
  whole: boolean,
  parser: ReturnType<Parser['open']>,
): Promise<number> {
  const source = new RecordSource(0, false, bytes, parser, new LedgerEntry('', 'unknown'), () => {})
  let settled = false
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

import type { FlowRecord } from '@weir/schemas'
import { edgeError } from '../errors.ts'
import type { InputKind, Parser } from '../parsers/parser.ts'
import { parserOf } from '../parsers/registry.ts'
import type { ByteSource } from './byte-source.ts'
import { streamsOf } from './capture-streams.ts'
import { discover } from './discover.ts'
import { examine, kindsOf, openGunzipped } from './examine.ts'
import { combineFingerprints, fingerprintOf } from './fingerprint.ts'
import { type InputLedger, LedgerEntry } from './ledger.ts'
import { type Member, memberOf, openParser } from './member.ts'
import { type Lane, Merge } from './merge.ts'
import type { ReadOptions, ReadTools } from './read-options.ts'
import { RecordSource } from './record-source.ts'

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
  /** The same for the same files, wherever they lie and however they were named: by name and content of each. */
  fingerprint(): Promise<string>
  /** Stops reading; what was read stays in the ledger. Throws if lines are unaccounted for. */
  close(): Promise<void>
}

/** `openInputs` of inputs.ts over the tools given. */
export async function openInputSet(
  paths: readonly string[],
  options: ReadOptions,
  tools: ReadTools,
): Promise<Inputs> {
  const { found, folders } = await discover(paths, options.leaveOut)
  const parser = options.inputKind === undefined ? null : parserOf(options.inputKind, tools.parsers)
  const how = { ...tools, parser, stdin: () => options.stdin ?? process.stdin }
  const members: Member[] = []
  try {
    // Of several files named, as by a shell's pattern, one that is no log is passed over and counted, as in a folder.
    const isOnly = found.length === 1
    for (const one of found) {
      members.push(await memberOf(await examine({ ...one, given: one.given && isOnly }, how), options, tools))
    }
    const named = found.find((one) => one.given)
    if (named !== undefined && members.every((one) => one.as === 'nothing')) await examine(named, how)
    refuseUselessFolders(folders, members, tools.parsers)
    return new InputSet(members, options, tools).inputs()
  } catch (error) {
    await closeOnce(members)
    throw error
  }
}

function refuseUselessFolders(
  folders: ReadonlyMap<string, readonly string[]>,
  members: readonly Member[],
  parsers: readonly Parser[],
): void {
  const useful = new Set(members.filter((one) => one.as !== 'nothing').map((one) => one.found.realPath))
  for (const [path, files] of folders) {
    if (files.some((file) => useful.has(file))) continue
    throw edgeError.INPUT_FOLDER_NOT_RECOGNISED({ path, files: files.length, kinds: kindsOf(parsers) })
  }
}

async function closeOnce(members: readonly Member[]): Promise<void> {
  for (const one of members) if (one.as === 'lines') await one.once?.close()
}

/** Room between the ranks of two inputs for the streams of a capture. */
const ranksPerInput = 4096

class InputSet {
  readonly #members: readonly Member[]
  readonly #options: ReadOptions
  readonly #tools: ReadTools
  /** Of each input; a capture has one for each of its streams. */
  readonly #entries: LedgerEntry[][]
  #bytesRead = 0
  readonly #onRead = (bytes: number): void => {
    this.#bytesRead += bytes
  }

  constructor(members: readonly Member[], options: ReadOptions, tools: ReadTools) {
    this.#members = members
    this.#options = options
    this.#tools = tools
    this.#entries = members.map((one) => {
      if (one.as === 'capture') return []
      const entry = new LedgerEntry(one.found.path, one.as === 'lines' ? one.parser.id : 'unknown')
      if (one.as === 'nothing') {
        entry.lines++
        entry.skip(one.reason)
      }
      return [entry]
    })
  }

  inputs(): Inputs {
    const merge = new Merge(this.#members.flatMap((member, at) => this.#laneOf(member, at)))
    const inputs = this.#members.map(summaryOf)
    const sizes = inputs.filter((input) => input.kind !== 'unknown').map((input) => input.bytes)
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
        await closeOnce(this.#members)
        this.#ledger()
      },
    }
  }

  /** None for an input that is not read. */
  #laneOf(member: Member, at: number): Lane[] {
    if (member.as === 'nothing') return []
    const open = () => (member.as === 'capture' ? this.#openCapture(member, at) : this.#openLines(member, at))
    return [{ rank: at * ranksPerInput, fromMs: member.fromMs, open }]
  }

  #ledger(): InputLedger[] {
    return this.#entries.flatMap((entries) => entries.map((entry) => entry.close()))
  }

  async #fingerprint(): Promise<string> {
    const prints: string[] = []
    for (const one of this.#members) {
      if (one.as === 'nothing') continue
      const kind = one.as === 'lines' ? one.parser.id : one.container
      const { found } = one
      prints.push(
        `${kind}\0${found.from === 'file' ? await fingerprintOf(found.path, found.name) : found.from}`,
      )
    }
    return combineFingerprints(prints)
  }

  async #openLines(member: Member & { as: 'lines' }, at: number): Promise<RecordSource[]> {
    const { found, container, parser, once } = member
    const entry = this.#entries[at]?.[0]
    if (entry === undefined) throw new Error(`${found.path} has no ledger`)
    const bytes = once ?? (await this.#openFile(found.path, container))
    const lines = openParser(parser, found.name, this.#options)
    const rank = at * ranksPerInput
    return [new RecordSource(rank, once !== null, bytes, lines, entry, this.#options.onReject)]
  }

  #openFile(path: string, container: 'text' | 'gzip'): Promise<ByteSource> {
    const { openFile } = this.#tools
    return container === 'gzip' ? openGunzipped(path, openFile, this.#onRead) : openFile(path, this.#onRead)
  }

  async #openCapture(member: Member & { as: 'capture' }, at: number): Promise<RecordSource[]> {
    const { path, bytes: size } = member.found
    const converted = await this.#tools.convert(path, member.container)
    this.#bytesRead += size
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
        openParser(parser, name, this.#options),
        entry,
        this.#options.onReject,
      )
    })
  }
}

function summaryOf(member: Member): InputSummary {
  const { found } = member
  return {
    path: found.path,
    kind: member.as === 'lines' ? member.parser.id : member.as === 'capture' ? member.container : 'unknown',
    gzip: member.as === 'lines' && member.container === 'gzip',
    bytes: found.from === 'file' ? found.bytes : null,
  }
}

import type { File, Level } from '@weir/schemas'
import { type ExecutableKind, executableKind } from '../data/mime-types.ts'
import { bySource } from '../keys.ts'
import { isMulticast, isPrivate, isPublic } from '../profile/address-class.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector, type Finding, type Tools } from './detector.ts'
import { steps } from './settings.ts'

/** `unnamed`: from a web server that was addressed by number. */
type Rule = 'executable' | 'unnamed' | 'opaque'

/** What one host took from one server by one rule. */
type Downloads = { count: number; said: number; uids: readonly string[] }

type State = {
  readonly byRule: Map<string, Downloads>
  /** Hashes of rule and file: http.log and files.log tell of the same one. */
  readonly seen: Set<number>
}

const MAX_PAIRS = 200
const MAX_SEEN = 1_000
const MAX_UIDS = 10

const rules: Readonly<
  Record<Rule, { readonly level: Level; readonly confidence: number; readonly what: string }>
> = {
  executable: { level: 'low', confidence: 1, what: 'something executable' },
  unnamed: { level: 'medium', confidence: 0.8, what: 'something executable, by address and not by name,' },
  opaque: { level: 'info', confidence: 0.5, what: 'data of no known type' },
}

type Transfer = {
  readonly rule: Rule
  readonly kind: ExecutableKind
  readonly mimeType: string
  readonly fileId: string
  readonly downloader: string
  readonly server: string
  readonly host: string
  readonly record: Finding['record']
}

const settings = {
  steps: steps(
    [1, 10, 100, 1_000],
    'Downloads of one host from one server in one window at which it is said.',
  ),
}

export const executableDownload = defineDetector({
  id: 'executable-download',
  version: 1,
  claim: 'A host downloaded a program, an installer or a script without encryption.',
  spec: 'HTTP-05',
  types: ['EXECUTABLE_MIME_TYPE'],
  level: 'low',
  techniques: ['T1105'],
  misfires: 'Updates and software installed from mirrors; scripts published as web pages.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 220_000,
    empty: (): State => ({ byRule: new Map(), seen: new Set() }),
  },
  on: {
    http(record, tools) {
      const { responseMimeTypes, responseFileIds } = record
      for (let i = 0; i < responseMimeTypes.length; i += 1) {
        const mimeType = responseMimeTypes[i] ?? ''
        const kind = executableKind(mimeType)
        if (kind === null) continue
        const rule = kind === 'unknown' ? 'opaque' : isUnnamed(record.host) ? 'unnamed' : 'executable'
        const fileId = responseFileIds[i] ?? `${record.uid}|${record.uri}`
        const { srcIp, dstIp, host } = record
        note({ rule, kind, mimeType, fileId, downloader: srcIp, server: dstIp, host, record }, tools)
      }
    },
    file(record, tools) {
      const kind = executableKind(record.mimeType)
      if (kind === null || record.dstIp === '' || isUpload(record)) return
      const downloader = record.receiverIps[0] ?? record.dstIp
      if (isMulticast(downloader)) return
      const server = downloader === record.srcIp ? record.dstIp : record.srcIp
      const rule = kind === 'unknown' ? 'opaque' : 'executable'
      const fileId = record.fileId === '' ? record.uid : record.fileId
      note({ rule, kind, mimeType: record.mimeType, fileId, downloader, server, host: '', record }, tools)
    },
  },
})

function note(transfer: Transfer, tools: Tools<State, typeof settings>): void {
  const { rule, downloader, server, record } = transfer
  const state = tools.state()
  const hash = textHash(`${rule}|${downloader}|${transfer.fileId}`)
  if (state.seen.has(hash)) return
  if (state.seen.size < MAX_SEEN) state.seen.add(hash)
  const pair = `${rule}|${downloader}|${server}`
  let downloads = state.byRule.get(pair)
  if (downloads === undefined) {
    if (state.byRule.size >= MAX_PAIRS) return
    downloads = { count: 0, said: 0, uids: [] }
    state.byRule.set(pair, downloads)
  }
  downloads.count += 1
  downloads.uids = sampleUid(downloads.uids, record.uid, MAX_UIDS)
  const reached = stepReached(tools.config.steps, downloads.count)
  if (reached <= downloads.said) return
  downloads.said = reached
  const { level, confidence, what } = rules[rule]
  const times = downloads.count === 1 ? '' : ` ${downloads.count} times`
  const from =
    transfer.host === '' || transfer.host === server ? server : `${transfer.host.slice(0, 255)} (${server})`
  // Sensors turn the ends of a file's record to where it came from: who asked for it is the source all the same.
  tools.report({
    // Told from the server's side it is counted under another host than the download that http.log tells of.
    key: record.srcIp === downloader ? `${rule}|${server}|${reached}` : `${rule}|${server}|${reached}|served`,
    level,
    // A script is told by its first line, which is a guess; a program by its headers, which is not.
    confidence: transfer.kind === 'script' ? confidence * 0.6 : confidence,
    record,
    uids: [...downloads.uids],
    profile: downloader,
    attacker: { direction: 'src', type: 'ip', value: downloader },
    victim: null,
    description: `${downloader} downloaded ${what} from ${from}${times}: ${transfer.mimeType.slice(0, 100)}.`,
    facts: {
      rule,
      kind: transfer.kind,
      mimeType: transfer.mimeType.slice(0, 100),
      server,
      downloads: downloads.count,
      ...(record.kind === 'http' ? { host: record.host.slice(0, 255), uri: record.uri.slice(0, 200) } : {}),
      ...(record.kind === 'file' ? fileFacts(record) : {}),
    },
    mirror: {
      profile: server,
      level: level === 'medium' ? 'low' : level,
      confidence,
      attacker: { direction: 'dst', type: 'ip', value: server },
      victim: null,
      description: `${server} served ${what} to ${downloader}${times}.`,
    },
  })
}

function fileFacts(file: File): Readonly<Record<string, string | number>> {
  return {
    filename: file.filename.slice(0, 200),
    bytes: file.sizeBytes ?? 0,
    sha256: file.sha256,
    sha1: file.sha1,
    md5: file.md5,
  }
}

/** A Host header that is an address, with or without a port. */
function isUnnamed(host: string): boolean {
  const colon = host.lastIndexOf(':')
  const bare = host.startsWith('[')
    ? host.slice(1, host.indexOf(']'))
    : colon > 0 && host.indexOf(':') === colon
      ? host.slice(0, colon)
      : host
  return bare !== '' && (isPublic(bare) || isPrivate(bare))
}

/** The sender came from an ephemeral port to a service: it gave the file, nobody fetched it. */
function isUpload(file: File): boolean {
  const { srcPort, dstPort } = file
  return (
    srcPort !== null &&
    dstPort !== null &&
    dstPort < 1_024 &&
    srcPort >= 1_024 &&
    file.senderIps[0] === file.srcIp
  )
}

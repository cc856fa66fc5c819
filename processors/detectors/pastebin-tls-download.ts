import type { Conn, Tls } from '@weir/schemas'
import { canonicalName, isWithinZone } from '../data/dns-zones.ts'
import { pasteSites } from '../data/paste-sites.ts'
import { bySource } from '../keys.ts'
import { payloadReceived } from '../stats/payload.ts'
import { tellAtSteps } from '../stats/tally.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, steps, texts } from './settings.ts'

type State = {
  /** Sessions with a paste site by uid, until their connection says how much came back. */
  readonly sessions: Map<string, string>
  /** Addresses that paste sites were resolved to: whose connections are kept if they are told of before their session. */
  readonly places: Set<string>
  /** Bytes that came back from where a paste site resolves to, by uid, where the connection was told of first. */
  readonly connections: Map<string, number>
  /** Downloads by site. */
  readonly told: Map<string, number>
}

const MAX_WAITING = 64
const MAX_UID = 64
const MAX_PLACES = 64
const MAX_SITES = 20

const settings = {
  sites: texts(pasteSites, 'Names of paste sites, in lower case; each with all below it.'),
  minBytes: count(
    700,
    'Bytes of a response from which it is a download; what the handshake takes is left out.',
  ),
  steps: steps([1, 10, 100], 'Downloads from one site in one window at which it is said.'),
}

/** What a server sends before it says anything: its certificates and keys, about. */
const HANDSHAKE_BYTES = 3_000

type PasteTools = Tools<State, typeof settings>

export const pastebinTlsDownload = defineDetector({
  id: 'pastebin-tls-download',
  version: 1,
  claim: 'A host fetched a text from a paste site, where anyone may leave orders or programs, over TLS.',
  spec: 'TLS-07',
  types: ['PASTEBIN_DOWNLOAD'],
  level: 'info',
  techniques: ['T1105'],
  misfires: 'People who read what others have pasted.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 40_000,
    empty: (): State => ({ sessions: new Map(), places: new Set(), connections: new Map(), told: new Map() }),
  },
  on: {
    dns(record, tools) {
      if (record.answers.length === 0 || !isWithinZone(canonicalName(record.query), tools.config.sites))
        return
      const { places } = tools.state()
      for (const answer of record.answers) if (places.size < MAX_PLACES) places.add(answer.slice(0, MAX_UID))
    },
    tls(record, tools) {
      if (record.serverName === '') return
      const site = canonicalName(record.serverName)
      if (!isWithinZone(site, tools.config.sites) || record.uid.length > MAX_UID) return
      const { sessions, connections } = tools.state()
      const bytes = connections.get(record.uid)
      if (bytes === undefined) keep(sessions, record.uid, site)
      else {
        connections.delete(record.uid)
        say(record, site, bytes, tools)
      }
    },
    conn(record, tools) {
      if (record.dstPort !== 443 || record.dstBytes === 0) return
      const known = tools.peek()
      const site = known?.sessions.get(record.uid)
      if (site !== undefined) {
        known?.sessions.delete(record.uid)
        say(record, site, payloadReceived(record), tools)
        return
      }
      if (known === undefined || !known.places.has(record.dstIp) || record.uid.length > MAX_UID) return
      keep(known.connections, record.uid, payloadReceived(record))
    },
  },
})

/** The one that has waited longest goes when there is no room. */
function keep<T>(waiting: Map<string, T>, uid: string, value: T): void {
  if (waiting.size >= MAX_WAITING)
    for (const oldest of waiting.keys()) {
      waiting.delete(oldest)
      break
    }
  waiting.set(uid, value)
}

function say(record: Conn | Tls, site: string, received: number, tools: PasteTools): void {
  const { config } = tools
  if (received < config.minBytes + HANDSHAKE_BYTES) return
  const downloads = tellAtSteps(tools.state().told, site, config.steps, MAX_SITES)
  if (downloads === 0) return
  const times = downloads === 1 ? '' : `, ${downloads} times`
  tools.report({
    key: `${site}|${downloads}`,
    confidence: 1,
    record,
    victim: null,
    description: `${record.srcIp} received ${received} bytes over TLS from the paste site ${site}${times}.`,
    facts: { site, bytes: received, downloads },
  })
}

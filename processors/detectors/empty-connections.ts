import type { Http } from '@weir/schemas'
import { connectivitySites } from '../data/connectivity-sites.ts'
import { canonicalName } from '../data/dns-zones.ts'
import { bySource } from '../keys.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, texts } from './settings.ts'

type Visits = {
  /** Requests for `/` without a body, and those of them that got nothing back. */
  requests: number
  empty: number
  /** Whether the host asked the site for anything else: then somebody is there. */
  isVisited: boolean
  said: boolean
  uids: readonly string[]
  /** The latest of the requests, bare. */
  last: Http
}

/** Visits by site; a site that was only ever visited otherwise is `null`. */
type State = Map<string, Visits | null>

const MAX_SITES = 50
const MAX_UIDS = 10

const settings = {
  sites: texts(
    connectivitySites,
    'Sites that are asked to see whether one is online, in lower case and without `www.`.',
  ),
  requests: count(4, 'Requests for the first page of one site, and nothing else, before it is said.'),
}

type EmptyTools = Tools<State, typeof settings>

export const emptyConnections = defineDetector({
  id: 'empty-connections',
  version: 1,
  claim:
    'A host asks a popular site again and again for its first page and wants nothing of it, as programs do to see whether they are online.',
  spec: 'HTTP-02',
  types: ['EMPTY_CONNECTIONS'],
  level: 'medium',
  techniques: ['T1016.001'],
  misfires: 'Home-made checks of the connection; address bars that open the search page.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 100_000,
    empty: (): State => new Map(),
    wantsClose: (state) =>
      [...state.values()].some((visits) => visits !== null && !visits.isVisited && !visits.said),
  },
  on: {
    http(record, tools) {
      const site = siteOf(record.host, tools.config.sites)
      if (site === '') return
      if (record.uri === '/' && record.requestBytes === 0) ask(record, site, tools)
      else visit(site, tools)
    },
    tls(record, tools) {
      const site = siteOf(record.serverName, tools.config.sites)
      // Redirected to its encrypted pages, a browser goes there; a check does not.
      if (site !== '') visit(site, tools)
    },
  },
  onWindowClose(state, tools) {
    for (const [site, visits] of state) {
      if (visits === null || visits.isVisited || visits.said || visits.requests < tools.config.requests)
        continue
      say(site, visits, false, tools)
    }
  },
})

/** The site, or `''` when the name is none of them. */
function siteOf(name: string, sites: readonly string[]): string {
  if (name === '') return ''
  const canonical = canonicalName(name)
  const bare = canonical.startsWith('www.') ? canonical.slice(4) : canonical
  return sites.includes(bare) ? bare : ''
}

function visit(site: string, tools: EmptyTools): void {
  const state = tools.state()
  const visits = state.get(site)
  if (visits === undefined) {
    if (state.size < MAX_SITES) state.set(site, null)
  } else if (visits !== null) visits.isVisited = true
}

function ask(record: Http, site: string, tools: EmptyTools): void {
  const state = tools.state()
  const last: Http = {
    ...record,
    userAgent: '',
    referrer: '',
    statusMessage: '',
    responseMimeTypes: [],
    responseFileIds: [],
    uid: record.uid.slice(0, 64),
    label: '',
    labelDetail: '',
  }
  let visits = state.get(site)
  if (visits === undefined || visits === null) {
    if (visits === undefined && state.size >= MAX_SITES) return
    visits = { requests: 0, empty: 0, isVisited: visits === null, said: false, uids: [], last }
    state.set(site, visits)
  }
  visits.requests += 1
  visits.last = last
  if (record.responseBytes === 0) visits.empty += 1
  visits.uids = sampleUid(visits.uids, record.uid, MAX_UIDS)
  // What gets nothing back is no visit, whatever else the host does there.
  if (visits.said || visits.empty < tools.config.requests) return
  visits.said = true
  say(site, visits, true, tools)
}

function say(site: string, visits: Visits, isEmpty: boolean, tools: EmptyTools): void {
  const { requests, empty, last } = visits
  tools.report({
    key: site,
    confidence: isEmpty ? 1 : 0.5,
    record: last,
    uids: [...visits.uids],
    victim: null,
    description: `${last.srcIp} asked ${site} ${requests} times for its first page and for nothing else${isEmpty ? ', without an answer that says anything' : ''}.`,
    facts: { site, requests, emptyResponses: empty },
  })
}

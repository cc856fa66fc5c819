import { canonicalName, isWithinZone } from '../data/dns-zones.ts'
import { pasteSites } from '../data/paste-sites.ts'
import { bySource } from '../keys.ts'
import { tellAtSteps } from '../stats/tally.ts'
import { defineDetector } from './detector.ts'
import { count, steps, texts } from './settings.ts'

/** Downloads by site. */
type State = Map<string, number>

const MAX_SITES = 20

export const pastebinHttpDownload = defineDetector({
  id: 'pastebin-http-download',
  version: 1,
  claim: 'A host fetched a text from a paste site, where anyone may leave orders or programs, by plain HTTP.',
  spec: 'HTTP-06',
  types: ['PASTEBIN_DOWNLOAD'],
  level: 'info',
  techniques: ['T1105'],
  misfires: 'People who read what others have pasted.',
  key: bySource,
  settings: {
    sites: texts(pasteSites, 'Names of paste sites, in lower case; each with all below it.'),
    minBytes: count(700, 'Bytes of a response from which it is a download.'),
    steps: steps([1, 10, 100], 'Downloads from one site in one window at which it is said.'),
  },
  state: { scope: 'window', version: 1, maxBytes: 6_000, empty: (): State => new Map() },
  on: {
    http(record, tools) {
      const { config, host } = tools
      if (record.responseBytes < config.minBytes || record.method !== 'GET') return
      // Asked by address, it is whatever the host took the address for.
      const name = canonicalName(record.host)
      let site = isWithinZone(name, config.sites) ? name : ''
      if (site === '' && (name === '' || name === record.dstIp)) {
        for (const known of host.namesOf(record.dstIp, record.tsMs))
          if (isWithinZone(known, config.sites)) site = known
      }
      if (site === '') return
      const downloads = tellAtSteps(tools.state(), site, config.steps, MAX_SITES)
      if (downloads === 0) return
      const times = downloads === 1 ? '' : `, ${downloads} times`
      tools.report({
        key: `${site}|${downloads}`,
        confidence: 1,
        record,
        victim: null,
        description: `${record.srcIp} fetched ${record.responseBytes} bytes from the paste site ${site}${times}.`,
        facts: { site, bytes: record.responseBytes, uri: record.uri.slice(0, 200), downloads },
      })
    },
  },
})

/**
 * The lists of facts that come with the program and that a file of the user's may take the place of: what a line of such a file is, and where the
 * list is used. A file holds an entry a line; blank lines and lines that begin with `#` are passed over, and the line `include built-in`
 * stands for all entries that come with the program.
 */
import { connectivitySites } from '../data/connectivity-sites.ts'
import { deviceMakerLines, isDeviceMaker, useDeviceMakers } from '../data/device-makers.ts'
import { canonicalName } from '../data/dns-zones.ts'
import { dohServers } from '../data/doh-servers.ts'
import { knownPortLines, useKnownPorts } from '../data/known-ports.ts'
import { isDomain } from '../data/organisation-domains.ts'
import { organisationPortLines, useOrganisationPorts } from '../data/organisation-ports.ts'
import { pasteSites } from '../data/paste-sites.ts'
import { popularDomains } from '../data/popular-domains.ts'
import { publicResolverLines, usePublicResolvers } from '../data/public-resolvers.ts'
import {
  isSystemFamily,
  systemFamilies,
  systemMarkLines,
  useSystemMarks,
} from '../data/user-agent-systems.ts'
import { attackTools, malwareAgents } from '../data/user-agents.ts'
import { organisationLines, useOrganisations } from '../enrichment/organisations.ts'
import { processorsError } from '../errors.ts'
import { parseCidr } from '../profile/network.ts'

export type DataList = {
  readonly says: string
  /** A line as an example, and what may stand in it. */
  readonly form: string
  /** The module that holds the entries which come with the program, and names their source. */
  readonly file: string
  builtIn(): readonly string[]
  /** The line in the form in which it is looked up; `null`: it is no entry. */
  read(line: string): string | null
  /** Takes the place of what is in use; nothing where detectors have the list as a setting. */
  use(lines: readonly string[]): void
  /** Settings of detectors whose default the list is. */
  readonly settings: readonly (readonly [detector: string, setting: string])[]
  /** What these settings hold of the entries; all of them when left out. */
  settingOf?(lines: readonly string[]): readonly string[]
}

const BUILT_IN = 'include built-in'
const MOST_LINES = 1_000_000
const MOST_WRONG = 20
const GREATEST_PORT = 65_535
const GREATEST_ASN = 4_294_967_295

const nothing = (): void => {}

export const dataLists = {
  'known-ports': {
    says: 'Ports of services in wide use: a connection to one says nothing by itself.',
    form: '`tcp 8080`, `udp 5000-5010`, `443` (both protocols)',
    file: 'known-ports.ts',
    builtIn: () => knownPortLines,
    read: (line) => {
      const [, proto = '', first = '', last = first] =
        /^(?:(tcp|udp) +)?(\d{1,5})(?:-(\d{1,5}))?$/i.exec(line) ?? []
      if (!isPortRange(first, last)) return null
      return `${proto === '' ? '' : `${proto.toLowerCase()} `}${first}-${last}`
    },
    use: useKnownPorts,
    settings: [],
  },
  'organisation-ports': {
    says: "Ports of one company's service, by an address range or a domain of it.",
    form: '`Zoom,udp,8801-8810,zoom.us`, `Zoom,tcp,8801,149.137.0.0/17`',
    file: 'organisation-ports.ts',
    builtIn: () => organisationPortLines,
    read: (line) => {
      const [name = '', proto = '', ports = '', where = '', ...more] = cells(line)
      const [first = '', last = first] = ports.split('-')
      if (name === '' || more.length > 0 || !/^(?:tcp|udp)$/i.test(proto) || !isPortRange(first, last))
        return null
      const place = isDomain(where) ? domainOf(where) : rangeOf(where)
      return place === null ? null : [name, proto.toLowerCase(), ports, place].join(',')
    },
    use: useOrganisationPorts,
    settings: [],
  },
  organisations: {
    says: 'Whose domains, address ranges and AS numbers are whose, for whitelists, enrichment and detectors.',
    form: '`google,google.com`, `google,8.8.8.0/24`, `facebook,AS32934`, `amazon,AS16509,hosting` (addresses that are let to anybody)',
    file: 'organisation-domains.ts, organisation-addresses.ts',
    builtIn: () => organisationLines,
    read: (line) => {
      const [name = '', value = '', use = '', ...more] = cells(line)
      const organisation = name.toLowerCase()
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(organisation) || more.length > 0) return null
      if (/^as\d+$/i.test(value)) {
        const asn = Number(value.slice(2))
        if (asn < 1 || asn > GREATEST_ASN || (use !== '' && use !== 'hosting')) return null
        return use === '' ? `${organisation},AS${asn}` : `${organisation},AS${asn},hosting`
      }
      const place = use !== '' ? null : isDomain(value) ? domainOf(value) : rangeOf(value)
      return place === null ? null : `${organisation},${place}`
    },
    use: useOrganisations,
    settings: [['certificate-of-organisation', 'organisations']],
    settingOf: withDomains,
  },
  'user-agent-systems': {
    says: 'Marks in user agents that name a family of systems; the first that is found decides.',
    form: `\`windows,Win64\`; families: ${systemFamilies.join(', ')}`,
    file: 'user-agent-systems.ts',
    builtIn: () => systemMarkLines,
    read: (line) => {
      const [family = '', ...mark] = line.split(',')
      const text = mark.join(',')
      return isSystemFamily(family) && text.trim() !== '' ? `${family},${text}` : null
    },
    use: useSystemMarks,
    settings: [],
  },
  'device-makers': {
    says: 'First three bytes of MAC addresses whose maker tells which system a device runs.',
    form: '`apple,000393`, `google,00:1a:11`; makers: apple, google, microsoft',
    file: 'device-makers.ts',
    builtIn: deviceMakerLines,
    read: (line) => {
      const [maker = '', given = '', ...more] = cells(line)
      const prefix = given.replaceAll(/[:-]/g, '').toLowerCase()
      return isDeviceMaker(maker) && more.length === 0 && /^[\da-f]{6}$/.test(prefix)
        ? `${maker},${prefix}`
        : null
    },
    use: useDeviceMakers,
    settings: [],
  },
  'public-resolvers': {
    says: 'Addresses of public DNS resolvers that also answer over HTTPS or TLS.',
    form: '`9.9.9.9`, `2620:fe::fe`',
    file: 'public-resolvers.ts',
    builtIn: () => publicResolverLines,
    read: (line) => (line.includes('/') ? null : (parseCidr(line)?.[0].toString() ?? null)),
    use: usePublicResolvers,
    settings: [],
  },
  'doh-servers': {
    says: 'Names under which resolvers answer over HTTPS, each with all below it.',
    form: '`dns.google`',
    file: 'doh-servers.ts',
    builtIn: () => dohServers,
    read: domainOf,
    use: nothing,
    settings: [['dns-over-https', 'servers']],
  },
  'malware-agents': {
    says: 'Parts of the user agents of malware and exploits.',
    form: '`httpsend`',
    file: 'user-agents.ts',
    builtIn: () => malwareAgents,
    read: (line) => line.toLowerCase(),
    use: nothing,
    settings: [['suspicious-user-agent', 'keywords']],
  },
  'attack-tools': {
    says: 'Parts of the user agents of tools that probe and break into web servers.',
    form: '`sqlmap`',
    file: 'user-agents.ts',
    builtIn: () => attackTools,
    read: (line) => line.toLowerCase(),
    use: nothing,
    settings: [['suspicious-user-agent', 'tools']],
  },
  'connectivity-sites': {
    says: 'Sites that programs ask to see whether they are online, without `www.`.',
    form: '`bing.com`',
    file: 'connectivity-sites.ts',
    builtIn: () => connectivitySites,
    read: domainOf,
    use: nothing,
    settings: [['empty-connections', 'sites']],
  },
  'paste-sites': {
    says: 'Sites on which anyone may leave a text for anyone to fetch, each with all below it.',
    form: '`pastebin.com`',
    file: 'paste-sites.ts',
    builtIn: () => pasteSites,
    read: domainOf,
    use: nothing,
    settings: [
      ['pastebin-http-download', 'sites'],
      ['pastebin-tls-download', 'sites'],
    ],
  },
  'popular-domains': {
    says: 'Domains that nearly every network of people visits, each with all below it, for `popularSites`.',
    form: '`wikipedia.org`',
    file: 'popular-domains.ts',
    builtIn: () => popularDomains,
    read: domainOf,
    use: nothing,
    settings: [],
  },
} as const satisfies Readonly<Record<string, DataList>>

export type DataListName = keyof typeof dataLists

export const dataListNames = Object.keys(dataLists).filter(isDataListName)

export function isDataListName(name: string): name is DataListName {
  return Object.hasOwn(dataLists, name)
}

/** The entries of a file in the form in which they are looked up. Throws `PROC_BAD_DATA` naming the wrong lines. `path` is for that message. */
export function readDataList(name: DataListName, path: string, text: string): readonly string[] {
  const list: DataList = dataLists[name]
  const entries: string[] = []
  const wrong: string[] = []
  let wrongs = 0
  for (const [i, given] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = given.trim()
    if (line === '' || line.startsWith('#')) continue
    if (entries.length >= MOST_LINES)
      throw processorsError.BAD_DATA({
        path,
        list: name,
        wrong: `more than ${MOST_LINES} entries`,
        form: list.form,
      })
    if (line === BUILT_IN) {
      for (const entry of list.builtIn()) entries.push(entry)
      continue
    }
    const entry = list.read(line)
    if (entry !== null) entries.push(entry)
    else if ((wrongs += 1) <= MOST_WRONG) wrong.push(`line ${i + 1}: '${line.slice(0, 100)}'`)
  }
  if (wrongs > MOST_WRONG) wrong.push(`and ${wrongs - MOST_WRONG} more`)
  if (wrongs > 0)
    throw processorsError.BAD_DATA({ path, list: name, wrong: wrong.join('; '), form: list.form })
  return [...new Set(entries)]
}

/**
 * Makes these lists the ones in use in this process, and what comes with the program where one is left out: to be called before anything is read
 * that goes by them (whitelists), and before a topology is made.
 */
export function useDataLists(given: Readonly<Partial<Record<DataListName, readonly string[]>>>): void {
  for (const name of dataListNames) {
    const list: DataList = dataLists[name]
    list.use(given[name] ?? list.builtIn())
  }
}

/** Names of the organisations that have domains. */
function withDomains(lines: readonly string[]): readonly string[] {
  return [
    ...new Set(lines.map(cells).flatMap(([name = '', value = '']) => (isDomain(value) ? [name] : []))),
  ].sort()
}

function cells(line: string): string[] {
  return line.split(',').map((cell) => cell.trim())
}

function isPortRange(first: string, last: string): boolean {
  if (!/^\d{1,5}$/.test(first) || !/^\d{1,5}$/.test(last)) return false
  return Number(first) <= Number(last) && Number(last) <= GREATEST_PORT
}

function domainOf(text: string): string | null {
  const name = canonicalName(text)
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name) ? name : null
}

function rangeOf(text: string): string | null {
  const range = parseCidr(text)
  return range === null ? null : `${range[0].toString()}/${range[1]}`
}

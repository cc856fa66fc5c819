import { attackTools, malwareAgents } from '../data/user-agents.ts'
import { bySource } from '../keys.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector } from './detector.ts'
import { texts } from './settings.ts'

type State = {
  /** Hashes of the agents of malware and the hosts that were told of. */
  readonly said: Set<number>
  /** By tool, or place of a lookup, hashes of the servers it was turned to; no further than to the last step. */
  readonly servers: Map<string, Set<number>>
}

/** What one host may have told of it in one window. */
const MAX_SAID = 100
const MAX_TEXT = 200
/** Servers at which a tool is told of: whoever goes through hundreds does one thing. */
const serverSteps: readonly number[] = [1, 10, 100]
const MAX_SERVERS = 100
/** Tools, and places of lookups, of one host in one window. */
const MAX_TOOLS = 10
/** Shorter keywords are part of too many words. */
const SHORT = 4

export const suspiciousUserAgent = defineDetector({
  id: 'suspicious-user-agent',
  version: 2,
  claim: 'A host speaks HTTP with the name of malware or of an attack tool, or sends a JNDI lookup.',
  spec: 'HTTP-01',
  types: ['SUSPICIOUS_USER_AGENT'],
  level: 'high',
  techniques: ['T1071.001'],
  misfires: 'Ordered vulnerability scans; software that happens to share a name with malware.',
  key: bySource,
  settings: {
    keywords: texts(
      malwareAgents,
      'Parts of the user agents of malware, in lower case; those of up to three letters only as words.',
    ),
    tools: texts(attackTools, 'Parts of the user agents of attack tools, in lower case.'),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 10_000,
    empty: (): State => ({ said: new Set(), servers: new Map() }),
  },
  on: {
    http(record, tools) {
      const { config } = tools
      const agent = record.userAgent.toLowerCase()
      let where = 'userAgent'
      let keyword = hasLookup(record.userAgent) ? LOOKUP : find(agent, config.keywords)
      if (keyword === '') {
        where = hasLookup(record.uri)
          ? 'uri'
          : hasLookup(record.referrer)
            ? 'referrer'
            : hasLookup(record.host)
              ? 'host'
              : ''
        if (where !== '') keyword = LOOKUP
      }
      const isTool = keyword === ''
      if (isTool) {
        where = 'userAgent'
        keyword = find(agent, config.tools)
        if (keyword === '') return
      }
      const host = record.host === '' ? record.dstIp : record.host
      const isMalware = !isTool && keyword !== LOOKUP
      const told = isMalware
        ? tellOnce(tools.state(), keyword, `${agent}|${host}|${keyword}`)
        : tellInSteps(tools.state(), `${keyword}|${where}`, record.dstIp)
      if (told === null) return
      const place =
        where === 'userAgent'
          ? `calls itself '${record.userAgent.slice(0, MAX_TEXT)}'`
          : `sends a JNDI lookup in the ${places[where] ?? where}`
      tools.report({
        key: told.key,
        level: isTool ? 'medium' : 'high',
        confidence: 1,
        record,
        techniques: keyword === LOOKUP ? ['T1190'] : isTool ? ['T1595.002'] : ['T1071.001'],
        description: `${record.srcIp} ${place} towards ${host.slice(0, MAX_TEXT)} (${record.dstIp})${told.servers > 1 ? `, the ${told.servers}th server it does so with` : ''}.`,
        facts: {
          keyword,
          where,
          userAgent: record.userAgent.slice(0, MAX_TEXT),
          host: host.slice(0, MAX_TEXT),
          uri: record.uri.slice(0, MAX_TEXT),
          attackTool: isTool,
          ...(isMalware ? {} : { servers: told.servers }),
        },
      })
    },
  },
})

type Told = { readonly key: string; readonly servers: number }

/** `null` when it was told. */
function tellOnce({ said }: State, keyword: string, what: string): Told | null {
  const hash = textHash(what)
  if (said.size >= MAX_SAID || said.has(hash)) return null
  said.add(hash)
  return { key: `${keyword}|${hash}`, servers: 1 }
}

/** With the number of servers where that is worth telling. */
function tellInSteps({ servers }: State, what: string, dstIp: string): Told | null {
  let known = servers.get(what)
  if (known === undefined) {
    if (servers.size >= MAX_TOOLS) return null
    known = new Set()
    servers.set(what, known)
  }
  if (known.size >= MAX_SERVERS) return null
  const before = known.size
  known.add(textHash(dstIp))
  if (known.size === before || !serverSteps.includes(known.size)) return null
  return { key: `${what}|${known.size}`, servers: known.size }
}

const LOOKUP = 'jndi lookup'
const places: Readonly<Record<string, string>> = { uri: 'URI', referrer: 'referrer', host: 'Host header' }

function find(agent: string, keywords: readonly string[]): string {
  if (agent === '') return ''
  for (const keyword of keywords) {
    if (keyword.length >= SHORT ? agent.includes(keyword) : hasWord(agent, keyword)) return keyword
  }
  return ''
}

/** Whether the word stands in the text between characters that are neither letters nor digits. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCharacter(text.charCodeAt(at - 1)) && !isWordCharacter(text.charCodeAt(at + word.length)))
      return true
  }
  return false
}

/** Not a number (before the start, after the end) is none. */
function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122)
}

/** A Log4j lookup of a JNDI name, plain, percent-encoded, or hidden in lookups within the lookup. Pages about JNDI have none. */
function hasLookup(text: string): boolean {
  if (!text.includes('${') && !text.includes('%')) return false
  const plain = text.replaceAll(/%24/g, '$').replaceAll(/%7b/gi, '{').replaceAll(/%3a/gi, ':').toLowerCase()
  return plain.includes('${jndi:') || /\$\{[^}]{0,40}\$\{[^}]{0,40}:/.test(plain)
}

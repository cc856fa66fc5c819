import { attackTools, malwareAgents } from '../data/user-agents.ts'
import { bySource } from '../keys.ts'
import { textHash } from '../stats/text-hash.ts'
import { defineDetector } from './detector.ts'
import { texts } from './settings.ts'

/** Hashes of the agents and hosts that were told of. */
type State = Set<number>

/** What one host may have told of it in one window. */
const MAX_SAID = 100
const MAX_TEXT = 200
/** Shorter keywords are part of too many words. */
const SHORT = 4

export const suspiciousUserAgent = defineDetector({
  id: 'suspicious-user-agent',
  version: 1,
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
  state: { scope: 'window', version: 1, maxBytes: 2_000, empty: (): State => new Set() },
  on: {
    http(record, tools) {
      const { config } = tools
      const agent = record.userAgent.toLowerCase()
      let where = 'userAgent'
      let keyword = find(agent, config.keywords)
      if (keyword === '' && hasLookup(record.userAgent)) keyword = LOOKUP
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
      const said = tools.state()
      const hash = textHash(`${agent}|${host}|${keyword}`)
      if (said.size >= MAX_SAID || said.has(hash)) return
      said.add(hash)
      const place =
        where === 'userAgent'
          ? `calls itself '${record.userAgent.slice(0, MAX_TEXT)}'`
          : `sends a JNDI lookup in the ${places[where] ?? where}`
      tools.report({
        key: `${keyword}|${hash}`,
        level: isTool ? 'medium' : 'high',
        confidence: 1,
        record,
        techniques: keyword === LOOKUP ? ['T1190'] : isTool ? ['T1595.002'] : ['T1071.001'],
        description: `${record.srcIp} ${place} towards ${host.slice(0, MAX_TEXT)} (${record.dstIp}).`,
        facts: {
          keyword,
          where,
          userAgent: record.userAgent.slice(0, MAX_TEXT),
          host: host.slice(0, MAX_TEXT),
          uri: record.uri.slice(0, MAX_TEXT),
          attackTool: isTool,
        },
      })
    },
  },
})

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

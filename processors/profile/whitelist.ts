/**
 * Rules that keep records from detection and evidence from being said (spec profiles-evidence-alerts.md section 12).
 *
 * File format: a rule a line, `type,value,direction,ignore`. Type: ip (an address or a CIDR), domain (the name and all
 * below it, never its parents), organization, mac. Direction: src, dst, both: the side of the flow the value stands on. Ignore: flows (records
 * never reach detection), alerts (evidence is not said), both. Blanks and case do not matter; lines that begin with `;` or
 * `#`, the header line and blank lines are passed over.
 */
import type { Evidence, FlowRecord, Party } from '@weir/schemas'
import { organisationDomains } from '../data/organisation-domains.ts'
import { processorsError } from '../errors.ts'
import type { HostMemory } from './host-memory.ts'
import { isWithin, parseCidr } from './network.ts'

export type Whitelist = {
  /** The rule by which the record is not to be looked at, or `null`. */
  drops(record: FlowRecord, host: HostMemory): string | null
  /** The rule by which the evidence is not to be said, or `null`. */
  suppresses(evidence: Evidence, host: HostMemory): string | null
}

export const emptyWhitelist: Whitelist = {
  drops: () => null,
  suppresses: () => null,
}

type Side = 'src' | 'dst'

/** The rules of one context, indexed by what they look at. The text of a rule is what it is counted by. */
class Rules {
  #size = 0
  readonly #addresses = new Map<string, Map<Side, string>>()
  readonly #ranges: {
    readonly range: NonNullable<ReturnType<typeof parseCidr>>
    readonly sides: readonly Side[]
    readonly text: string
  }[] = []
  readonly #domains = new Map<string, Map<Side, string>>()
  readonly #macs = new Map<string, Map<Side, string>>()

  get isEmpty(): boolean {
    return this.#size === 0
  }

  /** The reason when the value is not one of its type, else `null`. */
  add(type: string, value: string, sides: readonly Side[], text: string): string | null {
    this.#size += 1
    if (type === 'ip') {
      const range = parseCidr(value)
      if (range === null) return `'${value}' is not an address or CIDR`
      if (range[1] === (range[0].kind() === 'ipv4' ? 32 : 128))
        index(this.#addresses, range[0].toString(), sides, text)
      else this.#ranges.push({ range, sides, text })
      return null
    }
    if (type === 'domain') {
      if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(value)) return `'${value}' is not a domain name`
      index(this.#domains, value, sides, text)
      return null
    }
    if (type === 'mac') {
      if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value)) return `'${value}' is not a MAC address`
      index(this.#macs, value, sides, text)
      return null
    }
    const domains = organisationDomains[value]
    if (domains === undefined)
      return `'${value}' is not one of ${Object.keys(organisationDomains).join(', ')}`
    for (const domain of domains) index(this.#domains, domain, sides, text)
    return null
  }

  address(ip: string, side: Side): string | null {
    const exact = this.#addresses.get(ip)?.get(side)
    if (exact !== undefined) return exact
    for (const { range, sides, text } of this.#ranges)
      if (sides.includes(side) && isWithin(ip, range)) return text
    return null
  }

  /** The rule for the name or for one of the names above it. */
  domain(name: string, side: Side): string | null {
    if (this.#domains.size === 0) return null
    let rest = name.toLowerCase()
    for (;;) {
      const found = this.#domains.get(rest)?.get(side)
      if (found !== undefined) return found
      const dot = rest.indexOf('.')
      if (dot < 0) return null
      rest = rest.slice(dot + 1)
    }
  }

  mac(mac: string, side: Side): string | null {
    return mac === '' ? null : (this.#macs.get(mac)?.get(side) ?? null)
  }

  anyDomain(names: readonly string[], side: Side): string | null {
    for (const name of names) {
      const rule = this.domain(name, side)
      if (rule !== null) return rule
    }
    return null
  }
}

function index(
  map: Map<string, Map<Side, string>>,
  value: string,
  sides: readonly Side[],
  text: string,
): void {
  let bySide = map.get(value)
  if (bySide === undefined) {
    bySide = new Map()
    map.set(value, bySide)
  }
  for (const side of sides) bySide.set(side, text)
}

/** Throws `PROC_BAD_WHITELIST` naming every wrong line. `path` is for that message only. */
export function readWhitelist(path: string, text: string): Whitelist {
  const flows = new Rules()
  const alerts = new Rules()
  const wrong: string[] = []
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    const reason = readRule(line, flows, alerts)
    if (reason !== null) wrong.push(`line ${number + 1}: ${reason}`)
  }
  if (wrong.length > 0) throw processorsError.BAD_WHITELIST({ path, wrong: wrong.join('; ') })
  return {
    drops: flows.isEmpty ? () => null : (record, host) => dropRule(flows, record, host),
    suppresses: alerts.isEmpty ? () => null : (evidence, host) => suppressRule(alerts, evidence, host),
  }
}

function readRule(line: string, flows: Rules, alerts: Rules): string | null {
  const bare = line.replaceAll(/\s/g, '')
  if (
    bare === '' ||
    bare.startsWith(';') ||
    bare.startsWith('#') ||
    bare.toLowerCase().startsWith('"ioctype"')
  )
    return null
  const [type = '', value = '', direction = '', ignore = '', ...more] = bare.toLowerCase().split(',')
  if (ignore === '' || more.length > 0) return 'a rule has four columns'
  if (!['ip', 'domain', 'organization', 'mac'].includes(type))
    return `'${type}' is not ip, domain, organization or mac`
  if (!['src', 'dst', 'both'].includes(direction)) return `'${direction}' is not src, dst or both`
  // Names are of what a host went to; whose own name is on the list is told by its address or MAC.
  if (direction === 'src' && (type === 'domain' || type === 'organization'))
    return 'a name only stands on the dst side'
  if (!['flows', 'alerts', 'both'].includes(ignore)) return `'${ignore}' is not flows, alerts or both`
  const sides: readonly Side[] =
    direction === 'src' ? ['src'] : direction === 'dst' ? ['dst'] : ['src', 'dst']
  const rule = `${type},${value},${direction},${ignore}`
  if (ignore === 'flows') return flows.add(type, value, sides, rule)
  if (ignore === 'alerts') return alerts.add(type, value, sides, rule)
  return flows.add(type, value, sides, rule) ?? alerts.add(type, value, sides, rule)
}

function dropRule(rules: Rules, record: FlowRecord, host: HostMemory): string | null {
  const { srcIp, dstIp } = record
  const rule =
    rules.address(srcIp, 'src') ??
    rules.address(dstIp, 'dst') ??
    rules.mac(host.mac, 'src') ??
    rules.anyDomain(host.namesOf(dstIp, record.tsMs), 'dst')
  if (rule !== null) return rule
  switch (record.kind) {
    case 'tls':
      return rules.domain(record.serverName, 'dst') ?? rules.domain(commonName(record.subject), 'dst')
    case 'http':
      return rules.domain(record.host, 'dst')
    case 'dns':
      return (
        rules.domain(record.query, 'dst') ?? firstOf(record.answers, (answer) => rules.address(answer, 'dst'))
      )
    case 'conn':
    case 'arp':
      return rules.mac(record.srcMac, 'src') ?? rules.mac(record.dstMac, 'dst')
    case 'dhcp':
      return rules.mac(record.mac, 'src')
    default:
      return null
  }
}

/** Evidence is not said when its attacker or its victim is covered on the side it stands. Domain rules cover what a host went to: the `dst` side. */
function suppressRule(rules: Rules, evidence: Evidence, host: HostMemory): string | null {
  return (
    partyRule(rules, evidence, evidence.attacker, host) ??
    (evidence.victim === null ? null : partyRule(rules, evidence, evidence.victim, host))
  )
}

function partyRule(rules: Rules, evidence: Evidence, party: Party, host: HostMemory): string | null {
  if (party.type === 'domain') return rules.domain(party.value, 'dst')
  if (party.type === 'mac') return rules.mac(party.value, party.direction)
  if (party.type !== 'ip') return null
  const end = party.direction === 'src' ? evidence.src : evidence.dst
  return (
    rules.address(party.value, party.direction) ??
    rules.mac(end?.mac ?? '', party.direction) ??
    rules.anyDomain(host.namesOf(party.value, evidence.tsMs), 'dst')
  )
}

function firstOf(values: readonly string[], rule: (value: string) => string | null): string | null {
  for (const value of values) {
    const found = rule(value)
    if (found !== null) return found
  }
  return null
}

function commonName(subject: string): string {
  return /(?:^|,)\s*CN=([^,]+)/i.exec(subject)?.[1]?.replace(/^\*\./, '') ?? ''
}

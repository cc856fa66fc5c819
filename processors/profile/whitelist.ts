/** The rules of `allow-rule.ts` at work: which records are not looked at, and which evidence is not said. */
import type { AllowRule, Evidence, FlowRecord, Party } from '@weir/schemas'
import { canonicalName } from '../data/dns-zones.ts'
import { organisationAt, organisationOfName } from '../enrichment/organisations.ts'
import { noWhereabouts, type Whereabouts } from '../enrichment/whereabouts.ts'
import { isPrivate } from './address-class.ts'
import { allowRuleId, readAllowRules } from './allow-rule.ts'
import { hostOfUrl, isAboutDestination, namesInFacts, withoutPort } from './evidence-aim.ts'
import type { HostMemory } from './host-memory.ts'
import { RuleIndex } from './rule-index.ts'

/** With `whereabouts`, rules of organisations reach the addresses that are announced under their AS numbers. */
export type Whitelist = {
  /** The id of the rule by which the record is not to be looked at, or `null`. */
  drops(record: FlowRecord, host: HostMemory, whereabouts?: Whereabouts): string | null
  /** The id of the rule by which the evidence is not to be said, or `null`. */
  suppresses(evidence: Evidence, host: HostMemory, whereabouts?: Whereabouts): string | null
}

export const emptyWhitelist: Whitelist = {
  drops: () => null,
  suppresses: () => null,
}

/**
 * Rules that come and go, from one record to the next. What it answers depends on the rules it has and not on the order in
 * which they came.
 */
export class RuleWhitelist implements Whitelist {
  readonly #rules = new Map<string, AllowRule>()
  #flows = new RuleIndex()
  #alerts = new RuleIndex()
  #isStale = false

  constructor(rules: Iterable<AllowRule> = []) {
    for (const rule of rules) this.put(rule)
  }

  get size(): number {
    return this.#rules.size
  }

  /** Takes the place of a rule of the same id. */
  put(rule: AllowRule): void {
    this.#rules.set(allowRuleId(rule), rule)
    this.#isStale = true
  }

  remove(id: string): void {
    if (this.#rules.delete(id)) this.#isStale = true
  }

  clear(): void {
    this.#rules.clear()
    this.#isStale = true
  }

  drops(record: FlowRecord, host: HostMemory, whereabouts = noWhereabouts): string | null {
    if (this.#isStale) this.#index()
    return this.#flows.isEmpty ? null : dropRule(this.#flows, record, host, whereabouts)
  }

  suppresses(evidence: Evidence, host: HostMemory, whereabouts = noWhereabouts): string | null {
    if (this.#isStale) this.#index()
    return this.#alerts.isEmpty ? null : suppressRule(this.#alerts, evidence, host, whereabouts)
  }

  /** Rules change rarely and are few beside the records: made anew as a whole, nothing of an old one can be left. */
  #index(): void {
    this.#flows = new RuleIndex()
    this.#alerts = new RuleIndex()
    for (const [, rule] of [...this.#rules].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (rule.ignore !== 'alerts') this.#flows.add(rule)
      if (rule.ignore !== 'flows') this.#alerts.add(rule)
    }
    this.#isStale = false
  }
}

/** Throws `PROC_BAD_WHITELIST` naming every wrong line. `path` is for that message only. */
export function readWhitelist(path: string, text: string): Whitelist {
  return new RuleWhitelist(readAllowRules(path, text))
}

/** The rules of both; where both have one, that of the first is named. */
export function joinWhitelists(one: Whitelist, other: Whitelist): Whitelist {
  return {
    drops: (...asked) => one.drops(...asked) ?? other.drops(...asked),
    suppresses: (...asked) => one.suppresses(...asked) ?? other.suppresses(...asked),
  }
}

function dropRule(
  rules: RuleIndex,
  record: FlowRecord,
  host: HostMemory,
  whereabouts: Whereabouts,
): string | null {
  const { srcIp, dstIp, tsMs } = record
  const rule =
    rules.address(srcIp, 'src', tsMs, whereabouts) ??
    rules.address(dstIp, 'dst', tsMs, whereabouts) ??
    rules.mac(host.mac, 'src', tsMs) ??
    rules.anyDomain(host.namesOf(dstIp, tsMs), 'dst', tsMs)
  if (rule !== null) return rule
  switch (record.kind) {
    case 'tls':
      return (
        saidRule(rules, record.serverName, record, host, whereabouts) ??
        saidRule(rules, commonName(record.subject), record, host, whereabouts)
      )
    case 'http':
      return saidRule(rules, withoutPort(record.host), record, host, whereabouts)
    case 'dns':
      // Not by its answers: whoever has the domain that is asked for writes them.
      return rules.domain(record.query, 'dst', tsMs)
    case 'conn':
    case 'arp':
      return rules.mac(record.srcMac, 'src', tsMs) ?? rules.mac(record.dstMac, 'dst', tsMs)
    case 'dhcp':
      return rules.mac(record.mac, 'src', tsMs)
    default:
      return null
  }
}

/** For a name that the client, or the server, says of the destination itself. */
function saidRule(
  rules: RuleIndex,
  name: string,
  { dstIp, tsMs }: FlowRecord,
  host: HostMemory,
  whereabouts: Whereabouts,
): string | null {
  const rule = rules.domain(name, 'dst', tsMs)
  return rule === null || !isBorneOut(name, dstIp, host, whereabouts) ? null : rule
}

/**
 * Whether a name that is only said may be that of the address: at a proxy of the place, at an address of the organisation that has the name, and where
 * the sensor shows no DNS of the host, which else would say so. Names that DNS gave are looked for before.
 */
function isBorneOut(said: string, ip: string, host: HostMemory, whereabouts: Whereabouts): boolean {
  if (!host.resolvesNames || isPrivate(ip)) return true
  const organisation = organisationAt(ip, [], whereabouts)
  return organisation !== '' && organisation === organisationOfName(canonicalName(said))
}

/**
 * Evidence is not said when its attacker or its victim is covered on the side it stands, nor when what it is about is covered as a destination:
 * `evidence-aim.ts`. Domain rules cover what a host went to: the `dst` side.
 */
function suppressRule(
  rules: RuleIndex,
  evidence: Evidence,
  host: HostMemory,
  whereabouts: Whereabouts,
): string | null {
  const { attacker, victim, dst, tsMs } = evidence
  const rule =
    partyRule(rules, evidence, attacker, host, whereabouts) ??
    (victim === null ? null : partyRule(rules, evidence, victim, host, whereabouts))
  if (rule !== null) return rule
  for (const name of namesInFacts(evidence)) {
    const found =
      rules.address(name, 'dst', tsMs, whereabouts) ??
      (isSaidInVain(name, evidence, host, whereabouts) ? null : rules.domain(name, 'dst', tsMs))
    if (found !== null) return found
  }
  if (dst === null || !isAboutDestination(evidence)) return null
  return (
    rules.address(dst.ip, 'dst', tsMs, whereabouts) ??
    rules.mac(dst.mac, 'dst', tsMs) ??
    rules.anyDomain(dst.names, 'dst', tsMs)
  )
}

/** Whether the name is one that was only said of a destination, by whoever may have made it up. Names that evidence is about are what was asked of DNS. */
function isSaidInVain(name: string, evidence: Evidence, host: HostMemory, whereabouts: Whereabouts): boolean {
  const { dst } = evidence
  return dst !== null && isAboutDestination(evidence) && !isBorneOut(name, dst.ip, host, whereabouts)
}

function partyRule(
  rules: RuleIndex,
  evidence: Evidence,
  party: Party,
  host: HostMemory,
  whereabouts: Whereabouts,
): string | null {
  const { tsMs } = evidence
  if (party.type === 'domain')
    return isSaidInVain(party.value, evidence, host, whereabouts)
      ? null
      : rules.domain(party.value, 'dst', tsMs)
  if (party.type === 'url') {
    const asked = hostOfUrl(party.value)
    return (
      rules.address(asked, 'dst', tsMs, whereabouts) ??
      (isSaidInVain(asked, evidence, host, whereabouts) ? null : rules.domain(asked, 'dst', tsMs))
    )
  }
  if (party.type === 'mac') return rules.mac(party.value, party.direction, tsMs)
  if (party.type !== 'ip') return null
  const end = party.direction === 'src' ? evidence.src : evidence.dst
  return (
    rules.address(party.value, party.direction, tsMs, whereabouts) ??
    rules.mac(end?.mac ?? '', party.direction, tsMs) ??
    rules.anyDomain(host.namesOf(party.value, tsMs), 'dst', tsMs)
  )
}

function commonName(subject: string): string {
  return /(?:^|,)\s*CN=([^,]+)/i.exec(subject)?.[1]?.replace(/^\*\./, '') ?? ''
}

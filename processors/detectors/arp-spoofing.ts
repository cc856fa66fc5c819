import type { Arp, Party } from '@weir/schemas'
import { byLan } from '../keys.ts'
import { isLinkLocal, isUnicast } from '../profile/address-class.ts'
import { isDeviceMac } from '../profile/mac-class.ts'
import { defineDetector } from './detector.ts'
import { number, texts } from './settings.ts'

type Claim = {
  mac: string
  /** Event time at which its owner was last heard of. */
  lastMs: number
  /** A second MAC that says the address is its own; '' for none. */
  rival: string
  /** How often the rival and the owner took turns: two that say so, and both go on. */
  turns: number
  /** Who spoke last of the two. */
  rivalSpoke: boolean
}

type State = {
  /** Address to who has it, longest silent first. */
  readonly claims: Map<string, Claim>
  /** MAC to the first address it was heard of with. */
  readonly homes: Map<string, string>
  /** Address to the MAC that DHCP gave it to. */
  readonly leases: Map<string, string>
  readonly dhcpServers: Set<string>
}

/** About the addresses of a segment of some thousands; more are forgotten, longest silent first. */
const MAX_CLAIMS = 4_096
const MAX_LEASES = 4_096
const MAX_SERVERS = 16
/** Turns from which on an address is contested: one change may be a takeover. */
const CONTESTED = 2

export const arpSpoofing = defineDetector({
  id: 'arp-spoofing',
  version: 1,
  claim: 'A second device says that an address is its own while the first one still uses it.',
  spec: 'ARP-04',
  types: ['MITM_ARP_ATTACK'],
  level: 'critical',
  techniques: ['T1557.002'],
  misfires:
    'Servers of which one takes over from the other; two devices set to one address by mistake; proxies for devices that sleep. A single change is a hint.',
  key: byLan,
  settings: {
    goneMinutes: number(
      20,
      'Minutes of silence after which an address is free for another device to take, without a word.',
    ),
    gateways: texts(
      [],
      'Addresses of routers, of which one claim by another device is already grave. DHCP servers count as such.',
    ),
  },
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 1_500_000,
    empty: (): State => ({
      claims: new Map(),
      homes: new Map(),
      leases: new Map(),
      dhcpServers: new Set(),
    }),
  },
  on: {
    arp(record, tools) {
      const { srcIp, tsMs } = record
      const mac = record.srcHw === '' ? record.srcMac : record.srcHw
      if (!isDeviceMac(mac) || srcIp.length > 15 || !isUnicast(srcIp) || isLinkLocal(srcIp)) return
      const state = tools.state()
      const claim = state.claims.get(srcIp)
      if (claim === undefined) {
        note(state.homes, mac, srcIp)
        put(state.claims, srcIp, { mac, lastMs: tsMs, rival: '', turns: 0, rivalSpoke: false }, MAX_CLAIMS)
        return
      }
      if (claim.mac === mac) {
        if (tsMs > claim.lastMs) claim.lastMs = tsMs
        if (claim.rivalSpoke) {
          claim.rivalSpoke = false
          claim.turns += 1
        }
        put(state.claims, srcIp, claim, MAX_CLAIMS)
        return
      }
      const isFree = tsMs - claim.lastMs > tools.config.goneMinutes * 60_000
      if (isFree || state.leases.get(srcIp) === mac) {
        note(state.homes, mac, srcIp)
        put(state.claims, srcIp, { mac, lastMs: tsMs, rival: '', turns: 0, rivalSpoke: false }, MAX_CLAIMS)
        return
      }
      // What began before the owner was last heard of may have been told late: order decides nothing, but the claim stands.
      if (claim.rival !== mac) {
        claim.rival = mac
        claim.turns = 0
        claim.rivalSpoke = false
      }
      if (!claim.rivalSpoke) {
        claim.rivalSpoke = true
        claim.turns += 1
      }
      const isContested = claim.turns > CONTESTED
      const isRouter = tools.config.gateways.includes(srcIp) || state.dhcpServers.has(srcIp)
      const { intruderMac, ownerMac, intruderIp } = rolesOf(state, srcIp, claim)
      const intruder: Party =
        intruderIp === ''
          ? { direction: 'src', type: 'mac', value: intruderMac }
          : { direction: 'src', type: 'ip', value: intruderIp }
      tools.report({
        key: `${srcIp}|${mac}|${isContested}`,
        confidence: confidenceOf(isContested, isRouter, intruderIp !== ''),
        record,
        profile: intruder.value,
        attacker: intruder,
        victim: { direction: 'dst', type: 'ip', value: srcIp },
        description: describe(record, intruderMac, intruderIp, ownerMac, isContested),
        facts: {
          address: srcIp,
          mac: intruderMac,
          formerMac: ownerMac,
          ownAddress: intruderIp,
          turns: claim.turns,
          router: isRouter,
        },
      })
    },
    dhcp(record, tools) {
      const { mac, assignedIp, serverIp } = record
      if (serverIp !== '' && isUnicast(serverIp)) {
        const { dhcpServers } = tools.state()
        if (dhcpServers.size < MAX_SERVERS) dhcpServers.add(serverIp)
      }
      if (assignedIp === '' || assignedIp.length > 15 || mac === '') return
      put(tools.state().leases, assignedIp, mac, MAX_LEASES)
    },
  },
})

/** The first address of a MAC stays. */
function note(homes: Map<string, string>, mac: string, ip: string): void {
  if (!homes.has(mac)) put(homes, mac, ip, MAX_CLAIMS)
}

/** At the end of the map, as what was heard of last; what was heard of longest ago goes when there is no room. */
function put<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  if (!map.delete(key) && map.size >= limit) map.delete(map.keys().next().value ?? key)
  map.set(key, value)
}

/** The intruder is the one that has an address of its own besides; where both have one or neither has, the one that came later. */
function rolesOf(
  { homes }: State,
  ip: string,
  { mac, rival }: Claim,
): { readonly intruderMac: string; readonly ownerMac: string; readonly intruderIp: string } {
  const rivalHome = homes.get(rival) ?? ''
  const firstHome = homes.get(mac) ?? ''
  const isFirstElsewhere = firstHome !== '' && firstHome !== ip
  if (rivalHome === '' && isFirstElsewhere)
    return { intruderMac: mac, ownerMac: rival, intruderIp: firstHome }
  return { intruderMac: rival, ownerMac: mac, intruderIp: rivalHome === ip ? '' : rivalHome }
}

/** A judgement: one change may be a takeover; a device with an address of its own that keeps taking another's is not. */
function confidenceOf(isContested: boolean, isRouter: boolean, hasOwn: boolean): number {
  if (!isContested) return isRouter ? 0.4 : 0.2
  if (!hasOwn) return 0.3
  return isRouter ? 0.8 : 0.6
}

function describe(
  record: Arp,
  intruderMac: string,
  intruderIp: string,
  ownerMac: string,
  isContested: boolean,
): string {
  const who = intruderIp === '' ? `The device ${intruderMac}` : `${intruderIp} (${intruderMac})`
  const how = isContested ? 'says by ARP again and again' : 'said by ARP'
  return `${who} ${how} that it has ${record.srcIp}, which ${ownerMac} has`
}

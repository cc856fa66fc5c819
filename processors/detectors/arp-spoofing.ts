import type { Arp, Party } from '@weir/schemas'
import { byLan } from '../keys.ts'
import { isLinkLocal, isUnicast } from '../profile/address-class.ts'
import { isDeviceMac } from '../profile/mac-class.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, number, texts } from './settings.ts'

type Claim = {
  mac: string
  /** Event time at which its owner was first and last heard of. */
  readonly firstMs: number
  lastMs: number
  /** A second MAC that says the address is its own; '' for none. */
  rival: string
  /** How often the rival and the owner took turns: two that say so, and both go on. */
  turns: number
  /** Who spoke last of the two. */
  rivalSpoke: boolean
  /** Event time at which somebody but the rival last asked who has the address. */
  askedMs: number
  /** How often the rival said it unasked, once a second at most; from when on, and when last. */
  repeats: number
  repeatsFromMs: number
  repeatedMs: number
}

type Device = {
  /** The first address it was heard of with. */
  readonly home: string
  /** Addresses it has. */
  claims: number
  /** The window in which it was last said that it claims too many. */
  saidWindowMs: number
}

/** What was heard of just now, and what has been in use for a while, which nothing new pushes out. Each with the longest silent first. */
type Tiers<V> = { readonly fresh: Map<string, V>; readonly settled: Map<string, V> }

type State = {
  /** By address. */
  readonly claims: Tiers<Claim>
  /** By MAC. */
  readonly devices: Tiers<Device>
  /** Address to the MAC that DHCP gave it to. */
  readonly leases: Map<string, string>
  readonly dhcpServers: Set<string>
  /** MACs that connections to the internet were handed to, with how many were seen. */
  readonly wayOut: Map<string, number>
}

/** Each of a tier: together about the addresses of a segment of some thousands. */
const MAX_CLAIMS = 3_072
const MAX_LEASES = 4_096
const MAX_SERVERS = 16
/** An address that one device has had for so long is settled. */
const SETTLED_MS = 300_000
/** Turns from which on an address is contested: one change may be a takeover. */
const CONTESTED = 2
/** What was asked for so shortly before is an answer. */
const ANSWER_MS = 5_000
/** A device that takes over says so several times at once. */
const SECOND_MS = 1_000
const REPEATED_WITHIN_MS = 300_000
const MAX_WAYS_OUT = 64
/** Connections that show a router: one may be of an intruder's making. */
const SURE_WAY_OUT = 2

export const arpSpoofing = defineDetector({
  id: 'arp-spoofing',
  version: 3,
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
      'Addresses of routers, of which one claim by another device is already grave. DHCP servers count as such, and devices that connections to the internet are handed to.',
    ),
    repeats: count(
      10,
      'Times within five minutes that a device claims the address of another unasked, once a second at most, from which on it is no hint any more.',
    ),
    addresses: count(
      256,
      'Addresses of one device that are remembered; one that claims more is said, as floods of claims hide what follows. Routers that answer for others claim many.',
      MAX_CLAIMS,
    ),
  },
  state: {
    scope: 'host',
    version: 3,
    maxBytes: 3_500_000,
    empty: (): State => ({
      claims: { fresh: new Map(), settled: new Map() },
      devices: { fresh: new Map(), settled: new Map() },
      leases: new Map(),
      dhcpServers: new Set(),
      wayOut: new Map(),
    }),
  },
  on: {
    arp(record, tools) {
      const { srcIp, tsMs } = record
      const mac = record.srcHw === '' ? record.srcMac : record.srcHw
      if (!isDeviceMac(mac) || srcIp.length > 15 || !isUnicast(srcIp) || isLinkLocal(srcIp)) return
      const state = tools.state()
      const asked = find(state.claims, record.dstIp)
      if (asked !== undefined && asked.rival !== '' && asked.rival !== mac) asked.askedMs = tsMs
      const claim = find(state.claims, srcIp)
      if (claim === undefined) {
        const device = deviceOf(state, mac, srcIp)
        if (device.claims >= tools.config.addresses) tellFlood(record, mac, device, tools)
        else take(state, srcIp, mac, device, tsMs)
        return
      }
      const isRouter =
        tools.config.gateways.includes(srcIp) ||
        state.dhcpServers.has(srcIp) ||
        (state.wayOut.get(claim.mac) ?? 0) >= SURE_WAY_OUT
      if (claim.mac === mac) {
        if (tsMs > claim.lastMs) claim.lastMs = tsMs
        if (claim.rivalSpoke) {
          claim.rivalSpoke = false
          claim.turns += 1
        }
        keep(state, srcIp, claim, isRouter)
        return
      }
      const isFree = tsMs - claim.lastMs > tools.config.goneMinutes * 60_000
      // A router that says nothing for a while is still there: its address is for none that has another.
      const isElsewhere = (find(state.devices, mac)?.home ?? srcIp) !== srcIp
      if ((isFree && !(isRouter && isElsewhere)) || state.leases.get(srcIp) === mac) {
        release(state, srcIp, claim)
        take(state, srcIp, mac, deviceOf(state, mac, srcIp), tsMs)
        return
      }
      // What began before the owner was last heard of may have been told late: order decides nothing, but the claim stands.
      if (claim.rival !== mac) {
        claim.rival = mac
        claim.turns = 0
        claim.rivalSpoke = false
        claim.repeats = 0
      }
      noteRepeat(claim, tsMs)
      if (!claim.rivalSpoke) {
        claim.rivalSpoke = true
        claim.turns += 1
      }
      const isContested = claim.turns > CONTESTED || claim.repeats >= Math.max(1, tools.config.repeats)
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
          repeats: claim.repeats,
          router: isRouter,
        },
      })
    },
    conn({ dstMac }, tools) {
      if (!isDeviceMac(dstMac)) return
      const { wayOut } = tools.state()
      const seen = wayOut.get(dstMac) ?? 0
      if (seen < SURE_WAY_OUT && (seen > 0 || wayOut.size < MAX_WAYS_OUT)) wayOut.set(dstMac, seen + 1)
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

type ArpTools = Pick<Tools<State, never>, 'report' | 'window'>

const find = <V>({ fresh, settled }: Tiers<V>, key: string): V | undefined =>
  settled.get(key) ?? fresh.get(key)

/** The first address of a MAC stays. */
function deviceOf({ devices }: State, mac: string, ip: string): Device {
  const known = find(devices, mac)
  if (known !== undefined) return known
  const device: Device = { home: ip, claims: 0, saidWindowMs: Number.NaN }
  put(devices.fresh, mac, device, MAX_CLAIMS)
  return device
}

function take(state: State, ip: string, mac: string, device: Device, tsMs: number): void {
  device.claims += 1
  const claim: Claim = {
    mac,
    firstMs: tsMs,
    lastMs: tsMs,
    rival: '',
    turns: 0,
    rivalSpoke: false,
    askedMs: Number.NEGATIVE_INFINITY,
    repeats: 0,
    repeatsFromMs: 0,
    repeatedMs: 0,
  }
  const gone = put(state.claims.fresh, ip, claim, MAX_CLAIMS)
  if (gone !== undefined) leave(state, gone)
}

/** Whoever takes an address over says so a few times, and then when asked; who goes on unasked keeps others' tables wrong. */
function noteRepeat(claim: Claim, tsMs: number): void {
  if (tsMs - claim.askedMs < ANSWER_MS) return
  if (claim.repeats === 0 || tsMs - claim.repeatsFromMs > REPEATED_WITHIN_MS) {
    claim.repeats = 1
    claim.repeatsFromMs = tsMs
    claim.repeatedMs = tsMs
  } else if (tsMs - claim.repeatedMs >= SECOND_MS) {
    claim.repeats += 1
    claim.repeatedMs = tsMs
  }
}

/** Forgets who had the address. */
function release({ claims, devices }: State, ip: string, claim: Claim): void {
  claims.fresh.delete(ip)
  claims.settled.delete(ip)
  leave({ devices }, claim)
}

function leave({ devices }: Pick<State, 'devices'>, { mac }: Claim): void {
  const device = find(devices, mac)
  if (device !== undefined && device.claims > 0) device.claims -= 1
}

/** To the end, as what was heard of last; among the settled after a while, and at once where it is a router. */
function keep(state: State, ip: string, claim: Claim, isRouter: boolean): void {
  const { claims, devices } = state
  const isSettled = claims.settled.has(ip)
  if (!isSettled && !isRouter && claim.lastMs - claim.firstMs < SETTLED_MS) {
    put(claims.fresh, ip, claim, MAX_CLAIMS)
    return
  }
  claims.fresh.delete(ip)
  const gone = put(claims.settled, ip, claim, MAX_CLAIMS)
  if (gone !== undefined) leave(state, gone)
  const device = devices.fresh.get(claim.mac)
  if (isSettled || device === undefined) return
  devices.fresh.delete(claim.mac)
  put(devices.settled, claim.mac, device, MAX_CLAIMS)
}

/** At the end of the map, as what was heard of last; what was heard of longest ago goes when there is no room, and is returned. */
function put<V>(map: Map<string, V>, key: string, value: V, limit: number): V | undefined {
  let gone: V | undefined
  if (!map.delete(key) && map.size >= limit) {
    for (const [oldest, left] of map) {
      gone = left
      map.delete(oldest)
      break
    }
  }
  map.set(key, value)
  return gone
}

/** Once a window. */
function tellFlood(record: Arp, mac: string, device: Device, tools: ArpTools): void {
  if (device.saidWindowMs === tools.window.startMs) return
  device.saidWindowMs = tools.window.startMs
  const { home, claims } = device
  tools.report({
    key: `flood|${mac}`,
    level: 'medium',
    confidence: 0.4,
    record,
    profile: home,
    attacker: { direction: 'src', type: 'ip', value: home },
    victim: null,
    description: `${home} (${mac}) says by ARP that it has more than ${claims} addresses`,
    facts: { mac, ownAddress: home, addresses: claims },
  })
}

/**
 * The intruder is the one that has an address of its own besides, so that whoever had this one first is no intruder when it comes back; where both
 * have one or neither has, the one that came later.
 */
function rolesOf(
  { devices }: State,
  ip: string,
  { mac, rival }: Claim,
): { readonly intruderMac: string; readonly ownerMac: string; readonly intruderIp: string } {
  const rivalHome = find(devices, rival)?.home ?? ''
  const firstHome = find(devices, mac)?.home ?? ''
  const isFirstElsewhere = firstHome !== '' && firstHome !== ip
  const isRivalElsewhere = rivalHome !== '' && rivalHome !== ip
  if (isFirstElsewhere && !isRivalElsewhere)
    return { intruderMac: mac, ownerMac: rival, intruderIp: firstHome }
  return { intruderMac: rival, ownerMac: mac, intruderIp: isRivalElsewhere ? rivalHome : '' }
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

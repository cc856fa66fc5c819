import type { Dhcp, Party } from '@weir/schemas'
import { byLan } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, number } from './settings.ts'

type Client = { readonly asked: Set<string>; nextAt: number; readonly uids: string[] }
type Server = { readonly macs: Set<string>; nextAt: number; readonly uids: string[] }
type Crowd = Server & { readonly sinceMs: number }
type State = {
  readonly clients: Map<string, Client>
  /** Nameless clients by server. */
  readonly servers: Map<string, Server>
  /** All clients of the latest minutes, whichever server answered. */
  crowd: Crowd | null
  asksHeld: number
  macsHeld: number
}

const MAX_CLIENTS = 1_000
const MAX_SERVERS = 50
/** Asked addresses over all clients, and MACs over all servers. */
const MAX_HELD = 20_000
const MAX_EACH = 10_000
const MAX_UIDS = 100

export const dhcpScan = defineDetector({
  id: 'dhcp-scan',
  version: 2,
  claim:
    'A client asks DHCP for many addresses, or clients empty a server: nameless ones by the dozen, others by the hundred.',
  spec: 'SCAN-04',
  types: ['DHCP_SCAN'],
  level: 'medium',
  techniques: ['T1499', 'T1046'],
  misfires:
    'A device that roams among many networks in an hour; a room full of devices that send no host name; a hall full of people.',
  key: byLan,
  settings: {
    addresses: count(
      4,
      'Addresses one client asks for in one window before it is said; again at each doubling.',
      MAX_EACH,
    ),
    macs: count(
      50,
      'Clients without a host name that ask one server in one window before it is said; again at each doubling.',
      MAX_EACH,
    ),
    crowd: count(
      200,
      'Clients of any kind that ask within a few minutes before it is said: names are as easily made up. Again at each doubling.',
      MAX_EACH,
    ),
    crowdMinutes: number(5, 'Minutes within which so many have to ask; an office that arrives takes longer.'),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 2_000_000,
    empty: (): State => ({
      clients: new Map(),
      servers: new Map(),
      crowd: null,
      asksHeld: 0,
      macsHeld: 0,
    }),
  },
  on: {
    dhcp(record, tools) {
      const party = partyOf(record)
      if (party === null) return
      if (record.requestedIp !== '') {
        const client = askedBy(tools.state(), party.value, record, tools.config.addresses)
        if (client !== undefined) {
          const addresses = client.asked.size
          client.nextAt = 2 * addresses
          tools.report({
            key: `${party.value}|${addresses}`,
            confidence: 0.8,
            record,
            uids: [...client.uids],
            profile: party.value,
            attacker: party,
            victim: null,
            description: `${party.value} asked DHCP for ${addresses} different addresses`,
            facts: { addresses, mac: record.mac },
          })
        }
      }
      if (record.mac === '') return
      const { config } = tools
      const crowd = joinCrowd(tools.state(), record, config.crowd, config.crowdMinutes * 60_000)
      if (crowd !== undefined) tell(record, party, crowd, 'crowd', tools)
      // Devices of people send their name; those that a simple tool makes up are MACs and nothing else.
      if (record.hostName !== '') return
      const server = calledBy(tools.state(), record, config.macs)
      if (server !== undefined) tell(record, party, server, 'clients', tools)
    },
  },
})

/** That a server has so many clients. */
function tell(
  record: Dhcp,
  party: Party,
  server: Server,
  what: 'clients' | 'crowd',
  tools: Pick<Tools<State, never>, 'report'>,
): void {
  const clients = server.macs.size
  server.nextAt = 2 * clients
  const name = record.serverIp === '' ? 'a DHCP server' : `the DHCP server ${record.serverIp}`
  const who = what === 'clients' ? `${clients} clients without a name` : `${clients} clients within minutes`
  tools.report({
    key: `${what}|${record.serverIp}|${clients}`,
    confidence: what === 'clients' ? 0.5 : 0.4,
    record,
    uids: [...server.uids],
    profile: party.value,
    attacker: party,
    victim: record.serverIp === '' ? null : { direction: 'dst', type: 'ip', value: record.serverIp },
    description: `${who} called ${name}, the last of them ${party.value}`,
    facts: { clients, server: record.serverIp },
  })
}

/** The client's address if it has one, else its MAC; `null` when neither is known. */
function partyOf(record: Dhcp): Party | null {
  if (record.clientIp !== '' && isUnicast(record.clientIp)) {
    return { direction: 'src', type: 'ip', value: record.clientIp }
  }
  if (isUnicast(record.srcIp)) return { direction: 'src', type: 'ip', value: record.srcIp }
  return record.mac === '' ? null : { direction: 'src', type: 'mac', value: record.mac }
}

/** The client when this made it worth reporting. */
function askedBy(state: State, name: string, record: Dhcp, addresses: number): Client | undefined {
  const { clients } = state
  let client = clients.get(name)
  if (client === undefined) {
    if (clients.size >= MAX_CLIENTS) shrink(state)
    client = { asked: new Set(), nextAt: Math.max(1, addresses), uids: [] }
    clients.set(name, client)
  }
  const { asked } = client
  if (asked.size >= MAX_EACH || asked.has(record.requestedIp)) return undefined
  asked.add(record.requestedIp)
  if (client.uids.length < MAX_UIDS) client.uids.push(record.uid)
  state.asksHeld += 1
  if (state.asksHeld > MAX_HELD) shrink(state)
  return asked.size >= client.nextAt ? client : undefined
}

function shrink(state: State): void {
  let keep = MAX_CLIENTS / 2
  do {
    keepLargest(state.clients, keep, ({ asked }) => asked.size)
    state.asksHeld = 0
    for (const { asked } of state.clients.values()) state.asksHeld += asked.size
    keep = Math.floor(keep / 2)
  } while (state.asksHeld > MAX_HELD / 2 && keep > 0)
}

/** The server when this made it worth reporting. */
function calledBy(state: State, record: Dhcp, macs: number): Server | undefined {
  const { servers } = state
  let server = servers.get(record.serverIp)
  if (server === undefined) {
    if (servers.size >= MAX_SERVERS) {
      keepLargest(servers, MAX_SERVERS / 2, (item) => item.macs.size)
      state.macsHeld = 0
      for (const item of servers.values()) state.macsHeld += item.macs.size
    }
    server = { macs: new Set(), nextAt: Math.max(1, macs), uids: [] }
    servers.set(record.serverIp, server)
  }
  const isFull = server.macs.size >= MAX_EACH || state.macsHeld >= MAX_HELD
  if (isFull || server.macs.has(record.mac)) return undefined
  server.macs.add(record.mac)
  state.macsHeld += 1
  if (server.uids.length < MAX_UIDS) server.uids.push(record.uid)
  return server.macs.size >= server.nextAt ? server : undefined
}

/** The crowd when this made it worth reporting. */
function joinCrowd(state: State, record: Dhcp, clients: number, withinMs: number): Server | undefined {
  let { crowd } = state
  if (crowd === null || record.tsMs - crowd.sinceMs > withinMs) {
    crowd = { sinceMs: record.tsMs, macs: new Set(), nextAt: clients, uids: [] }
    state.crowd = crowd
  }
  if (crowd.macs.size >= MAX_EACH || crowd.macs.has(record.mac)) return undefined
  crowd.macs.add(record.mac)
  if (crowd.uids.length < MAX_UIDS) crowd.uids.push(record.uid)
  return crowd.macs.size >= Math.max(1, crowd.nextAt) ? crowd : undefined
}

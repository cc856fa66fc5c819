import type { Arp, Conn } from '@weir/schemas'
import { byMac } from '../keys.ts'
import { isWithinPrivateUse } from '../profile/address-class.ts'
import { isDeviceMac } from '../profile/mac-class.ts'
import { defineDetector, type Tools } from './detector.ts'
import { number, type Settings } from './settings.ts'

type Change = {
  /** By ARP a device may say that it has the address of another: a connection from there is told in its place, once there is one. */
  record: Conn | Arp
  readonly formerIp: string
  readonly dueMs: number
}

type State = {
  ip: string
  /** Event time at which the device was last heard of at its address. */
  lastMs: number
  /** Addresses that DHCP gave it, newest last. */
  readonly leases: string[]
  change: Change | null
  /** Routers, and machines with several addresses: which one they use says nothing. */
  hasSeveral: boolean
}

const MAX_LEASES = 8

const settings = {
  waitMinutes: number(
    10,
    'Minutes of event time in which the former address must fall silent, and an answer of DHCP may still be told of.',
  ),
}

export const deviceChangesAddress = defineDetector({
  id: 'device-changes-address',
  version: 2,
  claim: 'A device took another address, and no DHCP server gave it that address.',
  spec: 'CONN-13',
  types: ['DEVICE_CHANGING_IP'],
  level: 'medium',
  techniques: ['T1036'],
  misfires:
    'Administrators who set an address by hand; devices whose DHCP the sensor does not see: hence little confidence where it never saw any.',
  key: byMac,
  settings,
  state: {
    scope: 'host',
    version: 2,
    maxBytes: 8_000,
    empty: (): State => ({
      ip: '',
      lastMs: Number.NEGATIVE_INFINITY,
      leases: [],
      change: null,
      hasSeveral: false,
    }),
  },
  on: {
    conn: (record, tools) => hear(record, record.srcMac, tools),
    arp: (record, tools) => hear(record, record.srcHw === '' ? record.srcMac : record.srcHw, tools),
    dhcp(record, tools) {
      if (record.assignedIp === '' || record.assignedIp.length > 15) return
      const { leases } = tools.state()
      const at = leases.indexOf(record.assignedIp)
      if (at >= 0) leases.splice(at, 1)
      else if (leases.length >= MAX_LEASES) leases.shift()
      leases.push(record.assignedIp)
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined || state.change === null || state.change.dueMs > dueMs) return
    const { record, formerIp } = state.change
    state.change = null
    const isLeased = state.leases.includes(record.srcIp)
    const usesDhcp = state.leases.length > 0
    const mac = record.kind === 'arp' && record.srcHw !== '' ? record.srcHw : record.srcMac
    const isSaid = record.kind === 'arp'
    const profile = isSaid ? formerIp : record.srcIp
    tools.report({
      key: `${mac}|${formerIp}`,
      profile,
      attacker: { direction: 'src', type: 'ip', value: profile },
      level: isLeased ? 'info' : 'medium',
      confidence: isLeased ? 0.8 : usesDhcp ? 0.6 : 0.3,
      record,
      victim: null,
      description: `The device ${mac}, which had ${formerIp}, ${isSaid ? 'now says by ARP that it has' : 'now has'} ${record.srcIp}${isLeased ? ' from a DHCP server' : ', and no DHCP server gave it'}`,
      facts: { mac, formerIp, leased: isLeased, usesDhcp, onlyByArp: isSaid },
    })
  },
})

function hear(record: Conn | Arp, mac: string, tools: Tools<State, typeof settings & Settings>): void {
  const { srcIp, tsMs } = record
  if (!isDeviceMac(mac) || !isWithinPrivateUse(srcIp)) return
  const state = tools.state()
  if (state.hasSeveral) return
  if (srcIp === state.ip) {
    if (tsMs > state.lastMs) state.lastMs = tsMs
    if (state.change?.record.kind === 'arp' && record.kind === 'conn' && tsMs >= state.change.record.tsMs)
      state.change.record = record
    return
  }
  const { change } = state
  if (change !== null) {
    // What is told late began before the change; what began after it shows that the device has both, or more.
    if (srcIp === change.formerIp && tsMs <= change.record.tsMs) return
    state.hasSeveral = true
    state.change = null
    return
  }
  // A connection of before, told late, or the first word of the device.
  if (tsMs < state.lastMs) return
  if (state.ip !== '') {
    const dueMs = tools.nowMs + tools.config.waitMinutes * 60_000
    state.change = { record, formerIp: state.ip, dueMs }
    tools.wakeAt(dueMs)
  }
  state.ip = srcIp
  state.lastMs = tsMs
}

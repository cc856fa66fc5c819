/**
 * Distinct things per group (ports per host, hosts per port), in bounded memory: what both port scan detectors count.
 * Groups with the most things outlive those with few, so a scan cannot be hidden among single contacts.
 */
import { keepLargest } from './keep-largest.ts'

export type Group<T extends string | number> = {
  /** Emptied when there is nothing more to say of the group. */
  readonly seen: Set<T>
  /** Distinct things so far. */
  total: number
  packets: number
  /** Event time of the first contact. */
  firstMs: number
  /** Steps passed so far. */
  passed: number
  /** Of the first hundred contacts. */
  uids: readonly string[]
}

export type Contacts<T extends string | number> = {
  readonly groups: Map<string, Group<T>>
  /** Things held over all groups. */
  held: number
}

export const emptyContacts = <T extends string | number>(): Contacts<T> => ({ groups: new Map(), held: 0 })

/** Room for one window of one host: 20,000 IPv6 addresses with their uids are about 1.5 MB. */
const MAX_GROUPS = 1_000
const MAX_HELD = 20_000
/** One group counts no further than this, half of all room: steps beyond it are never reached. */
export const MAX_PER_GROUP = 10_000
const MAX_UIDS = 100

/** Notes one contact. The group when the thing is new to it, else `undefined`. */
export function addContact<T extends string | number>(
  contacts: Contacts<T>,
  name: string,
  thing: T,
  packets: number,
  tsMs: number,
  uid: string,
): Group<T> | undefined {
  const { groups } = contacts
  let group = groups.get(name)
  if (group === undefined) {
    if (groups.size >= MAX_GROUPS) shrink(contacts)
    group = { seen: new Set(), total: 0, packets: 0, firstMs: tsMs, passed: 0, uids: [] }
    groups.set(name, group)
  }
  group.packets += packets
  if (tsMs < group.firstMs) group.firstMs = tsMs
  const { seen } = group
  if (seen.size < group.total || seen.size >= MAX_PER_GROUP || seen.has(thing)) return undefined
  seen.add(thing)
  group.total += 1
  // Exact: an array that grows has room for seventeen at once.
  if (group.uids.length < MAX_UIDS) group.uids = group.uids.concat(uid)
  contacts.held += 1
  if (contacts.held > MAX_HELD) shrink(contacts)
  return group
}

/**
 * Whether the thing is one of the first `few` of the group, and notes it where there is room for it among these: what is left out because it is rare, and no
 * longer is when there is more of it.
 */
export function isOneOfFew<T extends string | number>(
  contacts: Contacts<T>,
  name: string,
  thing: T,
  few: number,
  tsMs: number,
): boolean {
  const group = contacts.groups.get(name)
  if ((group?.total ?? 0) >= few) return group?.seen.has(thing) === true
  addContact(contacts, name, thing, 0, tsMs, '')
  return true
}

/** Lets go of a group's things once its last step is passed; it stays known, and stays silent. */
export function finish<T extends string | number>(contacts: Contacts<T>, group: Group<T>): void {
  contacts.held -= group.seen.size
  group.seen.clear()
}

function shrink<T extends string | number>(contacts: Contacts<T>): void {
  let keep = Math.floor(MAX_GROUPS / 2)
  do {
    keepLargest(contacts.groups, keep, (group) => group.total)
    contacts.held = 0
    for (const { seen } of contacts.groups.values()) contacts.held += seen.size
    keep = Math.floor(keep / 2)
  } while (contacts.held > MAX_HELD / 2 && keep > 0)
}

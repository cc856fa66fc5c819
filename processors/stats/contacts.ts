/**
 * Distinct things per group (ports per host, hosts per port), in bounded memory: what both port scan detectors count.
 * Groups with the most things outlive those with few, so a scan cannot be hidden among single contacts.
 */
import { withLargest } from './keep-largest.ts'
import { type UidSample, withAnyUid } from './sample-uids.ts'
import { entriesOf, type SmallMap, sizeOfMap, valueUnder, withValue } from './small-map.ts'
import { hasItem, type SmallSet, sizeOfSet, withItem } from './small-set.ts'

export type Group<T extends string | number> = {
  /** Emptied when there is nothing more to say of the group. */
  seen: SmallSet<T>
  /** Distinct things so far. */
  total: number
  packets: number
  /** Event time of the first contact. */
  firstMs: number
  /** Steps passed so far. */
  passed: number
  /** Of the first hundred contacts. */
  uids: UidSample
}

export type Contacts<T extends string | number> = {
  groups: SmallMap<Group<T>>
  /** Things held over all groups. */
  held: number
}

export const emptyContacts = <T extends string | number>(): Contacts<T> => ({ groups: null, held: 0 })

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
  let group = valueUnder(contacts.groups, name)
  if (group === undefined) {
    if (sizeOfMap(contacts.groups) >= MAX_GROUPS) shrink(contacts)
    group = { seen: null, total: 0, packets: 0, firstMs: tsMs, passed: 0, uids: null }
    contacts.groups = withValue(contacts.groups, name, group)
  }
  group.packets += packets
  if (tsMs < group.firstMs) group.firstMs = tsMs
  const held = sizeOfSet(group.seen)
  if (held < group.total || held >= MAX_PER_GROUP || hasItem(group.seen, thing)) return undefined
  group.seen = withItem(group.seen, thing)
  group.total += 1
  group.uids = withAnyUid(group.uids, uid, MAX_UIDS)
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
  const group = valueUnder(contacts.groups, name)
  if ((group?.total ?? 0) >= few) return group !== undefined && hasItem(group.seen, thing)
  addContact(contacts, name, thing, 0, tsMs, '')
  return true
}

/** Lets go of a group's things once its last step is passed; it stays known, and stays silent. */
export function finish<T extends string | number>(contacts: Contacts<T>, group: Group<T>): void {
  contacts.held -= sizeOfSet(group.seen)
  group.seen = null
}

function shrink<T extends string | number>(contacts: Contacts<T>): void {
  let keep = Math.floor(MAX_GROUPS / 2)
  do {
    contacts.groups = withLargest(contacts.groups, keep, (group) => group.total)
    contacts.held = 0
    for (const [, { seen }] of entriesOf(contacts.groups)) contacts.held += sizeOfSet(seen)
    keep = Math.floor(keep / 2)
  } while (contacts.held > MAX_HELD / 2 && keep > 0)
}

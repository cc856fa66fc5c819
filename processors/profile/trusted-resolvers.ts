/**
 * Whose answers say which names an address has. Anybody who runs a server may answer that his address is a vendor's: an answer excuses what the host does
 * then only if the server is of the place, a public resolver, or one that the host asks by habit.
 */
import type { Dns } from '@weir/schemas'
import { isPublicResolver } from '../data/public-resolvers.ts'
import { isMulticast, isPrivate } from './address-class.ts'
import type { Network } from './network.ts'

/** Of one host. Plain data, as it is part of what is remembered of it. */
export type ResolverHabits = {
  /** Answers of late, by servers that nothing else is known of. */
  readonly answers: Map<string, number>
  /** All answers of late, whoever gave them. */
  answered: number
  /** Those of `answers`, and of servers dropped from there. */
  byStrangers: number
  /** How many servers were met that nothing else is known of; a server that was dropped and comes again counts again. */
  strangers: number
}

/** A host that was answered before by servers of the place has habits already, which were not counted: they weigh as much as those that are counted do at least. */
export const noHabits = (wasAnswered: boolean): ResolverHabits => ({
  answers: new Map(),
  answered: wasAnswered ? MEMORY / 2 : 0,
  byStrangers: 0,
  strangers: 0,
})

/** Servers counted of one host: systems have three at most. */
const MAX_STRANGERS = 16
/** Answers after which all counts are halved, so that a host that has moved gets new habits. */
const MEMORY = 256
/** The least answers that are a habit, and of how many of the host's: a decoy would have to outdo what the host asks otherwise. */
const HABIT_ANSWERS = 5
const HABIT_ONE_IN = 4

/** Whether the server stands for itself: of the place, or asked among neighbours. */
export function isResolverOfPlace({ srcIp, dstIp }: Dns, network: Network): boolean {
  return isPrivate(dstIp) || isMulticast(dstIp) || network.isHome(dstIp, srcIp)
}

/** Counts the answer, and tells whether it is to be believed. Not for answers of resolvers of the place. */
export function isTrustedAnswer({ dstIp, answers }: Dns, habits: ResolverHabits): boolean {
  // A server that gives its own address is no witness of it.
  if (answers.includes(dstIp)) return false
  noteAnswered(habits)
  if (isPublicResolver(dstIp)) return true
  const count = noteStranger(habits, dstIp)
  if (count >= HABIT_ANSWERS && count * HABIT_ONE_IN >= habits.answered) return true
  // Who resolves by itself asks the servers of all zones there are.
  return habits.strangers >= MAX_STRANGERS && habits.byStrangers * 2 >= habits.answered
}

/** Counts an answer of a server that needs no habit. */
export function noteAnswered(habits: ResolverHabits): void {
  habits.answered += 1
  if (habits.answered < MEMORY) return
  habits.answered >>= 1
  habits.byStrangers >>= 1
  for (const [server, count] of habits.answers) {
    if (count < 2) habits.answers.delete(server)
    else habits.answers.set(server, count >> 1)
  }
}

/** The server's answers with this one. The one with least goes when there is no room, among equals the oldest. */
function noteStranger(habits: ResolverHabits, server: string): number {
  const { answers } = habits
  habits.byStrangers += 1
  const known = answers.get(server)
  if (known === undefined) {
    habits.strangers += 1
    if (answers.size >= MAX_STRANGERS) dropLeast(answers)
  }
  const count = (known ?? 0) + 1
  answers.set(server, count)
  return count
}

function dropLeast(answers: Map<string, number>): void {
  let least = Number.POSITIVE_INFINITY
  let dropped = ''
  for (const [server, count] of answers) {
    if (count >= least) continue
    least = count
    dropped = server
  }
  answers.delete(dropped)
}

/** What every online look-up has in common: a subject in, an answer out; services that fail or refuse are answers too. */
import type { Facts } from './facts.ts'

export type SubjectKind = 'ip' | 'domain' | 'url' | 'hash'

/** What is asked about: public addresses, names under a public suffix, URLs, hashes of files. Nothing of the house ever is. */
export type Subject = { readonly kind: SubjectKind; readonly value: string }

export type Answer =
  | { readonly kind: 'known'; readonly facts: Facts }
  /** The service has never heard of it. */
  | { readonly kind: 'unknown' }
  /** `isFinal`: asking it again in this run is of no use, as with a wrong key or when the day's questions are used up. */
  | { readonly kind: 'failed'; readonly why: string; readonly isFinal: boolean }

/** The way to a service. */
export type Door = {
  readonly url: string
  /** `''` without. Never written anywhere. */
  readonly key: string
  readonly timeoutMs: number
  /** As address or address:port; those of the machine when empty. */
  readonly dnsServers: readonly string[]
  readonly interruption: AbortSignal
}

export type LookUp = {
  readonly kinds: readonly SubjectKind[]
  /** Never throws for what a service does. */
  ask(subject: Subject, door: Door): Promise<Answer>
}

export const unknownAnswer: Answer = { kind: 'unknown' }

export function failed(why: string, isFinal = false): Answer {
  return { kind: 'failed', why, isFinal }
}

export function known(facts: Facts): Answer {
  return Object.keys(facts).length === 0 ? unknownAnswer : { kind: 'known', facts }
}

/** What is asked of brokers, and what becomes of their answers. */
import type { WeirError } from '../../kit/errors.ts'
import { type API, type Connection, MultipleErrors, ProtocolError } from './client.ts'
import { refusalOf } from './refusal.ts'

/** The error codes something is done about, as the protocol guide names them. */
export const code = {
  unknownServerError: -1,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  requestTimedOut: 7,
  replicaNotAvailable: 9,
  messageTooLarge: 10,
  networkException: 13,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  illegalGeneration: 22,
  inconsistentProtocol: 23,
  unknownMember: 25,
  rebalanceInProgress: 27,
  topicExists: 36,
  topicNotAllowed: 29,
  notController: 41,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  invalidTxnState: 48,
  concurrentTransactions: 51,
  kafkaStorageError: 56,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
  memberIdRequired: 79,
  fencedInstance: 82,
  unstableOffsetCommit: 88,
  producerFenced: 90,
  unknownTopicId: 100,
  inconsistentTopicId: 103,
} as const

const passing: ReadonlySet<number> = new Set<number>([
  code.unknownTopicOrPartition,
  code.leaderNotAvailable,
  code.notLeader,
  code.requestTimedOut,
  code.replicaNotAvailable,
  code.networkException,
  code.coordinatorLoading,
  code.coordinatorNotAvailable,
  code.notCoordinator,
  code.notEnoughReplicas,
  code.notEnoughReplicasAfterAppend,
  code.notController,
  code.concurrentTransactions,
  code.kafkaStorageError,
  code.fencedLeaderEpoch,
  code.unknownLeaderEpoch,
  // A leader that has only just become one: it does not know yet up to where its log is safe.
  code.offsetNotAvailable,
  code.unstableOffsetCommit,
  code.unknownTopicId,
  code.inconsistentTopicId,
])

/** Whether what failed with this code may go well when it is asked again of whom it now concerns. */
export function isPassing(errorCode: number): boolean {
  return passing.has(errorCode)
}

/** What a broker refused, or why it could not be asked. */
export class BrokerError extends Error {
  /** Codes of the answer, without the zeros; none when there was no answer. */
  readonly codes: readonly number[]
  /** The answer as far as it was understood. */
  readonly response: unknown
  /** What to tell the user when it is a matter of trust or rights; `null` else. */
  readonly refusal: WeirError | null
  readonly #isRead: boolean

  /** `isRead`: the question changes nothing. A broker that failed at it without knowing why may do better, or its successor. */
  constructor(what: string, codes: readonly number[], response: unknown, cause?: unknown, isRead = false) {
    super(`${what}: ${codes.map(nameOf).join(', ') || silenceOf(cause)}`, { cause })
    this.name = 'BrokerError'
    this.codes = codes
    this.response = response
    this.refusal = refusalOf(what, this.codes, cause)
    this.#isRead = isRead
  }

  has(...codes: readonly number[]): boolean {
    return this.codes.some((each) => codes.includes(each))
  }

  /** Whether asking again may help. */
  get isPassing(): boolean {
    const mayPass = (each: number) => isPassing(each) || (this.#isRead && each === code.unknownServerError)
    return this.refusal === null && !isUnreadable(this.cause) && this.codes.every(mayPass)
  }
}

/** Bytes that are no answer stay what they are, however often they are asked for. */
function isUnreadable(cause: unknown): boolean {
  return cause instanceof RangeError
}

/** Node's own codes for what keeps a connection from coming about. */
const silences: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'its name is not known'],
  ['EAI_AGAIN', 'its name cannot be looked up'],
  ['EHOSTUNREACH', 'no way there'],
  ['ENETUNREACH', 'no way there'],
])

function silenceOf(cause: unknown): string {
  if (isUnreadable(cause)) return 'an answer without sense'
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth += 1) {
    const errorCode = 'code' in error && typeof error.code === 'string' ? error.code : ''
    const said = silences.get(errorCode)
    if (said !== undefined) return said
  }
  return 'no answer'
}

function nameOf(errorCode: number): string {
  const known = Object.entries(code).find(([, value]) => value === errorCode)
  return known === undefined ? `error ${errorCode}` : `${known[0]} (${errorCode})`
}

/** One request and its answer. Everything that can go wrong on the way comes as a `BrokerError`. */
export async function ask<A extends unknown[], R>(
  connection: Connection,
  what: string,
  api: API<A, R>,
  ...args: A
): Promise<R> {
  try {
    return await api.async(connection, ...args)
  } catch (error) {
    throw brokerError(what, error)
  }
}

/** The same of a question that changes nothing. */
export function readError(what: string, error: unknown): BrokerError {
  const { codes, response, cause } = brokerError(what, error)
  return new BrokerError(what, codes, response, cause, true)
}

export function brokerError(what: string, error: unknown): BrokerError {
  if (error instanceof BrokerError) return error
  if (error instanceof MultipleErrors) {
    const codes = error.errors.map((each: unknown) =>
      each instanceof ProtocolError && typeof each.apiCode === 'number' ? each.apiCode : -1,
    )
    return new BrokerError(what, [...new Set(codes)], error.response, error)
  }
  return new BrokerError(what, [], undefined, error)
}

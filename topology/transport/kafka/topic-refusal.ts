/** Why brokers do not create topics, in words: what asking again does not mend. */
import { topologyError } from '../../errors.ts'
import type { WeirError } from '../../kit/errors.ts'
import type { TopicSettings } from './admin.ts'
import { type BrokerError, code } from './protocol.ts'

/** Codes of the answer (protocol guide, «Error Codes») that say something of the topic rather than of the cluster. */
const reasons: ReadonlyMap<number, string> = new Map([
  [17, 'they do not take its name'],
  [37, 'they do not take its number of partitions'],
  [40, 'they do not take one of its settings'],
  [42, 'they do not understand the request'],
  [44, 'a policy of the cluster does not allow it'],
  [89, 'the quota of this user for changes of topics is used up'],
])
const invalidReplicationFactor = 38

/** `null` when it is no refusal, or one over a right, which the error itself knows. `brokers`: how many there are. */
export function topicRefusal(
  failed: BrokerError,
  topics: readonly TopicSettings[],
  brokers: number,
): WeirError | null {
  for (const { name, errorCode, errorMessage } of answersOf(failed.response)) {
    const topic = topics.find((each) => each.name === name)
    if (topic === undefined || errorCode === 0 || errorCode === code.topicExists) continue
    if (errorCode === invalidReplicationFactor) {
      const { copies = 0 } = topic
      const why =
        copies > brokers
          ? `${copies} copies need ${copies} brokers, ${brokers === 1 ? 'and there is 1' : `and there are ${brokers}`}`
          : "as many copies as the cluster's default.replication.factor says cannot be kept, or not so many as are asked for"
      return topologyError.TOPIC_REFUSED({ topic: name, why })
    }
    const reason = reasons.get(errorCode)
    if (reason === undefined) continue
    const why = errorMessage === null ? reason : `${reason} («${errorMessage}»)`
    return topologyError.TOPIC_REFUSED({ topic: name, why })
  }
  return null
}

type TopicAnswer = {
  readonly name: string
  readonly errorCode: number
  readonly errorMessage: string | null
}

function answersOf(response: unknown): readonly TopicAnswer[] {
  if (typeof response !== 'object' || response === null || !('topics' in response)) return []
  if (!Array.isArray(response.topics)) return []
  return response.topics.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null || !('name' in each) || !('errorCode' in each)) return []
    const { name, errorCode } = each
    if (typeof name !== 'string' || typeof errorCode !== 'number') return []
    const said = 'errorMessage' in each ? each.errorMessage : null
    return [{ name, errorCode, errorMessage: typeof said === 'string' ? said : null }]
  })
}

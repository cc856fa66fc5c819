import { topics } from '@weir/schemas'

export type Right = {
  readonly over: 'topic' | 'group' | 'transactional-id'
  readonly name: string
  /** Over everything whose name begins so. */
  readonly isPrefix: boolean
  readonly may: readonly Operation[]
}

/** As Kafka's tools spell them. `Read` and `Write` bring `Describe` with them. */
export type Operation = 'Read' | 'Write' | 'Create' | 'Delete' | 'Describe' | 'DescribeConfigs'

export const deployables = ['ship', 'processors', 'tail', 'topics', 'intel', 'allowlist'] as const

/**
 * What each program may do on a cluster that asks for rights, and nothing else: it needs every one of them, once the topics have
 * been created. The application is called `weir`; under another `--application-id` that name stands in the place of `weir`
 * everywhere but in the topic of flows.
 */
export const rights: Readonly<Record<(typeof deployables)[number], readonly Right[]>> = {
  ship: [right('topic', topics.flows.name, 'Write')],
  processors: [
    right('topic', topics.flows.name, 'Read'),
    // `DescribeConfigs`: how large a record the topic takes. What is larger is set aside and not tried.
    right('topic', topics.evidence.name, 'Read', 'Write', 'DescribeConfigs'),
    right('topic', topics.alerts.name, 'Write', 'DescribeConfigs'),
    // Not with --no-alerts-json.
    right('topic', topics.alertsJson.name, 'Write', 'DescribeConfigs'),
    right('topic', topics.suppressed.name, 'Write', 'DescribeConfigs'),
    right('topic', topics.intel.name, 'Read'),
    right('topic', topics.allowlist.name, 'Read'),
    right('topic', topics.deadLetters.name, 'Write', 'DescribeConfigs'),
    // State, and what goes from task to task: read and written, and deleted once it has been read.
    prefix('topic', 'weir-', 'Read', 'Write', 'Delete', 'DescribeConfigs'),
    right('group', 'weir', 'Read'),
    // Not with --guarantee at-least-once.
    prefix('transactional-id', 'weir/', 'Write', 'Describe'),
  ],
  intel: [right('topic', topics.intel.name, 'Read', 'Write')],
  allowlist: [right('topic', topics.allowlist.name, 'Read', 'Write')],
  tail: [prefix('topic', 'weir.', 'Read')],
  topics: [
    prefix('topic', 'weir.', 'Create', 'Describe', 'DescribeConfigs'),
    prefix('topic', 'weir-', 'Create', 'Describe', 'DescribeConfigs'),
  ],
}

function right(over: Right['over'], name: string, ...may: readonly Operation[]): Right {
  return { over, name, isPrefix: false, may }
}

function prefix(over: Right['over'], name: string, ...may: readonly Operation[]): Right {
  return { over, name, isPrefix: true, may }
}

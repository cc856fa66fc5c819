import { defineMetrics, type Metrics } from './kit/metrics.ts'

const input = ['topic', 'partition'] as const

/** What the runtime measures of itself. */
export const topologyMetrics = defineMetrics('weir_topology', {
  records_total: { kind: 'counter', help: 'Records a step took in.', labels: ['step', 'kind'] },
  late_records_total: {
    kind: 'counter',
    help: 'Records that came to a step when the grace of their window had passed.',
    labels: ['step'],
  },
  sent_records_total: { kind: 'counter', help: 'Records committed to topics.' },
  dead_letters_total: {
    kind: 'counter',
    help: 'Dead letters committed, of every kind: undecodable and too large records, outputs too large for their topic, and what a step failed at.',
  },
  commit_seconds: {
    kind: 'histogram',
    help: 'Time to flush, send and commit all tasks of this process.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
  },
  commit_failures_total: { kind: 'counter', help: 'Commits that did not happen.' },
  end_to_end_latency_seconds: {
    kind: 'histogram',
    help: 'Of results, by topic: from when the input record that caused each was sent to Kafka, through all topics in between, to the commit of the result here, by the clocks of both machines. Not of results that silence caused; at most 1000 of a topic in a commit.',
    labels: ['topic'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
  },
  rebalances_total: {
    kind: 'counter',
    help: 'Times the group told this process its tasks; what moves takes two.',
  },
  other_settings_members: {
    kind: 'gauge',
    help: 'Members of the group that run with other settings than this process: what is said of a host depends on which of them has its task.',
  },
  tasks: { kind: 'gauge', help: 'Tasks this process owns.' },
  stalled_tasks: {
    kind: 'gauge',
    help: 'Tasks with records waiting of which none has been processed for a minute, without being held by other tasks or restored.',
  },
  restoring_tasks: { kind: 'gauge', help: 'Tasks whose state is still being brought back.' },
  restored_entries_total: {
    kind: 'counter',
    help: 'Entries of state read from changelogs; what the disk had is not among them.',
    labels: ['store'],
  },
  restore_done: {
    kind: 'gauge',
    help: 'Of a store that is being brought back: offsets of its changelog read so far.',
    labels: ['store', 'partition'],
  },
  restore_total: {
    kind: 'gauge',
    help: 'Of a store that is being brought back: offsets of its changelog to be read.',
    labels: ['store', 'partition'],
  },
  restore_seconds: {
    kind: 'histogram',
    help: 'Time to bring back the state of one task.',
    buckets: [0.01, 0.1, 1, 5, 10, 30, 60, 300],
  },
  lag_records: {
    kind: 'gauge',
    help: 'Records of a partition that lie beyond the last one processed, also while its task waits or is being restored; up to a second old.',
    labels: input,
  },
  behind_seconds: {
    kind: 'gauge',
    help: 'Wall time less the stream time last read of a partition.',
    labels: input,
  },
  waiting_records: {
    kind: 'gauge',
    help: 'Records of a partition fetched and not yet processed.',
    labels: input,
  },
  skipped_records: {
    kind: 'gauge',
    help: 'Records of a partition that were deleted before they could be read, since the application first read it.',
    labels: input,
  },
  purge_failures_total: {
    kind: 'counter',
    help: 'Times that the brokers would not delete what had been read of a topic that nobody else reads: where it goes on, the topic grows for ever.',
    labels: ['topic'],
  },
  store_entries: { kind: 'gauge', help: 'Entries of a store.', labels: ['store', 'partition'] },
})

export type TopologyMetrics = Metrics<(typeof topologyMetrics)['rows']>

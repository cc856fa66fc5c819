import { defineMetrics } from './kit/metrics.ts'

/** What the runtime measures of itself. */
export const topologyMetrics = defineMetrics('weir_topology', {
  records_total: { kind: 'counter', help: 'Records a step took in.', labels: ['step', 'kind'] },
  late_records_total: {
    kind: 'counter',
    help: 'Records dropped or diverted because their window had closed.',
    labels: ['step'],
  },
  sent_records_total: { kind: 'counter', help: 'Records committed to topics.' },
  dead_letters_total: { kind: 'counter', help: 'Records that could not be decoded.' },
  commit_seconds: {
    kind: 'histogram',
    help: 'Time to flush, send and commit all tasks of this process.',
    buckets: [0.001, 0.01, 0.1, 1, 10],
  },
  tasks: { kind: 'gauge', help: 'Tasks this process owns.' },
})

export type TopologyMetrics = ReturnType<typeof topologyMetrics.create>

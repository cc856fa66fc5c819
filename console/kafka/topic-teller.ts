import type { TopologyMetrics } from '@weir/topology'
import type { Log } from '@weir/topology/kit'
import type { TopicNews } from '@weir/topology/transport'

/** Logs what becomes of topics, and counts what goes on: that one cannot be purged is said once of each, as it is tried again and again. */
export function topicTeller(
  log: Pick<Log, 'warn'>,
  { purge_failures_total: failures }: Pick<TopologyMetrics, 'purge_failures_total'>,
): (news: TopicNews) => void {
  const unpurged = new Set<string>()
  return ({ is, ...news }) => {
    const { topic } = news
    if (is === 'replaced') log.warn('topic-replaced', news)
    else if (is === 'cut') log.warn('log-cut', news)
    else {
      failures.add(1, topic)
      if (unpurged.has(topic)) return
      unpurged.add(topic)
      log.warn('topic-not-purged', news)
    }
  }
}

import type { TopologyMetrics } from '@weir/topology'
import type { Log } from '@weir/topology/kit'
import type { TopicNews } from '@weir/topology/transport'

/** Logs what becomes of topics, and counts what goes on: that one cannot be purged is said once of each, as it is tried again and again. */
export function topicTeller(
  log: Pick<Log, 'warn'>,
  { purge_failures_total: failures }: Pick<TopologyMetrics, 'purge_failures_total'>,
): (news: TopicNews) => void {
  const unpurged = new Set<string>()
  return (news) => {
    const { is, topic, ...fields } = news
    if (news.is === 'unpurged') {
      failures.add(1, topic)
      if (unpurged.has(topic)) return
      unpurged.add(topic)
    }
    if (news.is === 'gone') {
      const givesUpAfterSeconds = news.giveUpMs / 1_000
      log.warn(events[is], { topic, forSeconds: Math.round(news.forMs / 1_000), givesUpAfterSeconds })
    } else if (news.is === 'back') log.warn(events[is], { topic, forSeconds: Math.round(news.forMs / 1_000) })
    else log.warn(events[is], { topic, ...fields })
  }
}

const events = {
  replaced: 'topic-replaced',
  cut: 'log-cut',
  gone: 'topic-gone',
  back: 'topic-back',
  unpurged: 'topic-not-purged',
} as const satisfies Readonly<Record<TopicNews['is'], string>>

import { systemClock } from '../../kit/clock.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'

/** A judgement: brokers that are well answer in milliseconds, over the widest network within a second or two. */
const answerMs = 4_000

/**
 * Resolves once one of the brokers has answered. Rejects with `TOPO_BROKERS_AWAY` when none has for `giveUpMs`, at once with what
 * asking again does not mend, and with `TOPO_TRANSPORT_CLOSED` when `signal` aborts. A port that takes connections and does
 * not answer as a broker does is no broker.
 */
export async function reachBrokers(
  options: Partial<ClusterOptions> & Pick<ClusterOptions, 'brokers' | 'giveUpMs'>,
  signal: AbortSignal,
): Promise<void> {
  const cluster = new Cluster({ clientId: 'weir', ...options, requestTimeoutMs: answerMs }, systemClock)
  const close = () => void cluster.close()
  signal.addEventListener('abort', close, { once: true })
  try {
    if (signal.aborted) await cluster.close()
    await cluster.retrying(() => cluster.refresh([]))
  } finally {
    signal.removeEventListener('abort', close)
    await cluster.close()
  }
}

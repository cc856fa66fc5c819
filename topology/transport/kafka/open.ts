import type { Transport } from '../transport.ts'
import type { Guarantee, KafkaOptions } from './kafka-transport.ts'

export type { Guarantee }
export type KafkaSettings = KafkaOptions

/** On these brokers, which are asked for nothing yet. The client is loaded only here: most commands never need it. */
export async function kafkaTransport(settings: KafkaSettings): Promise<Transport> {
  const { KafkaTransport } = await import('./kafka-transport.ts')
  return new KafkaTransport(settings)
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Transport } from '@weir/topology/transport'

/** Hands the records over in small portions, so that there is always something under way. */
export function slowly(transport: Transport): Transport {
  return {
    ...transport,
    producer: () => {
      const producer = transport.producer()
      return {
        ...producer,
        send: async (topic, records) => {
          for (let at = 0; at < records.length; at += 100) {
            await producer.send(topic, records.slice(at, at + 100))
            await sleep(60)
          }
        },
      }
    },
  }
}

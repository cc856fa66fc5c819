import { setTimeout as sleep } from 'node:timers/promises'
import type { Transport } from '@weir/topology/transport'

/** Changed while records are handed over, it changes how. */
export type Pace = { records: number; pauseMs: number }

/** Hands the records over in small portions, so that there is always something under way. */
export function slowly(transport: Transport, pace: Pace = { records: 100, pauseMs: 60 }): Transport {
  return {
    ...transport,
    producer: () => {
      const producer = transport.producer()
      return {
        ...producer,
        send: async (topic, records) => {
          for (let at = 0; at < records.length; ) {
            const portion = records.slice(at, at + pace.records)
            await producer.send(topic, portion)
            at += portion.length
            await sleep(pace.pauseMs)
          }
        },
      }
    },
  }
}

import { openInputs } from '@weir/edge-agent'
import { topics } from '@weir/schemas'
import type { Transport } from '@weir/topology/transport'
import { RecordKeys } from '../analyze/record-keys.ts'
import type { AnalyzeSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { plainCodecs, type RecordCodecs } from './record-codecs.ts'

export type Shipped = { readonly records: number; readonly rejected: number }

/** Every record of the inputs onto the topic of flows, in the order they are read. Resolves when the brokers have them all. */
export async function ship(
  paths: readonly string[],
  settings: AnalyzeSettings,
  transport: Transport,
  run: { readonly stdin: AsyncIterable<Uint8Array>; readonly interruption: AbortSignal },
  codecs: RecordCodecs = plainCodecs,
): Promise<Shipped> {
  let rejected = 0
  const inputs = await openInputs(paths, {
    site: settings.site,
    timezoneMinutes: settings.timezoneMinutes,
    ...(settings.inputKind === null ? {} : { inputKind: settings.inputKind }),
    stdin: run.stdin,
    onReject: () => {
      rejected += 1
    },
  })
  try {
    await transport.ensureTopics([
      {
        name: topics.flows.name,
        partitions: settings.partitions,
        encode: (value) => codecs.flows.encode(value as Parameters<typeof codecs.flows.encode>[0]),
        keep: 'all',
      },
    ])
    const keys = new RecordKeys(settings.site)
    const producer = transport.producer()
    let records = 0
    for await (const batch of inputs.batches()) {
      if (run.interruption.aborted) throw consoleError.INTERRUPTED()
      await producer.send(
        topics.flows.name,
        batch.map((record) => keys.toLog(record)),
      )
      records += batch.length
    }
    return { records, rejected }
  } finally {
    await inputs.close().catch(() => {})
  }
}

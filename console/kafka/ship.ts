import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { openInputs } from '@weir/edge-agent'
import { topics } from '@weir/schemas'
import { encodeInputMark } from '@weir/topology'
import { systemClock } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { RecordKeys } from '../analyze/record-keys.ts'
import type { AnalyzeSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { plainCodecs, type RecordCodecs } from './record-codecs.ts'

export type Shipped = { readonly records: number; readonly rejected: number }

export type ShipRun = {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly interruption: AbortSignal
  /**
   * The name of what is sent, which ends when all of it is there: said in every partition before the first record and after the
   * last. `null`: more may follow, and nothing is said. Interrupted, it has not ended, and is waited for until it is sent again.
   */
  readonly final: string | null
}

/** The name of these inputs of a site: the same when the same is sent again, so that ending it twice ends it once. */
export function inputName(site: string, paths: readonly string[]): string {
  const names = paths.map((path) => (path === '-' ? path : resolve(path))).sort()
  return `${site}/${createHash('sha256').update(names.join('\0')).digest('hex').slice(0, 12)}`
}

/** Every record of the inputs onto the topic of flows, in the order they are read. Resolves when the brokers have them all. */
export async function ship(
  paths: readonly string[],
  settings: AnalyzeSettings,
  transport: Transport,
  run: ShipRun,
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
    const say = async (says: 'begin' | 'end') => {
      if (run.final === null) return
      const mark = encodeInputMark({ writer: run.final, says }, systemClock.nowMs())
      await producer.sendToAll(topics.flows.name, mark)
    }
    let records = 0
    const checkInterruption = () => {
      if (!run.interruption.aborted) return
      const left = run.final === null ? '' : `; ${run.final} has begun and not ended, and is waited for`
      throw consoleError.SHIP_INTERRUPTED({ records, left })
    }
    await say('begin')
    try {
      for await (const batch of inputs.batches()) {
        checkInterruption()
        await producer.send(
          topics.flows.name,
          batch.map((record) => keys.toLog(record)),
        )
        records += batch.length
      }
    } catch (error) {
      // Standard input ends early then: what went wrong after an interruption went wrong because of it.
      checkInterruption()
      throw error
    }
    checkInterruption()
    await say('end')
    return { records, rejected }
  } finally {
    await inputs.close().catch(() => {})
  }
}

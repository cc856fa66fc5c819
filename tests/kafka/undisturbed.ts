import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { openKafka } from './broker-under-test.ts'
import { readSaid, type Said } from './read-topics.ts'

const never = new AbortController().signal

/** What one process says of the logs when nothing befalls it. */
export async function sayUndisturbed(
  logs: string,
  partitions: number,
  options: Parameters<typeof openKafka>[0] = {},
): Promise<Said> {
  const settings = readSettings({ out: 'out', partitions: String(partitions) })
  const { transport, close } = await openKafka(options)
  try {
    await ship([logs], settings, transport, { stdin: nothing(), interruption: never, final: 'logs' })
    await runProcessors(settings, transport, {
      commitMs: 50,
      untilIdleMs: 1_000,
      idleMs: Number.POSITIVE_INFINITY,
      interruption: never,
    })
    return await readSaid(transport, partitions)
  } finally {
    await close()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

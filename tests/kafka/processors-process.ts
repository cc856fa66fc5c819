/**
 * `node processors-process.ts PREFIX PARTITIONS IDLE_MS [SESSION_MS]`: processors in a process of their own, to be killed. With
 * WEIR_STATE_DIR they keep state there; with WEIR_RESTORE_MS each store takes that long to restore; after WEIR_SILENCE_MS without a
 * record time goes on by the clock. Says `started`, then `restoring` when it opens the first store.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transport } from '@weir/topology/transport'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { openKafka } from './broker-under-test.ts'

const [prefix = '', partitions = '1', idleMs = '1000', sessionMs = '1500'] = process.argv.slice(2)
const {
  WEIR_STATE_DIR: stateDirectory,
  WEIR_RESTORE_MS: restoreMs = '0',
  WEIR_SILENCE_MS: silenceMs = 'Infinity',
} = process.env
const { transport, close } = await openKafka(
  // A broker that is started again may take its time on a busy machine.
  {
    giveUpMs: 300_000,
    sessionMs: Number(sessionMs),
    ...(stateDirectory === undefined ? {} : { stateDirectory }),
  },
  prefix,
)
const slow: Transport = {
  ...transport,
  committedValues: async (...of) => {
    console.log('restoring')
    await sleep(Number(restoreMs))
    return transport.committedValues(...of)
  },
}
const interruption = new AbortController()
process.on('SIGTERM', () => interruption.abort())
console.log('started')
try {
  const totals = await runProcessors(readSettings({ out: 'out', partitions }), slow, {
    commitMs: 50,
    untilIdleMs: idleMs === 'never' ? null : Number(idleMs),
    idleMs: Number(silenceMs),
    interruption: interruption.signal,
  })
  console.log(JSON.stringify(totals.records))
} finally {
  await close()
}

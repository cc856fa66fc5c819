/** `node processors-process.ts PREFIX PARTITIONS IDLE_MS [SESSION_MS]`: processors in a process of their own, to be killed. */
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { openKafka } from './broker-under-test.ts'

const [prefix = '', partitions = '1', idleMs = '1000', sessionMs = '1500'] = process.argv.slice(2)
const { transport, close } = await openKafka({ sessionMs: Number(sessionMs) }, prefix)
const interruption = new AbortController()
process.on('SIGTERM', () => interruption.abort())
console.log('started')
try {
  const totals = await runProcessors(readSettings({ out: 'out', partitions }), transport, {
    commitMs: 50,
    untilIdleMs: idleMs === 'never' ? null : Number(idleMs),
    idleMs: Number.POSITIVE_INFINITY,
    interruption: interruption.signal,
  })
  console.log(JSON.stringify(totals.records))
} finally {
  await close()
}

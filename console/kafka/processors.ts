import { DetectionCounters } from '@weir/processors'
import { Runner, type RunnerTotals } from '@weir/topology'
import { systemClock, WeirError } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { detectionPlan } from '../analyze/detection-plan.ts'
import type { AnalyzeSettings } from '../analyze/settings.ts'

export type ProcessorsOptions = {
  readonly commitMs: number
  /** Ends when nothing has been left to do, here or in other processes, for this long; `null`: goes on until interrupted. */
  readonly untilIdleMs: number | null
  /** Silence after which time goes on with the clock on the wall; infinite for finite input. */
  readonly idleMs: number
  readonly interruption: AbortSignal
}

/**
 * The detection topology as one member of its group, until it is told to stop. What is done is committed before it leaves. A
 * process that was away for too long has lost its place: it starts over from what is committed.
 */
export async function runProcessors(
  settings: AnalyzeSettings,
  transport: Transport,
  options: ProcessorsOptions,
): Promise<RunnerTotals> {
  const counters = new DetectionCounters()
  for (;;) {
    const runner = new Runner(detectionPlan(settings, counters), transport, {
      stores: 'memory',
      commitMs: options.commitMs,
      commitRecords: 50_000,
      tickMs: 30_000,
      idleMs: options.idleMs,
    })
    await runner.start()
    try {
      if (options.untilIdleMs === null) await runner.run(options.interruption)
      else await runUntilStill(runner, options.untilIdleMs, options.interruption)
      return runner.totals
    } catch (error) {
      if (!(error instanceof WeirError) || error.code !== 'TOPO_STALE_MEMBER') throw error
    } finally {
      await runner.stop()
    }
  }
}

async function runUntilStill(runner: Runner, idleMs: number, interruption: AbortSignal): Promise<void> {
  let before = -1
  let sinceMs = systemClock.monotonicMs()
  while (!interruption.aborted) {
    const until = new AbortController()
    const stop = () => until.abort()
    interruption.addEventListener('abort', stop, { once: true })
    void systemClock.sleep(Math.min(idleMs, 500), until.signal).then(stop, () => {})
    await runner.run(until.signal)
    interruption.removeEventListener('abort', stop)
    const { records } = runner.totals
    const nowMs = systemClock.monotonicMs()
    if (records !== before || !runner.isIdle) {
      before = records
      sinceMs = nowMs
    } else if (nowMs - sinceMs >= idleMs) {
      // Silence is an answer only of brokers that are there.
      await runner.runUntilIdle()
      if (runner.totals.records === before && runner.isIdle) return
    }
  }
}

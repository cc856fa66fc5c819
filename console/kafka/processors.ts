import { DetectionCounters, detectionDefaults } from '@weir/processors'
import { Runner, type RunnerTotals, type RunnerView, type TopologyMetrics } from '@weir/topology'
import { type Log, systemClock, WeirError } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { detectionPlan } from '../analyze/detection-plan.ts'
import type { AnalyzeSettings } from '../analyze/settings.ts'
import { type LiveTables, liveTables } from './live-tables.ts'
import { plainCodecs, type RecordCodecs } from './record-codecs.ts'

export type ProcessorsOptions = {
  readonly commitMs: number
  /** Ends when nothing has been left to do, here or in other processes, for this long; `null`: goes on until interrupted. */
  readonly untilIdleMs: number | null
  /** Silence after which time goes on with the clock on the wall; infinite for finite input. */
  readonly idleMs: number
  readonly interruption: AbortSignal
  /** Plain ones when left out. */
  readonly codecs?: RecordCodecs
  /** Whether alerts are written as JSON as well; they are when left out. */
  readonly alertsJson?: boolean
  /** The first word of everything that is its own; `weir` when left out. */
  readonly application?: string
  /** Of this process alone when left out. */
  readonly counters?: DetectionCounters
  readonly live?: LiveTables
  readonly log?: Log
  readonly metrics?: TopologyMetrics
  /** Hears of the runner that works from now on: another one each time the process starts over. */
  readonly onRunner?: (runner: Runner) => void
}

export type ProcessorsTotals = RunnerTotals & {
  /** As it was before the last commit, when nothing more was read. */
  readonly last: RunnerView
}

/**
 * Records of a partition fetched ahead. Decoded one by one as their turn comes, so that a backlog of any length costs the bytes
 * of these; fewer would make rounds too short to be worth their questions to the brokers.
 */
const bufferRecords = 500
/**
 * What is committed has its bytes in the store anyway: those of hosts that have been quiet for a while need no objects beside them.
 * With fewer of them the collector has less to look through, and may do so less often in the same memory, which is worth more than reading hosts
 * back: see DECISIONS.md, 53.
 */
const maxLiveHosts = 3_000
/** With a backlog: what a commit writes of a busy host, the next writes again. */
const commitShare = 0.1

const mendedByStartingOver: ReadonlySet<string> = new Set(['TOPO_STALE_MEMBER', 'TOPO_TOPIC_REPLACED'])

/**
 * The detection topology as one member of its group, until it is told to stop. What is done is committed before it leaves. A
 * process that was away for too long has lost its place, and one of whose topics another one has taken the name reads what is gone: it
 * starts over from what is committed.
 */
export async function runProcessors(
  settings: AnalyzeSettings,
  transport: Transport,
  options: ProcessorsOptions,
): Promise<ProcessorsTotals> {
  const { codecs = plainCodecs, counters = new DetectionCounters(), log = null } = options
  const live = options.live ?? liveTables(settings, codecs, log)
  for (;;) {
    const plan = detectionPlan(settings, counters, {
      codecs,
      alertsJson: options.alertsJson ?? true,
      maxLiveHosts,
      live,
      ...(options.application === undefined ? {} : { application: options.application }),
    })
    const runner = new Runner(plan, transport, {
      maxSpanMs: detectionDefaults.spanMs,
      commitMs: options.commitMs,
      commitShare,
      commitRecords: 200_000,
      bufferRecords,
      tickMs: 30_000,
      ...(options.log === undefined ? {} : { log: options.log }),
      ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
      idleMs: options.idleMs,
      startsOverAt: mendedByStartingOver,
    })
    options.onRunner?.(runner)
    try {
      await runner.start(options.interruption)
      if (options.untilIdleMs === null) await runner.run(options.interruption)
      else await runUntilStill(runner, options.untilIdleMs, options.interruption)
      const last = runner.view()
      // Its last commit counts.
      await runner.stop()
      return { ...runner.totals, last }
    } catch (error) {
      if (!(error instanceof WeirError) || !mendedByStartingOver.has(error.code)) throw error
      // Told to stop, it leaves the rest to those who have its place now.
      if (options.interruption.aborted) return { ...runner.totals, last: runner.view() }
      options.log?.warn('starting-over', { because: error.code, why: error.message })
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
    // What has been handed on to other tasks is theirs to read once it is committed: nothing is gained by waiting for more.
    if (records === before && !runner.isIdle && !interruption.aborted) await runner.commit()
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

import { topologyError } from '../errors.ts'
import { type Clock, systemClock } from '../kit/clock.ts'
import { WeirError } from '../kit/errors.ts'
import type { Log } from '../kit/log.ts'
import { unlessAborted } from '../kit/unless-aborted.ts'
import type { TopologyMetrics } from '../metrics.ts'
import { checkCompatible } from '../plan/compatible.ts'
import { describePlan } from '../plan/describe.ts'
import { progressTopic } from '../plan/names.ts'
import type { Plan, SubTopology } from '../plan/plan.ts'
import { Partitioner } from '../transport/partitioner.ts'
import type { Assignment, Batch, Follower, Member, Transport } from '../transport/transport.ts'
import { commit, ledgersOf, type RunningTask, resume } from './commit.ts'
import { GlobalTables } from './global-tables.ts'
import { type Others, Progress } from './progress.ts'
import type { RestoreProgress, StoreMedium, TaskStores } from './restore.ts'
import { RestoreWatch } from './restore-watch.ts'
import { Restoring } from './restoring.ts'
import {
  type RestoringInput,
  type RunnerView,
  readState,
  type StateReading,
  viewTask,
} from './runner-view.ts'
import { SetAsideLog } from './set-aside-log.ts'
import { StallWatch, stallLookMs } from './stall-watch.ts'
import { StreamClock } from './stream-clock.ts'
import { Task } from './task.ts'
import { topicSpecs } from './topic-specs.ts'

export type RunnerOptions = {
  /** Records processed between commits. */
  readonly commitRecords?: number
  /** Wall-clock time between commits while records come. */
  readonly commitMs?: number
  /**
   * Of the time, the share that commits may take while partitions hold more than has been fetched, before they come less often than
   * `commitMs`, up to ten seconds apart; all of it when left out. With a backlog each would write the state of nearly every key that
   * the last one wrote, and nobody waits for its results by the second.
   */
  readonly commitShare?: number
  /** Records of one partition held in memory before its fetches wait. */
  readonly bufferRecords?: number
  /**
   * The same in bytes of whole batches, of all partitions together: each has an equal share; 16 MiB. One with nothing in memory is fetched
   * from all the same, so that no share is too small, and batches come whole: a partition may go beyond its share by one fetch.
   */
  readonly bufferBytes?: number
  /** Stream time between two calls of `Operator.advance`. */
  readonly tickMs?: number
  /** Most stream time that a sub-topology runs ahead of those that read what it writes; 30 minutes. See `stream-clock.ts`. */
  readonly maxSpanMs?: number
  /**
   * Wall-clock time without a record after which the stream time of what this process runs of a sub-topology goes on with the
   * clock on the wall; infinite, as it should be for finite input, when nothing is said.
   */
  readonly idleMs?: number
  /** Where stores keep their values; disk, if the transport has one. */
  readonly stores?: StoreMedium
  /** Told of every store that is opened, at its beginning, on its way and when it is ready. */
  readonly onRestore?: (progress: RestoreProgress) => void
  readonly clock?: Clock
  /** Filled at each commit; `tellView` adds what is true of a moment. */
  readonly metrics?: TopologyMetrics
  /**
   * Codes of errors at which whoever runs it starts over with another runner, and says so: the log then has no failure of this one. None
   * when left out.
   */
  readonly startsOverAt?: ReadonlySet<string>
  /** Hears of assignments, restores, failed commits and the end; of records only, once a minute at most, that some are set aside. */
  readonly log?: Log
}

/** However long commits take, and whatever share of the time they may: no later than this after the last. */
const maxCommitRestMs = 10_000

/**
 * Bytes that wait for a commit in memory, as dead letters or as state that goes to disk after it, beyond which it is due: a judgement, a fraction
 * of what a process may take. With three times as many on disk a process takes a tenth more memory, and 5 percent less CPU time.
 */
const maxWaitingBytes = 8 * 1024 * 1024

/** How long who wants to come to an end waits for others at a time, who may have nothing to tell. */
const heldRestMs = 100

export type RunnerState = 'created' | 'running' | 'stopped' | 'failed'

/** One row per step of the plan, over all tasks this process has run. */
export type StepTotal = {
  readonly step: string
  readonly kind: string
  readonly records: number
  readonly late: number
}

export type RunnerTotals = {
  readonly records: number
  /** The same by the topic they came from. */
  readonly byTopic: ReadonlyMap<string, number>
  /** Records that were read and could not be processed at all, by the topic they came from; `because`: of one of them, the reason. */
  readonly setAside: ReadonlyMap<string, { readonly records: number; readonly because: string }>
  readonly commits: number
  /** These, and whatever else became a dead letter: what a step failed at, and outputs too large. */
  readonly deadLetters: number
  readonly steps: readonly StepTotal[]
}

/**
 * The running application: the tasks this process owns, taken round by round through fetch, process and commit.
 *
 * `created → running → stopped`, and from anywhere to `failed`. Rounds, commits and changes of assignment wait for each
 * other, and none of them waits for a restore: tasks that stay are processed while others come. After a failure nothing more is
 * committed: what was under way is read again by whoever takes over.
 */
export class Runner {
  readonly #plan: Plan
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #commitRecords: number
  readonly #commitMs: number
  readonly #commitShare: number
  readonly #bufferRecords: number
  readonly #bufferBytes: number
  /** The share of each partition in that. */
  #queueBytes = 0
  readonly #restoring: Restoring
  readonly #restoreWatch: RestoreWatch
  readonly #metrics: TopologyMetrics | null
  readonly #log: Log | null
  readonly #startsOverAt: ReadonlySet<string>
  #startsOver = false
  readonly #setAsideLog: SetAsideLog | null
  readonly #stallWatch: StallWatch
  readonly #watching = new AbortController()
  readonly #clocks: StreamClock[]
  readonly #maxSpanMs: number
  readonly #progress: Progress
  readonly #idleMs: number
  /** By sub-topology: when its last record was processed, on the wall and in stream time. */
  readonly #quietSince: { wallMs: number; streamMs: number }[]
  /** Tasks whose last owner's stream time `#quietSince` has not been told. */
  readonly #unasked = new Set<RunningTask>()
  #silenceLookMs = 0
  /** By topic, records of tasks that have gone. */
  readonly #takenBefore = new Map<string, number>()
  readonly #setAsideBefore = new Map<string, { records: number; because: string }>()
  readonly #steps = new Map<string, { step: string; kind: string; records: number; late: number }>()
  #state: RunnerState = 'created'
  #member: Member | null = null
  #follower: Follower | null = null
  #globals: GlobalTables | null = null
  #generation = -1
  /** Whether the last fetch left it open that there is more. */
  #pending = false
  #tasks: RunningTask[] = []
  /** By topic, then partition: where a fetched batch belongs. */
  #inputs = new Map<string, { running: RunningTask; source: number }[]>()
  #busy: Promise<unknown> = Promise.resolve()
  /** All that was written for leaders up to here has been read and processed by them. */
  #barrierMs = Number.NEGATIVE_INFINITY
  /** The earliest record that a leader keeps waiting for others; infinite when none does. */
  #heldMs = Number.POSITIVE_INFINITY
  #sinceCommit = 0
  #lastCommitMs = 0
  #commitTookMs = 0
  #records = 0
  #commits = 0
  #deadLetters = 0
  /** Of the commit that came with the stop. */
  #lastFailure: { readonly error: unknown } | null = null
  /** What has been logged already. */
  #toldOf: unknown = null
  /** Ends the present wait for records. */
  #wake = () => {}

  constructor(plan: Plan, transport: Transport, options: RunnerOptions = {}) {
    this.#plan = plan
    this.#transport = transport
    this.#clock = options.clock ?? systemClock
    this.#commitRecords = options.commitRecords ?? 10_000
    this.#commitMs = options.commitMs ?? 1_000
    this.#commitShare = options.commitShare ?? 1
    this.#bufferRecords = options.bufferRecords ?? 10_000
    this.#bufferBytes = options.bufferBytes ?? 16 * 1024 * 1024
    this.#metrics = options.metrics ?? null
    this.#log = options.log ?? null
    this.#startsOverAt = options.startsOverAt ?? new Set()
    this.#stallWatch = new StallWatch(this.#clock, this.#log, this.#metrics)
    this.#restoreWatch = new RestoreWatch(this.#clock, this.#log, this.#metrics)
    const onProgress = (progress: RestoreProgress) => {
      this.#restoreWatch.heard(progress, this.#restoring.progress)
      options.onRestore?.(progress)
    }
    const restoreOptions = { medium: options.stores ?? 'disk', onProgress }
    this.#restoring = new Restoring(transport, restoreOptions, () => this.#allRestored())
    this.#setAsideLog = this.#log === null ? null : new SetAsideLog(this.#log)
    this.#clocks = plan.subTopologies.map(() => new StreamClock(options.tickMs ?? 1_000))
    this.#maxSpanMs = options.maxSpanMs ?? 1_800_000
    this.#progress = new Progress(plan, progressTopic(plan.application), this.#maxSpanMs, this.#clock)
    this.#idleMs = options.idleMs ?? Number.POSITIVE_INFINITY
    this.#quietSince = plan.subTopologies.map(() => ({ wallMs: 0, streamMs: Number.NEGATIVE_INFINITY }))
  }

  get state(): RunnerState {
    return this.#state
  }

  get totals(): RunnerTotals {
    for (const { task } of this.#tasks) this.#collect(task)
    return {
      records: this.#records,
      byTopic: this.#byTopic(),
      setAside: this.#setAside(),
      commits: this.#commits,
      deadLetters: this.#deadLetters,
      steps: [...this.#steps.values()].map((each) => ({ ...each })),
    }
  }

  #byTopic(): ReadonlyMap<string, number> {
    const taken = new Map(this.#takenBefore)
    for (const { task } of this.#tasks) addTaken(taken, task)
    return taken
  }

  #setAside(): RunnerTotals['setAside'] {
    const setAside = new Map(this.#setAsideBefore)
    for (const { task } of this.#tasks) addSetAside(setAside, task)
    return setAside
  }

  /** A picture of this moment. */
  view(): RunnerView {
    const silentMs = this.#member?.silentMs ?? null
    const gone = this.#member?.gone ?? null
    return {
      application: this.#plan.application,
      state: this.#state,
      generation: this.#generation,
      restoring: this.#restoring.size,
      restores: this.#restoring.progress,
      restoringInputs: this.#restoring.tasks.flatMap((task) => this.#restoringInputs(task)),
      joined: this.#member !== null,
      silentMs,
      gone,
      ready:
        this.#state === 'running' &&
        this.#restoring.size === 0 &&
        this.#tasks.length > 0 &&
        silentMs === null &&
        gone === null,
      tasks: this.#tasks.map((task) => viewTask(task, this.#member)),
    }
  }

  #restoringInputs({ subscription, partition }: Assignment): readonly RestoringInput[] {
    const sources = this.#plan.subTopologies[subscription]?.sources ?? []
    return sources.flatMap(({ topic: { name: topic } }) => {
      const progress = this.#member?.progressOf(topic, partition) ?? null
      return progress === null ? [] : [{ topic, partition, position: progress.position, end: progress.end }]
    })
  }

  /** What a store of this process holds of a key, as of the last commit. */
  readState(store: string, key: string): StateReading {
    const owner = this.#plan.subTopologies.find(({ stores }) => stores.some(({ name }) => name === store))
    if (owner === undefined) return { is: 'unknown' }
    const partition = new Partitioner(owner.partitions).partitionOf(key)
    const found = this.#tasks
      .find(({ task }) => task.subTopology === owner && task.partition === partition)
      ?.task.stores.get(store)
    if (found === undefined) return { is: 'elsewhere', partition }
    return { is: 'here', partition, entries: readState(found, key) }
  }

  /** Whether nothing is known to wait, as of the last round, for any task of the application, in whichever process. */
  get isIdle(): boolean {
    return !this.#isHeld && this.#restoring.size === 0 && this.#progress.isIdle
  }

  /**
   * Creates topics, joins the application's group and opens what it is given first. Refuses state of another topology. Once
   * `signal` aborts it ends early, whatever it waits for; `stop` is still to be called.
   */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#state !== 'created') throw topologyError.WRONG_STATE({ verb: 'start', state: this.#state })
    this.#state = 'running'
    const opening = async () => {
      const { application, subTopologies } = this.#plan
      checkCompatible(await unlessAborted(this.#transport.readPlan(application), signal), this.#plan)
      await unlessAborted(this.#transport.ensureTopics(topicSpecs(this.#plan)), signal)
      this.#lastCommitMs = this.#clock.monotonicMs()
      this.#follower = await unlessAborted(this.#transport.follow(progressTopic(application), 0), signal)
      this.#globals = await unlessAborted(GlobalTables.open(this.#plan.globals, this.#transport), signal)
      const member = await this.#transport.join(
        application,
        subTopologies.map((each) => ({
          topics: each.sources.map((source) => source.topic.name),
          partitions: each.partitions,
          stores: each.stores.map(({ changelog }) => changelog),
          holding: each.stores.map(({ holds }) => holds),
        })),
        {
          revoking: async (lost) => {
            await this.#restoring.giveUp(lost)
            await this.#exclusively(() => this.#revoke(lost)).catch((error: unknown) => {
              if (this.#state === 'stopped') this.#lastFailure ??= { error }
              throw error
            })
          },
          assigned: (owned, generation) => this.#exclusively(async () => this.#assign(owned, generation)),
        },
        signal,
      )
      try {
        // Not before the group has taken this process in, and before anything is committed: that needs the member.
        await this.#exclusively(async () => {
          await unlessAborted(this.#transport.writePlan(application, describePlan(this.#plan)), signal)
          this.#member = member
          // Those that were ready before there was anybody to ask.
          for (const running of this.#tasks) resume(running, member)
        })
        void this.#watchStalls()
      } catch (error) {
        await member.leave()
        throw error
      }
      await unlessAborted(this.#restoring.ready(), signal)
    }
    await this.#guard(() =>
      opening().catch((error: unknown) => {
        if (signal?.aborted !== true) throw error
      }),
    )
  }

  /** By the clock and not by rounds: one that hangs is what this is for. */
  async #watchStalls(): Promise<void> {
    if (this.#log === null && this.#metrics === null) return
    const { signal } = this.#watching
    while (!signal.aborted) {
      this.#stallWatch.look(
        this.#tasks.map((task) => viewTask(task, this.#member)),
        this.#isHeld,
      )
      await this.#clock.sleep(stallLookMs, signal).catch(() => {})
    }
  }

  /** One round: fetches what is there, processes it, commits when that is due. Gives the number of records processed. */
  poll(): Promise<number> {
    return this.#guard(() => this.#exclusively(() => this.#round()))
  }

  /** Processes and commits until nothing moves: all that was in the topics, and all that came of it. */
  async runUntilIdle(): Promise<void> {
    for (;;) {
      let processed = await this.poll()
      while (processed > 0 || this.#pending || this.#restoring.size > 0 || this.#isHeld) {
        if (processed === 0 && this.#isHeld) await this.#waitForNews(Math.min(this.#commitMs, heldRestMs))
        // Rounds that wait for nothing would leave no turn for a restore.
        else if (processed === 0) await systemClock.sleep(1)
        processed = await this.poll()
      }
      if ((await this.commit()) === 0) return
    }
  }

  /** Goes on until `signal` aborts; `stop` is still to be called. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if ((await this.poll()) > 0) continue
      const member = this.#member
      if (member === null) return
      // Uncommitted work must not wait for the next record to come by.
      const woken = new AbortController()
      const wake = () => woken.abort()
      this.#wake = wake
      signal.addEventListener('abort', wake, { once: true })
      void this.#clock.sleep(this.#commitMs, woken.signal).then(wake, () => {})
      const news = this.#follower?.news(woken.signal)
      // Records may be there and have to wait for other processes.
      await (this.#isHeld ? news : Promise.race([member.waitForRecords(woken.signal), news]))
      signal.removeEventListener('abort', wake)
      wake()
    }
  }

  /** Commits now. Gives the number of records that went to topics. */
  commit(): Promise<number> {
    return this.#guard(() => this.#exclusively(() => this.#commit()))
  }

  /**
   * For finite input, in the process that owns every task: sub-topology after sub-topology, writers first, reads all there
   * is and then hears that stream time has come to its end. May be repeated after a restart.
   */
  async finish(): Promise<void> {
    await this.runUntilIdle()
    for (const subTopology of this.#plan.subTopologies) {
      await this.#guard(() =>
        this.#exclusively(async () => {
          for (const { task } of this.#tasks) {
            if (task.subTopology === subTopology) task.advance(Number.POSITIVE_INFINITY)
          }
          await this.#commit()
        }),
      )
      await this.runUntilIdle()
    }
  }

  /**
   * Commits what is done and gives the tasks back. After a failure nothing is committed. Rejects, all having been closed, when that
   * last commit did not happen: whoever has the tasks next does the work again.
   */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return
    const failed = this.#state === 'failed'
    if (!failed) this.#state = 'stopped'
    this.#watching.abort()
    const member = this.#member
    await this.#restoring.giveUp()
    if (member !== null) await member.leave()
    if (!failed && this.#lastFailure === null && this.#tasks.length > 0 && this.#sinceCommit > 0) {
      // Nobody asked it to give its tasks up, as it had lost its place already: why, this says.
      await this.#exclusively(() => this.#commit()).catch((error: unknown) => {
        this.#lastFailure = { error }
      })
    }
    await this.#exclusively(async () => this.#closeTasks(this.#tasks))
    await this.#follower?.close()
    await this.#globals?.close()
    const isWhole = !failed && this.#lastFailure === null
    const done = { records: this.#records, commits: this.#commits }
    if (this.#startsOver) this.#log?.info('stopped-to-start-over', done)
    else this.#log?.info('stopped', { failed: !isWhole, ...done })
    if (this.#lastFailure !== null) throw this.#lastFailure.error
  }

  get #isHeld(): boolean {
    return this.#heldMs !== Number.POSITIVE_INFINITY
  }

  /** Until another process has told how far it is, or `ms` have passed. */
  async #waitForNews(ms: number): Promise<void> {
    const woken = new AbortController()
    const wake = () => woken.abort()
    void this.#clock.sleep(ms, woken.signal).then(wake, () => {})
    await this.#follower?.news(woken.signal)
    wake()
  }

  /** Ends with a leader still held only after much has been processed: whoever waits for the round must not wait for long. */
  async #round(): Promise<number> {
    const member = this.#member
    this.#restoring.throwFailure()
    if (member === null) return 0
    let processed = 0
    let fetched = 0
    do {
      this.#progress.hear(this.#follower?.take() ?? [])
      const asked = this.#progress.ask()
      const isClean = !this.#isAwaited()
      const { batches, pending } = await member.fetch((topic, partition) => this.#room(topic, partition))
      this.#pending = pending
      const leftBefore = this.#leftQueues
      for (const batch of batches) this.#append(batch)
      if (!pending) this.#progress.answered()
      const heard = this.#globals?.hear() ?? null
      if (heard !== null) await heard
      this.#heldMs = Number.POSITIVE_INFINITY
      let moved = 0
      for (const subTopology of this.#plan.subTopologies) moved += this.#process(subTopology)
      this.#records += moved
      // What is set aside or passed over is behind the position as well, and alone may be all that comes.
      this.#sinceCommit += this.#leftQueues - leftBefore
      processed += moved
      fetched += batches.length
      const isStill = isClean && !pending && moved === 0 && batches.length === 0
      if (this.#isHeld && this.#isAwaited()) await this.#commit()
      else if (isStill ? !(await this.#stand(asked)) : !this.#isHeld || pending) break
    } while (processed < this.#bufferRecords)
    this.#moveSilent()
    if (this.#isCommitDue() || (this.#progress.isShared && this.#progress.news(this.#isHeld).size > 0)) {
      await this.#commit()
    }
    return processed + (fetched > 0 && processed === 0 ? 1 : 0)
  }

  /** When nothing moves in this process. Gives whether something may have been set moving. */
  async #stand(asked: Others): Promise<boolean> {
    for (const { task } of this.#tasks) {
      for (const queue of task.queues) if (!queue.full) queue.more = false
    }
    this.#progress.still(asked)
    const ending = this.#progress.toEnd(asked)
    for (const task of ending) task.end()
    if (ending.length > 0) {
      await this.#commit(true)
      return true
    }
    if (this.#isHeld || this.#progress.isShared) this.#release()
    if (this.#isAwaited()) {
      await this.#commit(true)
      return true
    }
    if (this.#progress.isShared && this.#progress.news(true).size > 0) await this.#commit(true)
    return this.#isHeld && this.#heldMs <= this.#limitMs
  }

  /**
   * Nothing is left for leaders to read: they may go on to the next record. What its tick ends comes first and is read before the
   * record is processed, as the silence before it may have been a day.
   */
  #release(): void {
    const { floorMs } = this.#progress
    if (!Number.isFinite(floorMs)) return
    if (this.#isHeld || this.#progress.isBehind(floorMs)) {
      for (const subTopology of this.#progress.leaders) {
        const clock = this.#clocks[subTopology.id]
        if (clock?.reaches(floorMs) === true) this.#announce(subTopology)
        for (const task of this.#tasksOf(subTopology)) {
          if (clock !== undefined && this.#progress.isUntold(task)) task.advance(clock.tickOf(floorMs))
        }
        this.#progress.tell(subTopology, floorMs)
      }
    }
    if (!this.#isAwaited()) this.#barrierMs = floorMs
  }

  #announce(subTopology: SubTopology): void {
    const nowMs = this.#clocks[subTopology.id]?.nowMs ?? Number.NEGATIVE_INFINITY
    const tasks = this.#tasksOf(subTopology)
    for (const task of tasks) task.advance(nowMs)
    this.#progress.announced(tasks)
    this.#progress.tell(subTopology, nowMs)
  }

  /**
   * Where no record comes, stream time goes on with the clock on the wall after a while. Not while state is on its way: what its
   * tasks have not read yet and write for others would come too late for that time.
   */
  #moveSilent(): void {
    if (this.#idleMs === Number.POSITIVE_INFINITY) return
    const wallMs = this.#clock.monotonicMs()
    const sinceLookMs = wallMs - this.#silenceLookMs
    this.#silenceLookMs = wallMs
    if (this.#restoring.size > 0) {
      for (const quiet of this.#quietSince) quiet.wallMs += Math.min(sinceLookMs, wallMs - quiet.wallMs)
      return
    }
    if (this.#pending) return
    this.#goOnFromBefore(wallMs)
    for (const subTopology of this.#plan.subTopologies) {
      const clock = this.#clocks[subTopology.id]
      const quiet = this.#quietSince[subTopology.id]
      if (clock === undefined || quiet === undefined || quiet.streamMs === Number.NEGATIVE_INFINITY) continue
      const silentMs = wallMs - quiet.wallMs
      const tasks = this.#tasksOf(subTopology)
      if (silentMs < this.#idleMs || nextOf(tasks) !== Number.POSITIVE_INFINITY) continue
      if (tasks.some((task) => this.#progress.isUntold(task))) continue
      const streamMs = quiet.streamMs + silentMs
      if (!clock.reaches(streamMs)) continue
      this.#announce(subTopology)
      for (const { queues } of tasks) for (const queue of queues) queue.reachedMs = streamMs
      this.#sinceCommit += 1
    }
  }

  /** A task that came takes its silence up where its last owner left it: records may never come again. */
  #goOnFromBefore(wallMs: number): void {
    for (const running of this.#unasked) {
      const quiet = this.#quietSince[running.task.subTopology.id]
      for (const { streamTimeMs } of ledgersOf(running, this.#member)) {
        if (quiet === undefined || streamTimeMs === null) continue
        if (streamTimeMs <= quiet.streamMs + wallMs - quiet.wallMs) continue
        quiet.wallMs = wallMs
        quiet.streamMs = streamTimeMs
      }
    }
    this.#unasked.clear()
  }

  get #limitMs(): number {
    return Math.min(this.#barrierMs, this.#progress.barrierMs) + this.#maxSpanMs
  }

  /**
   * Whether a leader's input waits for a commit. What only goes to the last in line may wait: nothing that comes later can
   * overtake it, as a commit puts its outputs in order.
   */
  #isAwaited(): boolean {
    for (const { task } of this.#tasks) {
      for (const { topic, records } of task.outputs) {
        if (records.length > 0 && this.#progress.awaited.has(topic)) return true
      }
    }
    return false
  }

  #room(topic: string, partition: number): number {
    const input = this.#inputs.get(topic)?.[partition]
    const queue = input?.running.task.queues[input.source]
    if (queue === undefined) return 0
    const isOver = queue.size > 0 && queue.bytes >= this.#queueBytes
    const room = isOver ? 0 : this.#bufferRecords - queue.size
    queue.full = room <= 0
    return room
  }

  #append(batch: Batch): void {
    const input = this.#inputs.get(batch.topic)?.[batch.partition]
    if (input !== undefined) input.running.task.append(input.source, batch)
  }

  /** Tick by tick over all tasks of the sub-topology, as far as `stream-clock.ts` allows. */
  #process(subTopology: SubTopology): number {
    const clock = this.#clocks[subTopology.id]
    const tasks = this.#tasksOf(subTopology)
    if (clock === undefined || tasks.length === 0) return 0
    for (const task of tasks) {
      if (!this.#progress.isUntold(task) || !this.#hasReached(task, clock)) continue
      task.advance(clock.nowMs)
      this.#progress.announced([task])
    }
    const horizonMs = readUpTo(tasks)
    const limitMs = this.#progress.leaders.has(subTopology) ? this.#limitMs : Number.POSITIVE_INFINITY
    let processed = 0
    for (;;) {
      const nextMs = nextOf(tasks)
      if (nextMs > horizonMs || nextMs === Number.POSITIVE_INFINITY) return processed
      if (nextMs > limitMs) {
        this.#heldMs = Math.min(this.#heldMs, nextMs)
        return processed
      }
      if (clock.reaches(nextMs)) this.#announce(subTopology)
      const untilMs = Math.min(horizonMs, limitMs, clock.lastOfTickMs)
      for (const task of tasks) processed += task.run(untilMs)
      this.#quietSince[subTopology.id] = { wallMs: this.#clock.monotonicMs(), streamMs: clock.nowMs }
    }
  }

  /**
   * Whether a task that came while its sub-topology was being worked on has caught up with the clock. What its last owner had not
   * read of it may lie further back than here: told of the present silence before that, it would find those records late.
   */
  #hasReached(task: Task, clock: StreamClock): boolean {
    if (task.nextStreamTimeMs() <= clock.lastOfTickMs) return false
    return task.queues.every(({ source, more, full }) => {
      const progress = this.#member?.progressOf(source.topic.name, task.partition)
      return !more && !full && progress != null && progress.position >= progress.end
    })
  }

  /** Records that have left the queues of the present tasks, in whatever way. */
  get #leftQueues(): number {
    let left = 0
    for (const { task } of this.#tasks) for (const { read, size } of task.queues) left += read - size
    return left
  }

  #tasksOf(subTopology: SubTopology): Task[] {
    return this.#tasks.filter(({ task }) => task.subTopology === subTopology).map(({ task }) => task)
  }

  #isCommitDue(): boolean {
    if (this.#sinceCommit === 0) return false
    if (this.#sinceCommit >= this.#commitRecords) return true
    if (this.#tasks.reduce((sum, running) => sum + waitingBytes(running), 0) >= maxWaitingBytes) return true
    const sinceMs = this.#clock.monotonicMs() - this.#lastCommitMs
    if (sinceMs < this.#commitMs) return false
    const restMs = Math.min(this.#commitTookMs / this.#commitShare - this.#commitTookMs, maxCommitRestMs)
    return sinceMs >= restMs || !this.#tasks.some(({ task }) => task.queues.some(({ more }) => more))
  }

  /** `isExact`: every step of progress counts, as it does as long as this process waits for others. `isLast`: see `commit`. */
  async #commit(isExact = this.#isHeld, isLast = false): Promise<number> {
    const member = this.#member
    if (member === null) return 0
    const startMs = this.#clock.monotonicMs()
    const produced = this.#metrics === null ? null : producedTimes(this.#tasks, this.#plan)
    const news = this.#progress.news(isExact)
    const [letter = null] = this.#tasks.flatMap(({ task }) => task.deadLetters.slice(0, 1))
    const { sent, deadLetters } = await commit(
      member,
      this.#generation,
      this.#tasks,
      this.#plan.deadLetters,
      this.#progress.changes(news),
      isLast,
    ).catch((error) => {
      this.#metrics?.commit_failures_total.add(1)
      this.#log?.warn('commit-failed', { generation: this.#generation, error })
      this.#toldOf = error
      throw error
    })
    this.#progress.committed(news)
    this.#deadLetters += deadLetters
    this.#setAsideLog?.add(deadLetters, letter, this.#clock.monotonicMs())
    this.#sinceCommit = 0
    this.#lastCommitMs = this.#clock.monotonicMs()
    this.#commitTookMs = this.#lastCommitMs - startMs
    this.#commits += 1
    if (this.#metrics !== null) {
      for (const { task } of this.#tasks) this.#collect(task)
      this.#metrics.dead_letters_total.add(deadLetters)
      this.#metrics.sent_records_total.add(sent)
      this.#metrics.commit_seconds.observe((this.#lastCommitMs - startMs) / 1_000)
      const nowMs = this.#clock.nowMs()
      for (const [topic, times] of produced ?? []) {
        for (const producedMs of times)
          this.#metrics.end_to_end_latency_seconds.observe((nowMs - producedMs) / 1_000, topic)
      }
    }
    return sent
  }

  async #revoke(lost: readonly Assignment[]): Promise<void> {
    if (this.#state === 'failed') return
    this.#progress.share()
    await this.#commit(true, true)
    const gone = this.#tasks.filter((each) => lost.some((task) => isTask(each, task)))
    this.#log?.info('rebalancing', { generation: this.#generation, leaving: namesOf(gone) })
    this.#closeTasks(gone)
    // From now on what was told of them is all that is known of them here.
    if (this.#tasks.length > 0) await this.#follower?.caughtUp()
    this.#progress.hear(this.#follower?.take() ?? [])
    this.#tasksChanged()
  }

  #assign(owned: readonly Assignment[], generation: number): void {
    if (this.#state !== 'running') return
    const fresh = owned.flatMap((assignment) => {
      const subTopology = this.#plan.subTopologies[assignment.subscription]
      const isNew = !this.#restoring.has(assignment) && !this.#tasks.some((each) => isTask(each, assignment))
      return isNew && subTopology !== undefined ? [{ subTopology, partition: assignment.partition }] : []
    })
    this.#generation = generation
    this.#metrics?.rebalances_total.add(1)
    this.#log?.info('assigned', { generation, tasks: owned.length, restoring: fresh.length })
    const startMs = this.#clock.monotonicMs()
    for (const { subTopology, partition } of fresh) {
      this.#restoring.start(subTopology, partition, (stores, signal) =>
        this.#adopt(subTopology, partition, stores, startMs, signal),
      )
    }
  }

  async #adopt(
    subTopology: SubTopology,
    partition: number,
    stores: TaskStores,
    startMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { durable, encoded } = this.#transport
    const task = new Task(subTopology, partition, { durable, encoded, stores: stores.stores })
    try {
      // What its last owner told of it.
      await unlessAborted(this.#follower?.caughtUp() ?? Promise.resolve(), signal)
      await this.#exclusively(async () => {
        signal.throwIfAborted()
        this.#progress.hear(this.#follower?.take() ?? [])
        const running = { task, stores, committed: subTopology.sources.map(() => null), before: null }
        resume(running, this.#member)
        this.#progress.adopt(task)
        this.#tasks.push(running)
        this.#unasked.add(running)
        this.#tasks.sort(
          (a, b) => a.task.subTopology.id - b.task.subTopology.id || a.task.partition - b.task.partition,
        )
        this.#tasksChanged()
        this.#restored(task, this.#clock.monotonicMs() - startMs)
      })
    } catch (error) {
      task.close()
      throw error
    }
    this.#wake()
  }

  #tasksChanged(): void {
    this.#metrics?.tasks.set(this.#tasks.length)
    this.#index()
    this.#progress.assign(this.#tasks.map(({ task }) => task))
    this.#barrierMs = Number.NEGATIVE_INFINITY
  }

  #restored(task: Task, tookMs: number): void {
    const entries = entriesOf(task)
    this.#metrics?.restore_seconds.observe(tookMs / 1_000)
    this.#log?.debug('restored-task', { task: task.name, entries, tookMs: Math.round(tookMs) })
  }

  #allRestored(): void {
    const total = this.#tasks.reduce((sum, each) => sum + entriesOf(each.task), 0)
    const read = this.#restoreWatch.ready()
    this.#log?.info('restored', { tasks: this.#tasks.length, entries: total, read })
  }

  #closeTasks(gone: readonly RunningTask[]): void {
    for (const running of gone) {
      this.#unasked.delete(running)
      const { task } = running
      this.#collect(task)
      addTaken(this.#takenBefore, task)
      addSetAside(this.#setAsideBefore, task)
      task.close()
    }
    this.#tasks = this.#tasks.filter((each) => !gone.includes(each))
    this.#index()
  }

  #index(): void {
    this.#inputs = new Map()
    for (const running of this.#tasks) {
      running.task.queues.forEach((queue, source) => {
        const { name } = queue.source.topic
        let inputs = this.#inputs.get(name)
        if (inputs === undefined) this.#inputs.set(name, (inputs = []))
        inputs[running.task.partition] = { running, source }
      })
    }
    const queues = this.#tasks.reduce((sum, { task }) => sum + task.queues.length, 0)
    this.#queueBytes = this.#bufferBytes / Math.max(1, queues)
  }

  #collect(task: Task): void {
    task.counts.forEach((count, at) => {
      const id = `${task.subTopology.id}/${at}`
      let total = this.#steps.get(id)
      if (total === undefined) {
        this.#steps.set(id, (total = { step: count.step, kind: count.kind, records: 0, late: 0 }))
      }
      this.#metrics?.records_total.add(count.records, count.step, count.kind)
      this.#metrics?.late_records_total.add(count.late, count.step)
      total.records += count.records
      total.late += count.late
      count.records = 0
      count.late = 0
    })
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#busy.then(work)
    this.#busy = mine.catch(() => {})
    return mine
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#state !== 'running') throw topologyError.WRONG_STATE({ verb: 'go on', state: this.#state })
    try {
      return await work()
    } catch (error) {
      this.#state = 'failed'
      this.#watching.abort()
      this.#startsOver = error instanceof WeirError && this.#startsOverAt.has(error.code)
      if (!this.#startsOver) this.#log?.error('failed', error === this.#toldOf ? {} : { error })
      throw error
    }
  }
}

/** More of a topic in one commit are measured in even steps only: so the measuring costs no more with more records. */
const mostMeasured = 1_000

/** By topic that others read: when the input was sent that each output goes back to. */
function producedTimes(tasks: readonly RunningTask[], { topics }: Plan): ReadonlyMap<string, number[]> {
  const times = new Map<string, number[]>()
  for (const { topic, internal } of topics) {
    if (internal) continue
    const outputs = tasks.flatMap(({ task }) => task.outputs.filter((output) => output.topic === topic.name))
    const count = outputs.reduce((sum, { records }) => sum + records.length, 0)
    const step = Math.max(1, Math.ceil(count / mostMeasured))
    const found: number[] = []
    for (const { records } of outputs) {
      for (let at = 0; at < records.length; at += step) {
        const producedMs = records[at]?.producedMs
        if (producedMs !== undefined) found.push(producedMs)
      }
    }
    if (found.length > 0) times.set(topic.name, found)
  }
  return times
}

function waitingBytes({ task, stores }: RunningTask): number {
  let bytes = task.deadLetterBytes
  for (const { store } of stores.pending) bytes += store.pendingBytes
  return bytes
}

function entriesOf(task: Task): number {
  let entries = 0
  for (const { size } of task.stores.values()) entries += size
  return entries
}

function addTaken(taken: Map<string, number>, { queues }: Task): void {
  for (const queue of queues) {
    const { name } = queue.source.topic
    taken.set(name, (taken.get(name) ?? 0) + queue.taken)
  }
}

function addSetAside(to: Map<string, { records: number; because: string }>, { queues }: Task): void {
  for (const { source, setAside, setAsideBecause } of queues) {
    if (setAsideBecause === null) continue
    const { name } = source.topic
    const { records = 0, because = setAsideBecause } = to.get(name) ?? {}
    to.set(name, { records: records + setAside, because })
  }
}

function namesOf(tasks: readonly RunningTask[]): readonly string[] {
  return tasks.map(({ task }) => task.name)
}

function nextOf(tasks: readonly Task[]): number {
  let nextMs = Number.POSITIVE_INFINITY
  for (const task of tasks) nextMs = Math.min(nextMs, task.nextStreamTimeMs())
  return nextMs
}

/** A partition known to hold records that were not fetched yet keeps the others from running ahead of it. */
function readUpTo(tasks: readonly Task[]): number {
  let horizonMs = Number.POSITIVE_INFINITY
  for (const task of tasks) {
    for (const queue of task.queues) {
      if ((queue.more || queue.full) && queue.lastStreamTimeMs < horizonMs) horizonMs = queue.lastStreamTimeMs
    }
  }
  return horizonMs
}

function isTask({ task }: RunningTask, assignment: Assignment): boolean {
  return task.subTopology.id === assignment.subscription && task.partition === assignment.partition
}

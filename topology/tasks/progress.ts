import type { Clock } from '../kit/clock.ts'
import type { Plan, SubTopology } from '../plan/plan.ts'
import type { StoreChanges } from '../transport/transport.ts'
import { commonOf, isBehind, type MarkTimes } from './input-marks.ts'
import {
  decodeStanding,
  encodeStanding,
  inputsOf,
  parseStandingKey,
  type Standing,
  standingKey,
  unheard,
  withInputs,
} from './standing.ts'
import type { Task, TaskState } from './task.ts'

/** What the tasks that other processes run had told at one moment. All lists go by sub-topology. */
export type Others = {
  /** Least floor; infinite where this process runs every task. */
  readonly floors: readonly number[]
  /** Least advanced state. */
  readonly states: readonly TaskState[]
  /** The ends that all of them have read up to; `null` where this process runs every task. */
  readonly ends: readonly (MarkTimes | null)[]
  /**
   * The ends at which all tasks have ended, those of this process included, what their end wrote being committed; `null` where some
   * have not. What others told may be of an end before the last.
   */
  readonly endedAt: readonly (MarkTimes | null)[]
}

type Told = Omit<Others, 'endedAt'> & {
  readonly barrierMs: number
  readonly leaderFloorMs: number
  /** By topic that nobody of the plan writes, the begins that all have read who read it for leaders and say that nothing waits for them. */
  readonly begins: ReadonlyMap<string, MarkTimes>
}

/** Parts of a span that a floor moves before it is told again while nobody is held: others are held so much earlier. */
const partsOfSpan = 8
/** How long, on the wall, others are waited for who have not come to where a writer began: far longer than reading takes. */
const awaitedMs = 600_000

/**
 * How far all tasks of the application have come, those of other processes as they told it: see `stream-clock.ts` for what
 * follows from it. Memory: one standing a task.
 */
export class Progress {
  /** Sub-topologies that another one reads from. */
  readonly leaders: ReadonlySet<SubTopology>
  /** Topics that leaders read. */
  readonly awaited: ReadonlySet<string>
  readonly #plan: Plan
  readonly #changelog: string
  readonly #spanMs: number
  readonly #clock: Clock
  /** By topic. */
  readonly #writers = new Map<string, SubTopology[]>()
  /** By name of task. */
  readonly #heard = new Map<string, Standing>()
  /** What this process has told of its tasks since they were last given out. */
  readonly #published = new Map<string, Standing>()
  #tasks: readonly Task[] = []
  /**
   * Tasks that have not yet been told of silence as the others of their sub-topology in this process were, and up to when they have
   * been.
   */
  readonly #untold = new Map<Task, number>()
  #isSharing = false
  /** By sub-topology: what was written for its tasks below this has reached them. */
  #reached: number[] = []
  /** By sub-topology: the time up to which silence was told. */
  readonly #told: number[]
  #others: Told

  /** `spanMs` may be infinite: then nobody leads. `changelog` is where standings are told. */
  constructor(plan: Plan, changelog: string, spanMs: number, clock: Clock) {
    this.#clock = clock
    this.#plan = plan
    this.#changelog = changelog
    this.#spanMs = spanMs
    const { subTopologies } = plan
    const read = new Set(subTopologies.flatMap(topicsOf))
    for (const subTopology of subTopologies) {
      for (const { topic } of subTopology.sinks) {
        const writers = this.#writers.get(topic.name) ?? []
        if (!writers.includes(subTopology)) this.#writers.set(topic.name, [...writers, subTopology])
      }
    }
    const leads = ({ sinks }: SubTopology) => sinks.some(({ topic }) => read.has(topic.name))
    this.leaders = new Set(spanMs === Number.POSITIVE_INFINITY ? [] : subTopologies.filter(leads))
    this.awaited = new Set([...this.leaders].flatMap(topicsOf))
    this.#told = subTopologies.map(() => Number.NEGATIVE_INFINITY)
    this.#others = this.#look()
  }

  hear(entries: readonly (readonly [string, Uint8Array | null])[]): void {
    if (entries.length === 0) return
    for (const [key, value] of entries) this.#hearOne(key, value)
    this.#others = this.#look()
  }

  #hearOne(key: string, value: Uint8Array | null): void {
    const told = parseStandingKey(key)
    if (told === null) return
    for (const subTopology of this.#plan.subTopologies) {
      const name = `${subTopology.id}_${told.partition}`
      const topics = topicsOf(subTopology).filter((topic) => told.topics.includes(topic))
      if (topics.length === 0) continue
      if (key !== standingKey(subTopology, told.partition)) {
        const known = this.#heard.get(name) ?? unheard
        if (value !== null) this.#heard.set(name, withInputs(known, topics, decodeStanding(value)))
      } else if (value === null) this.#heard.delete(name)
      else this.#heard.set(name, decodeStanding(value))
    }
  }

  /** What is known of a task that this process takes over. */
  adopt(task: Task): void {
    const { state, ends, inputs } = this.#heard.get(task.name) ?? unheard
    task.state = state
    task.readTo = ends
    // What it had read and not ended yet will be ended.
    task.endedAt = state === 'read' ? {} : ends
    for (const queue of task.queues) {
      const input = inputs[queue.source.topic.name]
      if (input === undefined) continue
      queue.ended = input.ended
      for (const [writer, timeMs] of Object.entries(input.begins)) queue.begins.set(writer, timeMs)
      for (const [writer, timeMs] of Object.entries(input.ends)) queue.ends.set(writer, timeMs)
      for (const writer of input.open) queue.open.add(writer)
    }
    this.#untold.set(task, Number.NEGATIVE_INFINITY)
  }

  isUntold(task: Task): boolean {
    return this.#untold.has(task)
  }

  announced(tasks: readonly Task[]): void {
    if (this.#untold.size > 0) for (const task of tasks) this.#untold.delete(task)
  }

  /** Others are about to run tasks too: where all stand is told with the next commit, so that they know from the start. */
  share(): void {
    this.#isSharing = true
  }

  /** The tasks this process runs from now on. Where they are in their inputs is not known before these have been asked for. */
  assign(tasks: readonly Task[]): void {
    this.#tasks = tasks
    this.#isSharing = false
    for (const task of this.#untold.keys()) if (!tasks.includes(task)) this.#untold.delete(task)
    this.#reached = this.#plan.subTopologies.map(() => Number.NEGATIVE_INFINITY)
    this.#published.clear()
    this.#others = this.#look()
  }

  /** Whether other processes run tasks too. */
  get isShared(): boolean {
    if (this.#isSharing) return true
    return this.#tasks.length < this.#plan.subTopologies.reduce((sum, { partitions }) => sum + partitions, 0)
  }

  /** Before inputs are asked for: only what was told by then is sure to be found in them. */
  ask(): Others {
    const endedAt = this.#plan.subTopologies.map((subTopology) => {
      const own = this.#of(subTopology)
      const hasEnded = own.every((task) => task.state === 'ended' && isWrittenOut(task))
      if (!hasEnded || this.#others.states[subTopology.id] !== 'ended') return null
      const others = this.#others.ends[subTopology.id] ?? null
      return commonOf([...(others === null ? [] : [others]), ...own.map((task) => task.endedAt)])
    })
    return { ...this.#others, endedAt }
  }

  /** Inputs were asked for: those that nobody of the plan writes show all they have. */
  answered(): void {
    for (const { id, sources } of this.#plan.subTopologies) {
      if (!sources.some(({ topic }) => this.#writers.has(topic.name))) {
        this.#reached[id] = Number.POSITIVE_INFINITY
      }
    }
  }

  /** Inputs were asked for after `asked` and gave nothing more, and what this process wrote for leaders is committed. */
  still(asked: Others): void {
    for (const subTopology of this.#plan.subTopologies) {
      let reachedMs = Number.POSITIVE_INFINITY
      for (const topic of topicsOf(subTopology)) {
        for (const writer of this.#writers.get(topic) ?? []) {
          reachedMs = Math.min(reachedMs, asked.floors[writer.id] ?? reachedMs)
          for (const task of this.#of(writer)) reachedMs = Math.min(reachedMs, this.#floorOf(task))
        }
      }
      this.#reached[subTopology.id] = reachedMs
    }
  }

  /**
   * After `still`: notes which tasks have read all there will be, and gives those to be ended now, as every task of their
   * sub-topology has.
   */
  toEnd(asked: Others): readonly Task[] {
    const due: Task[] = []
    for (const subTopology of this.#plan.subTopologies) {
      const own = this.#of(subTopology)
      for (const task of own) {
        const readTo = this.#readTo(task, asked)
        if (readTo !== null && isBehind(task.endedAt, readTo)) {
          task.state = 'read'
          task.readTo = readTo
        } else if (task.state !== 'ended' || task.waitsMs !== Number.POSITIVE_INFINITY) task.state = 'open'
      }
      if (asked.states[subTopology.id] === 'open' || own.some(({ state }) => state === 'open')) continue
      const reading = own.filter(({ state }) => state === 'read')
      const all = own.map(endsOf)
      const others = asked.ends[subTopology.id] ?? null
      if (others !== null) all.push(others)
      if (reading.every(({ readTo }) => all.every((ends) => !isBehind(ends, readTo)))) due.push(...reading)
    }
    return due
  }

  /** Nobody who is read may run further ahead of this than a span, because of tasks that other processes run. */
  get barrierMs(): number {
    return this.#othersAreBeforeABegin() ? Number.NEGATIVE_INFINITY : this.#others.barrierMs
  }

  /**
   * Whether a writer has begun, and others have not come to where it did and say that nothing waits for them: that is of the time before, and
   * they will have to read what it wrote for them. Not for long, should the mark be lost to them.
   */
  #othersAreBeforeABegin(): boolean {
    for (const task of this.#tasks) {
      if (!this.leaders.has(task.subTopology)) continue
      for (const { source, begins } of task.queues) {
        const read = begins.size === 0 ? undefined : this.#others.begins.get(source.topic.name)
        if (read === undefined) continue
        const sinceMs = this.#clock.nowMs() - awaitedMs
        const recent = [...begins].filter(([, timeMs]) => timeMs > sinceMs)
        if (isBehind(read, Object.fromEntries(recent))) return true
      }
    }
    return false
  }

  /** Below this all tasks of leaders have processed everything; infinite when nothing waits for any of them. */
  get floorMs(): number {
    let floorMs = this.#others.leaderFloorMs
    for (const task of this.#tasks) {
      if (this.leaders.has(task.subTopology)) floorMs = Math.min(floorMs, this.#floorOf(task))
    }
    return floorMs
  }

  /** Whether nothing is known to wait for any task of any process. */
  get isIdle(): boolean {
    return (
      this.#others.floors.every((floorMs) => floorMs === Number.POSITIVE_INFINITY) &&
      this.#tasks.every((task) => this.#floorOf(task) === Number.POSITIVE_INFINITY)
    )
  }

  tell({ id }: SubTopology, untilMs: number): void {
    this.#told[id] = Math.max(this.#told[id] ?? untilMs, untilMs)
    for (const [task, toldMs] of this.#untold) {
      if (task.subTopology.id === id) this.#untold.set(task, Math.max(toldMs, untilMs))
    }
  }

  /** Whether leaders of this process have been told so little that others may soon be held. */
  isBehind(floorMs: number): boolean {
    return this.#tasks.some(
      (task) =>
        task.state !== 'ended' &&
        this.leaders.has(task.subTopology) &&
        this.#toldOf(task) + this.#spanMs / 2 < floorMs,
    )
  }

  /** What is to be told with the next commit; `isExact` when somebody is held or nothing moves, and every step counts. */
  news(isExact: boolean): ReadonlyMap<string, Standing> {
    const news = new Map<string, Standing>()
    for (const task of this.#tasks) {
      const known = this.#published.get(task.name)
      const standing = this.#standingOf(task, isExact)
      const before = known ?? this.#heard.get(task.name) ?? unheard
      const isOwnNews =
        standing.state !== before.state ||
        JSON.stringify(standing.ends) !== JSON.stringify(before.ends) ||
        JSON.stringify(standing.inputs) !== JSON.stringify(before.inputs)
      // Floors are for others; where this process knows nothing yet, what its predecessor told still holds.
      const isNews =
        this.isShared && standing.floorMs !== Number.NEGATIVE_INFINITY
          ? isOwnNews || known === undefined || this.#hasMoved(before, standing, isExact)
          : isOwnNews
      if (isNews) news.set(task.name, standing)
    }
    return news
  }

  /** As a commit carries it; `null` when there is nothing to tell. */
  changes(news: ReadonlyMap<string, Standing>): StoreChanges | null {
    if (news.size === 0) return null
    const entries = new Map<string, Uint8Array>()
    for (const { name, subTopology, partition } of this.#tasks) {
      const standing = news.get(name)
      if (standing !== undefined) entries.set(standingKey(subTopology, partition), encodeStanding(standing))
    }
    return { store: this.#changelog, partition: 0, entries }
  }

  committed(news: ReadonlyMap<string, Standing>): void {
    for (const [name, standing] of news) this.#published.set(name, standing)
  }

  #hasMoved(before: Standing, now: Standing, isExact: boolean): boolean {
    const leastMs = isExact ? 0 : this.#spanMs / partsOfSpan
    const moved = (from: number, to: number) => from !== to && !(Math.abs(to - from) < leastMs)
    return moved(before.floorMs, now.floorMs) || moved(before.toldMs, now.toldMs)
  }

  #standingOf(task: Task, isExact: boolean): Standing {
    let floorMs = this.#floorOf(task)
    if (floorMs === Number.NEGATIVE_INFINITY)
      floorMs = Math.min(task.waitsMs, this.#heard.get(task.name)?.floorMs ?? floorMs)
    // On a live topic there is always something that has just come: it keeps nobody waiting.
    const newestMs = Math.max(...task.queues.map(({ lastStreamTimeMs }) => lastStreamTimeMs))
    const isClose = task.queues.every(({ more }) => !more) && newestMs - floorMs < this.#spanMs / partsOfSpan
    if (!isExact && isClose) floorMs = Number.POSITIVE_INFINITY
    const { state } = task
    return { floorMs, toldMs: this.#toldOf(task), state, ends: endsOf(task), inputs: inputsOf(task) }
  }

  #floorOf(task: Task): number {
    return Math.min(task.waitsMs, this.#reached[task.subTopology.id] ?? Number.NEGATIVE_INFINITY)
  }

  #toldOf(task: Task): number {
    const ofAllMs = this.#told[task.subTopology.id] ?? Number.NEGATIVE_INFINITY
    const toldMs = this.#untold.get(task) ?? ofAllMs
    return Math.max(toldMs, this.#heard.get(task.name)?.toldMs ?? toldMs)
  }

  /** The ends that are behind what the task has taken, by topic and writer; `null` where it is not known to be all that they end. */
  #readTo(task: Task, asked: Others): MarkTimes | null {
    const written: MarkTimes[] = []
    const marked: Record<string, number> = {}
    for (const queue of task.queues) {
      const { name } = queue.source.topic
      const writers = this.#writers.get(name)
      if (writers === undefined) {
        if (!queue.isOver) return null
        for (const [writer, timeMs] of queue.ends) marked[`${name} ${writer}`] = timeMs
        continue
      }
      if (queue.size > 0 || queue.more) return null
      for (const { id } of writers) {
        const ends = asked.endedAt[id] ?? null
        if (ends === null) return null
        written.push(ends)
      }
    }
    return { ...marked, ...commonOf(written) }
  }

  #of(subTopology: SubTopology): readonly Task[] {
    return this.#tasks.filter((task) => task.subTopology === subTopology)
  }

  #look(): Told {
    const own = new Set(this.#tasks.map(({ name }) => name))
    const floors: number[] = []
    const states: TaskState[] = []
    const ends: (MarkTimes | null)[] = []
    const begins = new Map<string, MarkTimes>()
    let [barrierMs, leaderFloorMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (const subTopology of this.#plan.subTopologies) {
      let floorMs = Number.POSITIVE_INFINITY
      let state: TaskState = 'ended'
      const told: Standing[] = []
      for (let partition = 0; partition < subTopology.partitions; partition += 1) {
        const name = `${subTopology.id}_${partition}`
        if (own.has(name)) continue
        const one = this.#heard.get(name) ?? unheard
        told.push(one)
        floorMs = Math.min(floorMs, one.floorMs)
        if (one.state === 'open' || (one.state === 'read' && state === 'ended')) state = one.state
        if (!this.leaders.has(subTopology)) continue
        leaderFloorMs = Math.min(leaderFloorMs, one.floorMs)
        barrierMs = Math.min(barrierMs, one.floorMs, one.state === 'ended' ? one.floorMs : one.toldMs)
      }
      floors.push(floorMs)
      states.push(state)
      ends.push(told.length === 0 ? null : commonOf(told.map((one) => one.ends)))
      if (told.length === 0 || !this.leaders.has(subTopology)) continue
      // Whoever has records waiting holds others back by these alone: its way to the begin may lead through them, and past those others.
      const still = told.filter((one) => one.floorMs === Number.POSITIVE_INFINITY)
      if (still.length === 0) continue
      for (const topic of topicsOf(subTopology)) {
        if (!this.#writers.has(topic))
          begins.set(topic, commonOf(still.map(({ inputs }) => inputs[topic]?.begins ?? {})))
      }
    }
    return { floors, states, ends, begins, barrierMs, leaderFloorMs }
  }
}

function topicsOf({ sources }: SubTopology): string[] {
  return sources.map(({ topic }) => topic.name)
}

function endsOf({ state, readTo, endedAt }: Task): MarkTimes {
  return state === 'read' ? readTo : endedAt
}

function isWrittenOut(task: Task): boolean {
  return task.outputs.every(({ records }) => records.length === 0)
}

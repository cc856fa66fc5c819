/**
 * How far one task has come, as it tells all others of its application: a line of JSON in the changelog
 * `<application>-progress`, written with the commit that makes it true. Whoever takes the task over starts from it. Its key is
 * the task's partition and what it reads, by name: each topic has one reader in an application, and numbers of sub-topologies are
 * others when the topology has grown.
 *
 *     key      <partition> <topic> <topic> ...    topics in the order of their names
 *
 *     floorMs  toldMs    numbers, or "Infinity", "-Infinity"
 *     state              open, read or ended
 *     ends               up to which ends it has read, where it has read all; else those at which it ended last
 *     inputs             by topic, only of those that were ever marked: open, the writers to wait for; ended; the times of the last
 *                        begins and ends by writer
 */
import type { SubTopology } from '../plan/plan.ts'
import type { MarkTimes } from './input-marks.ts'
import type { Task, TaskState } from './task.ts'

export type Standing = {
  /**
   * All that reaches the task and carries less stream time than this was processed, and what came of it is committed; infinite
   * when nothing is known to wait for it.
   */
  readonly floorMs: number
  /** Silence has ended what it may end up to this time, and what came of it is committed. */
  readonly toldMs: number
  readonly state: TaskState
  readonly ends: MarkTimes
  readonly inputs: { readonly [topic: string]: StandingInput }
}

export type StandingInput = {
  readonly open: readonly string[]
  readonly ended: boolean
  readonly begins: MarkTimes
  readonly ends: MarkTimes
}

/** Of a task that has told nothing yet. */
export const unheard: Standing = {
  floorMs: Number.NEGATIVE_INFINITY,
  toldMs: Number.NEGATIVE_INFINITY,
  state: 'open',
  ends: {},
  inputs: {},
}

export function standingKey({ sources }: Pick<SubTopology, 'sources'>, partition: number): string {
  return [partition, ...sources.map(({ topic }) => topic.name).sort()].join(' ')
}

/** `null` for what is no such key. */
export function parseStandingKey(key: string): { partition: number; topics: readonly string[] } | null {
  const [partition = '', ...topics] = key.split(' ')
  return /^\d+$/.test(partition) && topics.length > 0 ? { partition: Number(partition), topics } : null
}

/**
 * What was told before these topics were read together with others, or without: only that they have begun or ended still
 * holds.
 */
export function withInputs(
  { inputs: known }: Standing,
  topics: readonly string[],
  { inputs }: Standing,
): Standing {
  const told = Object.entries(inputs).filter(([topic]) => topics.includes(topic))
  return { ...unheard, inputs: { ...known, ...Object.fromEntries(told) } }
}

export function inputsOf(task: Task): Standing['inputs'] {
  const inputs: Record<string, StandingInput> = {}
  for (const { source, open, ended, begins, ends } of task.queues) {
    if (begins.size === 0 && ends.size === 0 && !ended) continue
    inputs[source.topic.name] = {
      open: [...open].sort(),
      ended,
      begins: Object.fromEntries(begins),
      ends: Object.fromEntries(ends),
    }
  }
  return inputs
}

export function encodeStanding({ floorMs, toldMs, state, ends, inputs }: Standing): Uint8Array {
  const line = { floorMs: toJson(floorMs), toldMs: toJson(toldMs), state, ends, inputs }
  return new TextEncoder().encode(JSON.stringify(line))
}

/** What cannot be understood tells nothing. */
export function decodeStanding(bytes: Uint8Array): Standing {
  let line: unknown
  try {
    line = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return unheard
  }
  const fields = new Map(Object.entries(line ?? {}))
  const [floorMs, toldMs] = [Number(fields.get('floorMs')), Number(fields.get('toldMs'))]
  const state = fields.get('state')
  if (Number.isNaN(floorMs) || Number.isNaN(toldMs)) return unheard
  if (state !== 'open' && state !== 'read' && state !== 'ended') return unheard
  const inputs: Record<string, StandingInput> = {}
  for (const [topic, input] of Object.entries(fields.get('inputs') ?? {})) {
    const marks = new Map<string, unknown>(Object.entries(input ?? {}))
    const [open, ended] = [marks.get('open'), marks.get('ended')]
    inputs[topic] = {
      open: Array.isArray(open) ? open.map(String) : [],
      ended: ended === true,
      begins: timesOf(marks.get('begins')),
      ends: timesOf(marks.get('ends')),
    }
  }
  return { floorMs, toldMs, state, ends: timesOf(fields.get('ends')), inputs }
}

function timesOf(found: unknown): MarkTimes {
  const times: Record<string, number> = {}
  for (const [writer, timeMs] of Object.entries(found ?? {}))
    if (Number.isFinite(timeMs)) times[writer] = Number(timeMs)
  return times
}

function toJson(ms: number): number | string {
  return Number.isFinite(ms) ? ms : String(ms)
}

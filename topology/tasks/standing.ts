/**
 * How far one task has come, as it tells all others of its application: a line of JSON under the task's name in the changelog
 * `<application>-progress`, written with the commit that makes it true. Whoever takes the task over starts from it.
 *
 *     floorMs  toldMs    numbers, or "Infinity", "-Infinity"
 *     state              open, read or ended
 *     inputs             by topic, only of those that were ever marked: open, the writers to wait for; ended
 */
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
  readonly inputs: { readonly [topic: string]: { readonly open: readonly string[]; readonly ended: boolean } }
}

/** Of a task that has told nothing yet. */
export const unheard: Standing = {
  floorMs: Number.NEGATIVE_INFINITY,
  toldMs: Number.NEGATIVE_INFINITY,
  state: 'open',
  inputs: {},
}

export function inputsOf(task: Task): Standing['inputs'] {
  const inputs: Record<string, { open: string[]; ended: boolean }> = {}
  for (const { source, open, ended } of task.queues) {
    if (open.size > 0 || ended) inputs[source.topic.name] = { open: [...open].sort(), ended }
  }
  return inputs
}

export function encodeStanding({ floorMs, toldMs, state, inputs }: Standing): Uint8Array {
  const line = { floorMs: toJson(floorMs), toldMs: toJson(toldMs), state, inputs }
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
  const inputs: Record<string, { open: string[]; ended: boolean }> = {}
  for (const [topic, input] of Object.entries(fields.get('inputs') ?? {})) {
    const marks = new Map<string, unknown>(Object.entries(input ?? {}))
    const [open, ended] = [marks.get('open'), marks.get('ended')]
    inputs[topic] = { open: Array.isArray(open) ? open.map(String) : [], ended: ended === true }
  }
  return { floorMs, toldMs, state, inputs }
}

function toJson(ms: number): number | string {
  return Number.isFinite(ms) ? ms : String(ms)
}

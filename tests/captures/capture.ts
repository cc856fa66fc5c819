import assert from 'node:assert/strict'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { levelValue } from '@weir/processors'
import {
  type CanonicalAlert,
  type CanonicalEvidence,
  parseAlertLine,
  parseEvidenceLine,
  type Summary,
} from '@weir/schemas'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'

/** Where the captures are: real networks, of others' making, and no part of this project. */
export const captures = resolve(process.env.WEIR_DATA ?? join(import.meta.dirname, '../../../shared/data'))

/** What an analysis with default settings found in a capture. */
export type Found = {
  readonly summary: Summary
  readonly evidence: readonly CanonicalEvidence[]
  readonly alerts: readonly CanonicalAlert[]
  readonly connections: number
}

/**
 * The options of a test that reads this file or folder: skipped, with what to do about it, where that is absent, or where none of the
 * programs that can read it is installed.
 */
export function ifPresent(path: string, programs: readonly string[] = []): { readonly skip: string | false } {
  if (!existsSync(join(captures, path)))
    return { skip: `no captures at ${join(captures, path)}: set WEIR_DATA to run this` }
  if (programs.length === 0 || programs.some(isOnPath)) return { skip: false }
  return { skip: `not installed: ${programs.join(' or ')}` }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((place) => {
    try {
      accessSync(join(place, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const found = new Map<string, Promise<Found>>()

/** Analyses a file or folder of the captures, once for all that ask. Fails when lines are unaccounted for or a detector failed. */
export function analyzed(path: string): Promise<Found> {
  let running = found.get(path)
  if (running === undefined) {
    running = analyzeNow(path)
    found.set(path, running)
  }
  return running
}

async function analyzeNow(path: string): Promise<Found> {
  using workspace = new Workspace()
  const written = await analyzePaths([join(captures, path)], { out: workspace.folder('out') })
  const summary: Summary = JSON.parse(written.summary)
  assert.deepEqual(summary.detectorErrors, {})
  for (const { path: input, lines, accepted, skipped, rejected } of summary.inputs) {
    assert.equal(sum(accepted) + sum(skipped) + sum(rejected), lines, `lines of ${input} are unaccounted for`)
  }
  return {
    summary,
    evidence: linesOf(written.evidence).map(parseEvidenceLine),
    alerts: linesOf(written.alerts).map(parseAlertLine),
    connections: summary.inputs.reduce((all, { accepted }) => all + (accepted.conn ?? 0), 0),
  }
}

/** By host, the greatest weight that what it did amounts to in any window: an alert adds up no more, and less of what one detector says at level low. */
export function worstWindows(evidence: readonly CanonicalEvidence[]): ReadonlyMap<string, number> {
  const windows = new Map<string, number>()
  const worst = new Map<string, number>()
  for (const { profile, window, attacker, level, confidence } of evidence) {
    if (attacker.direction !== 'src') continue
    const name = `${profile}|${window.startMs}`
    const weight = (windows.get(name) ?? 0) + levelValue(level) * confidence
    windows.set(name, weight)
    worst.set(profile, Math.max(worst.get(profile) ?? 0, weight))
  }
  return worst
}

/** Path of a capture's file, for what only the labels of the capture tell. */
export function pathOf(path: string): string {
  return join(captures, path)
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, n) => all + n, 0)

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from '../generate/play.ts'
import type { Scenario } from '../generate/scenario.ts'
import { analyzeWire } from './analysis.ts'
import { scenario as longer } from './connection-longer-than-the-grace/scenario.ts'
import { scenario as fiveHours } from './connection-of-five-hours/scenario.ts'

async function lateIn(scenario: Scenario): Promise<Readonly<Record<string, number>>> {
  const { summary } = await analyzeWire(play(scenario), 'zeek')
  const { late }: { late: Record<string, number> } = JSON.parse(summary)
  return late
}

test('a connection logged within the grace of the window it began in is late for nobody', async () => {
  assert.deepEqual(await lateIn(fiveHours), {})
})

test('a connection logged when that window is over is late for nobody either: it is judged in the window of its end', async () => {
  assert.deepEqual(await lateIn(longer), {})
})

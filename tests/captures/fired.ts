/**
 * `node tests/captures/fired.ts` analyses every capture with default settings and writes into `fired.json` which detectors say something
 * in which: names alone, for the table in `processors/README.md`. It prints what they say, by level. Without the folder of captures
 * (`WEIR_DATA`) it says so, and changes nothing.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { levelValue } from '@weir/processors'
import { analyzed, pathOf } from './capture.ts'

export const firedPath = join(import.meta.dirname, 'fired.json')

/** Detectors by id, with the captures in which they say something. */
export type Fired = Readonly<Record<string, readonly string[]>>

export function readFired(): Fired {
  return JSON.parse(readFileSync(firedPath, 'utf8'))
}

const groups = ['labelled', 'slips-samples']

async function main(): Promise<void> {
  const missing = groups.filter((group) => !existsSync(pathOf(group)))
  if (missing.length > 0) {
    say(`no captures at ${missing.map(pathOf).join(' and ')}: set WEIR_DATA. ${firedPath} stays as it is.`)
    return
  }
  const fired = new Map<string, string[]>()
  for (const group of groups) {
    for (const name of readdirSync(pathOf(group)).sort()) await look(`${group}/${name}`, fired)
  }
  const sorted = Object.fromEntries([...fired].sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(firedPath, `${JSON.stringify(sorted, null, 2)}\n`)
}

async function look(capture: string, fired: Map<string, string[]>): Promise<void> {
  const { connections, evidence, alerts } = await analyzed(capture)
  say(`\n${capture}: ${connections} connections, ${evidence.length} findings, ${alerts.length} alerts`)
  for (const [detector, said] of [...Map.groupBy(evidence, (one) => one.detector)].sort()) {
    fired.set(detector, [...(fired.get(detector) ?? []), capture])
    const byLevel = [...Map.groupBy(said, ({ level }) => level)].sort(
      ([a], [b]) => levelValue(a) - levelValue(b),
    )
    say(`  ${detector}: ${byLevel.map(([level, some]) => `${some.length} ${level}`).join(', ')}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

if (import.meta.main) await main()

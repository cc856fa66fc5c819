import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from './scenario.ts'

/** Every folder in here with a `scenario.ts` is a scenario, by the folder's name. */
export const storiesFolder = join(import.meta.dirname, '../scenarios')

/** By name, in the order of names. */
export async function loadStories(): Promise<ReadonlyMap<string, Scenario>> {
  const entries = readdirSync(storiesFolder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const stories = new Map<string, Scenario>()
  for (const name of names.sort()) {
    const page: { scenario: Scenario } = await import(join(storiesFolder, name, 'scenario.ts'))
    stories.set(name, page.scenario)
  }
  return stories
}

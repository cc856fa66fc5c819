import { topologyError } from '../errors.ts'
import { describePlan } from './describe.ts'
import type { Plan } from './plan.ts'

/**
 * Refuses with `TOPO_ORPHANED_STATE` to run a plan over what another one left behind, when a store or internal topic would be
 * left without an owner or its keys would be looked for in the wrong partition. New stores and topics are welcome.
 *
 * `stored` is the text of the plan that last ran, `null` when none did.
 */
export function checkCompatible(stored: string | null, plan: Plan): void {
  if (stored === null) return
  const now = readState(describePlan(plan))
  const problems: string[] = []
  for (const [name, partitions] of readState(stored)) {
    const wanted = now.get(name)
    if (wanted === undefined) problems.push(`${name} is not part of it any more`)
    else if (wanted !== partitions) problems.push(`${name} has ${partitions} partitions and not ${wanted}`)
  }
  if (problems.length > 0) throw topologyError.ORPHANED_STATE({ problems: problems.join('; ') })
}

/** `store <name> …` and `topic <name> … internal`, with their partition counts, which are what holds state. */
function readState(text: string): Map<string, string> {
  const state = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [word = '', name = ''] = line.trim().split(' ')
    const isState = word === 'store' || (word === 'topic' && line.endsWith(' internal'))
    const partitions = /partitions (\d+)/.exec(line)?.[1]
    if (isState && partitions !== undefined) state.set(`${word} ${name}`, partitions)
  }
  return state
}

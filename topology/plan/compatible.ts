import { topologyError } from '../errors.ts'
import { describePlan } from './describe.ts'
import type { Plan } from './plan.ts'

/**
 * Refuses with `TOPO_ORPHANED_STATE` to run a plan over what another one left behind, when a store or internal topic would be
 * left without an owner, its keys would be looked for in the wrong partition, or its bytes would be taken for something else,
 * such as windows of another width. New stores and topics are welcome.
 *
 * `stored` is the text of the plan that last ran, `null` when none did.
 */
export function checkCompatible(stored: string | null, plan: Plan): void {
  if (stored === null) return
  const now = readState(describePlan(plan))
  const problems: string[] = []
  for (const [name, { partitions, holds }] of readState(stored)) {
    const wanted = now.get(name)
    if (wanted === undefined) problems.push(`${name} is not part of it any more`)
    else if (wanted.partitions !== partitions)
      problems.push(`${name} has ${partitions} partitions and not ${wanted.partitions}`)
    else if (wanted.holds !== holds)
      problems.push(`${name} holds ${holds || 'something else'} and not ${wanted.holds || 'something else'}`)
  }
  if (problems.length > 0) throw topologyError.ORPHANED_STATE({ problems: inShort(problems) })
}

/** A judgement: one setting, such as the width of windows, is in all stores at once, and nobody reads a screen of it. */
const mostText = 250

function inShort(problems: readonly string[]): string {
  let length = 0
  const told = problems.filter((each, at) => {
    length += each.length
    return at === 0 || length <= mostText
  })
  const left = problems.length - told.length
  return [...told, ...(left === 0 ? [] : [`and ${left} more`])].join('; ')
}

type State = { readonly partitions: string; readonly holds: string }

/** `store <name> …` and `topic <name> … internal`, which are what holds state. */
function readState(text: string): Map<string, State> {
  const state = new Map<string, State>()
  for (const line of text.split('\n')) {
    const [word = '', name = ''] = line.trim().split(' ')
    const isState = word === 'store' || (word === 'topic' && line.endsWith(' internal'))
    const [, partitions, holds = ''] = / partitions (\d+)(?: holds (.*))?/.exec(line) ?? []
    if (isState && partitions !== undefined) state.set(`${word} ${name}`, { partitions, holds })
  }
  return state
}

import type { Assignment, Subscription } from './transport.ts'

/**
 * Spreads the tasks of a group over its members: everyone keeps what it had as far as shares stay even, the rest goes to
 * whoever has least, in the order given. Pure, so that every implementation and every restart agrees.
 */
export function assign(
  subscriptions: readonly Subscription[],
  members: readonly string[],
  before: ReadonlyMap<string, readonly Assignment[]>,
): Map<string, Assignment[]> {
  const result = new Map<string, Assignment[]>(members.map((member) => [member, []]))
  if (members.length === 0) return result
  const wanted = new Map<string, Assignment>()
  subscriptions.forEach((each, subscription) => {
    for (let partition = 0; partition < each.partitions; partition += 1) {
      wanted.set(`${subscription}/${partition}`, { subscription, partition })
    }
  })
  const total = wanted.size
  const floor = Math.floor(total / members.length)
  let withOneMore = total % members.length
  for (const [member, mine] of result) {
    for (const kept of before.get(member) ?? []) {
      if (mine.length > floor || (mine.length === floor && withOneMore === 0)) break
      if (!wanted.delete(`${kept.subscription}/${kept.partition}`)) continue
      if (mine.length === floor) withOneMore -= 1
      mine.push(kept)
    }
  }
  for (const task of wanted.values()) {
    let least: Assignment[] | undefined
    for (const mine of result.values()) if (least === undefined || mine.length < least.length) least = mine
    least?.push(task)
  }
  for (const mine of result.values())
    mine.sort((a, b) => a.subscription - b.subscription || a.partition - b.partition)
  return result
}

import type { Random } from '../generate/random.ts'

/**
 * `kill`: a process ends without a word and another begins on its disk. `kill-and-wipe`: its disk is lost as well. `freeze`: it
 * stands still until its place is given away, and then goes on. `broker`: the broker is killed and started again.
 * `rebalance-in-restore`: a process that takes its time to restore is joined by another meanwhile, and killed then.
 */
export type Calamity = 'kill' | 'kill-and-wipe' | 'freeze' | 'broker' | 'rebalance-in-restore'

export type Turn = { readonly calamity: Calamity; readonly afterMs: number; readonly whom: number }

/** Each calamity as often as it says, in an order and at moments that follow from the seed alone. */
export function chaosPlan(random: Random, counts: Readonly<Record<Calamity, number>>): Turn[] {
  const calamities: Calamity[] = []
  for (const [calamity, count] of Object.entries(counts)) {
    for (let n = 0; n < count; n += 1) if (isCalamity(calamity)) calamities.push(calamity)
  }
  const turns: Turn[] = []
  while (calamities.length > 0) {
    const [calamity = 'kill'] = calamities.splice(random.int(0, calamities.length - 1), 1)
    turns.push({ calamity, afterMs: random.int(100, 1_500), whom: random.int(0, 1_000) })
  }
  return turns
}

function isCalamity(name: string): name is Calamity {
  return ['kill', 'kill-and-wipe', 'freeze', 'broker', 'rebalance-in-restore'].includes(name)
}

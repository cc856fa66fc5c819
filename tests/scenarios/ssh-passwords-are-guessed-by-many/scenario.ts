import { office } from '../../generate/actors/office.ts'
import { sharedGuesses } from '../../generate/actors/ssh.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'Thirty hosts of the internet try four passwords each at the jump host, which is too few to notice one of them.',
  seed: 231,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), sharedGuesses({ to: 'jump', at: minutes(15), sources: 30, each: 4 })],
  // Each of them by its own attempts.
  expect: Array.from({ length: 30 }, (_, i) => ({
    detector: 'shared-guessing',
    from: `91.240.118.${3 + 3 * i}`,
    to: 'jump',
    between: [minutes(17), minutes(25)],
  })),
  otherwiseQuiet: true,
})

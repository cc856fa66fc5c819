import { borrowedNames } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A phone speaks under the name of a system that it cannot run.',
  seed: 215,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    borrowedNames({
      from: 'phone-1',
      domain: 'www.oldshop.example',
      at: minutes(20),
      userAgents: [
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1',
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0',
      ],
    }),
  ],
  expect: [{ detector: 'incompatible-user-agent', from: 'phone-1', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})

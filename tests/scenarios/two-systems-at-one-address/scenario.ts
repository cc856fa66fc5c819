import { borrowedNames } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation speaks under the names of two systems.',
  seed: 214,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    borrowedNames({
      from: 'ws-4',
      domain: 'www.oldshop.example',
      at: minutes(20),
      userAgents: [
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0',
        'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/124.0.0.0 Mobile Safari/537.36',
      ],
    }),
  ],
  expect: [{ detector: 'multiple-user-agents', from: 'ws-4', between: [minutes(0), minutes(45)] }],
  otherwiseQuiet: true,
})

import { office } from '../../generate/actors/office.ts'
import { telnetTries } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation tries telnet on a printer that does not answer, again and again.',
  seed: 61,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), telnetTries({ from: 'ws-4', to: 'print-1', at: minutes(20) })],
  expect: [
    {
      detector: 'telnet-reconnections',
      from: 'ws-4',
      to: 'print-1',
      level: 'medium',
      between: [minutes(20), minutes(24)],
    },
  ],
  otherwiseQuiet: true,
})

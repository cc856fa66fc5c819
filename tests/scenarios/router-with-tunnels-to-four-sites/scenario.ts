import { greTunnel } from '../../generate/actors/gre-tunnel.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const told = 'A flow of a tunnel is told of once something ran in it: it was never an unused one.'

export const scenario = defineScenario({
  story:
    'A router starts and builds its tunnels to four other sites: each is told of, and together they are no alert.',
  seed: 64,
  lasts: minutes(55),
  play: [
    office({ hosts: 8 }),
    ...[41, 42, 43, 44].map((last, i) =>
      greTunnel({
        from: 'gateway',
        to: `151.101.190.${last}`,
        at: minutes(10) + seconds(2 * i),
        lasts: minutes(30),
      }),
    ),
  ],
  expect: [{ detector: 'gre-tunnel', from: 'gateway', between: [minutes(10), minutes(45)] }],
  unseen: [
    { sensor: 'argus', detector: 'gre-scan', why: told },
    { sensor: 'suricata', detector: 'gre-scan', why: told },
    { sensor: 'nfdump', detector: 'gre-scan', why: told },
  ],
  otherwiseQuiet: true,
})

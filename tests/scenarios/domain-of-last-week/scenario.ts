import { pasteOverTls } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario, mondayMorningMs } from '../../generate/scenario.ts'

const domain = 'login.fresh-parcel-77.com'
const lastWeek = new Date(mondayMorningMs - 7 * 86_400_000).toISOString().slice(0, 10)

export const scenario = defineScenario({
  story: 'A workstation opens a page of a domain that was registered a week before.',
  seed: 233,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), pasteOverTls({ from: 'ws-3', domain, at: minutes(15) })],
  indicators: [
    { kind: 'domain', value: 'fresh-parcel-77.com', level: 'info', tags: ['nrd', `registered:${lastWeek}`] },
  ],
  expect: [{ detector: 'young-domain', from: 'ws-3', between: [minutes(15), minutes(16)] }],
  otherwiseQuiet: true,
})

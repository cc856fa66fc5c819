import { stagedDownload } from '../../generate/actors/listed-contacts.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'
import { digest } from '../../generate/stage.ts'

const domain = 'img.photo-host-5520.net'
const uri = '/banner/stage-two.png'
const between = [minutes(20), minutes(21)] as const

export const scenario = defineScenario({
  story: 'A workstation fetches a picture that is none, from an address and with a hash that feeds list.',
  seed: 42,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), stagedDownload({ from: 'ws-2', domain, uri, at: minutes(20) })],
  indicators: [
    { kind: 'url', value: `${domain}${uri}`, level: 'medium' },
    { kind: 'file_md5', value: digest('md5', 'stage-two.png image/png 48213'), description: 'Loader' },
  ],
  expect: [
    { detector: 'listed-url', from: 'ws-2', between, level: 'medium' },
    { detector: 'listed-file', from: 'ws-2', between, level: 'high' },
  ],
  alerts: ['ws-2'],
  otherwiseQuiet: true,
})

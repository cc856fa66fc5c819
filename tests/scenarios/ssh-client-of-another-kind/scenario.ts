import { office } from '../../generate/actors/office.ts'
import { sshClients } from '../../generate/actors/ssh.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A host that always used one SSH client logs in with another.',
  seed: 207,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    sshClients({
      from: 'ws-6',
      to: 'db-1',
      at: minutes(15),
      clients: ['SSH-2.0-OpenSSH_9.6', 'SSH-2.0-OpenSSH_9.6', 'SSH-2.0-paramiko_3.4'],
    }),
  ],
  expect: [{ detector: 'ssh-version-change', from: 'ws-6', between: [minutes(22), minutes(25)] }],
  otherwiseQuiet: true,
})

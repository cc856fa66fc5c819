import { type Host, officeZone } from '../../network.ts'
import type { Stage } from '../../stage.ts'
import { sshSession } from '../ssh.ts'

/** An administrator's logins, a few an hour, all of them successful at the first try. */
export function administer(stage: Stage, who: Host, perHour: number): void {
  for (const at of stage.moments(3_600_000 / perHour)) {
    const { server, readyMs } = stage.resolve(
      who,
      `${stage.random.pick(['jump', 'db-1', 'intranet'])}.${officeZone}`,
      at,
    )
    sshSession(stage, {
      from: who,
      to: server,
      atMs: readyMs,
      durationMs: stage.random.between(20_000, 900_000),
      success: true,
      attempts: 1,
      client: 'SSH-2.0-OpenSSH_9.6',
    })
  }
}

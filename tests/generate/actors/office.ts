import { host } from '../network.ts'
import type { Actor } from '../stage.ts'
import { administer } from './office/administration.ts'
import { browse } from './office/browsing.ts'
import { gatewayNeighbours, keepHouse } from './office/housekeeping.ts'
import { checkSenders, useMail } from './office/mail.ts'
import { call, update } from './office/media.ts'
import { mishaps } from './office/mishaps.ts'
import { useServers } from './office/servers.ts'

export type OfficeOptions = {
  /** Workstations `ws-1` to `ws-<hosts>`. */
  readonly hosts: number
  /** Successful SSH logins of `ws-1` to the servers. None unless asked for: each one is, rightly, worth a line of evidence. */
  readonly adminLoginsPerHour?: number
}

/**
 * An ordinary working day of so many workstations: nothing in it is an attack, and no detector of `quietDetectors` should
 * say a word. Every workstation has its own randomness, so a forty-first does not change the other forty.
 */
export function office({ hosts, adminLoginsPerHour = 0 }: OfficeOptions): Actor {
  const workstations = Array.from({ length: hosts }, (_, index) => host(`ws-${index + 1}`))
  return {
    name: 'office',
    benign: true,
    play: (stage) => {
      for (const who of workstations) {
        const desk = stage.seat(who.name)
        // Switched on within the first minutes, or already running when the sensor began.
        const fromMs = desk.random.between(0, 180_000)
        keepHouse(desk, who, fromMs)
        browse(desk, who, fromMs + 20_000)
        useServers(desk, who, fromMs)
        useMail(desk, who, fromMs + 15_000)
        call(desk, who, fromMs)
        update(desk, who, fromMs)
        mishaps(desk, who, fromMs)
      }
      const backOffice = stage.seat('servers')
      checkSenders(backOffice)
      gatewayNeighbours(backOffice, workstations)
      const administrator = workstations[0]
      if (administrator !== undefined && adminLoginsPerHour > 0) {
        administer(stage.seat('administrator'), administrator, adminLoginsPerHour)
      }
    },
  }
}

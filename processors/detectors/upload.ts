/** What an upload over one connection and one over many share: who receives it, how grave that is, and how it is said. */
import type { FlowRecord, Level } from '@weir/schemas'
import { isPublic } from '../profile/address-class.ts'
import type { Network } from '../profile/network.ts'
import type { Finding } from './detector.ts'
import { flag, number } from './settings.ts'

export const MEGABYTE = 1_000_000

/** Beside the size, which is each detector's own. */
export const uploadSettings = {
  exchangeShare: number(
    0.5,
    'Bytes received for each sent from which it is an exchange, such as calls, and said at level low.',
  ),
  weighs: flag(
    true,
    'Whether uploads to the internet count towards an alert; else they are only noted, as uploads within are.',
  ),
}

/** Whether what is sent there leaves the site. */
export function leavesSite(dstIp: string, srcIp: string, network: Network): boolean {
  return isPublic(dstIp) && !network.isHome(dstIp, srcIp)
}

type Upload = {
  readonly key: string
  readonly level: Level
  readonly record: FlowRecord
  readonly uids?: readonly string[]
  readonly description: string
  readonly facts: Finding['facts']
}

/** What goes both ways is less sure to be carried off: a few of these beside real uploads are still no alert. */
export const uploadConfidence = (level: Level): number => (level === 'low' ? 0.4 : 0.6)

/** Said of the sender, and of the receiver as the attacker of its own profile. */
export function uploadFinding(upload: Upload): Finding {
  const { record, level, description } = upload
  const { dstIp } = record
  return {
    ...upload,
    confidence: uploadConfidence(level),
    victim: null,
    mirror: {
      profile: dstIp,
      level,
      confidence: uploadConfidence(level),
      attacker: { direction: 'dst', type: 'ip', value: dstIp },
      victim: null,
      description,
    },
  }
}

import { openInputs } from '@weir/edge-agent'
import { pathOf } from './capture.ts'

/** What the labels of a capture say that a host did. */
export type MaliciousSource = {
  readonly ip: string
  flows: number
  /** Event time of the first and last flow that is labelled so. */
  firstMs: number
  lastMs: number
  /** Its details as the labels give them. */
  readonly details: Set<string>
}

/** By address, the hosts that the labels call malicious as the source of connections. */
export async function maliciousSources(path: string): Promise<ReadonlyMap<string, MaliciousSource>> {
  const sources = new Map<string, MaliciousSource>()
  const inputs = await openInputs([pathOf(path)], { site: 'main', timezoneMinutes: 0, onReject: () => {} })
  for await (const batch of inputs.batches()) {
    for (const { kind, srcIp, tsMs, label, labelDetail } of batch) {
      if (kind !== 'conn' || !isMalicious(label)) continue
      let source = sources.get(srcIp)
      if (source === undefined) {
        source = { ip: srcIp, flows: 0, firstMs: tsMs, lastMs: tsMs, details: new Set() }
        sources.set(srcIp, source)
      }
      source.flows += 1
      source.firstMs = Math.min(source.firstMs, tsMs)
      source.lastMs = Math.max(source.lastMs, tsMs)
      source.details.add(labelDetail)
    }
  }
  await inputs.close()
  return sources
}

/** As the labelled captures spell it: `Malicious`, or `flow=Malware-…` and `flow=From-Botnet-…` of the Argus ones. */
function isMalicious(label: string): boolean {
  return /malicious|malware|from-botnet/i.test(label)
}

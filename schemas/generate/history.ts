import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  alertCodec,
  allowRuleCodec,
  evidenceCodec,
  flowCodec,
  incompatibility,
  indicatorCodec,
  suppressedCodec,
} from '../codec.ts'

const present = {
  flow: flowCodec,
  evidence: evidenceCodec,
  alert: alertCodec,
  indicator: indicatorCodec,
  'allow-rule': allowRuleCodec,
  suppressed: suppressedCodec,
}

/** Every released schema of `folder` that a present one cannot read, with the reason. */
export async function historyFaults(
  folder: string,
  readers: Readonly<Record<string, { readonly schema: string }>> = present,
): Promise<string[]> {
  const faults: string[] = []
  for (const version of readdirSync(folder).sort()) {
    for (const [name, { schema }] of Object.entries(readers)) {
      const path = join(folder, version, `${name}.avsc`)
      if (!existsSync(path)) continue
      const why = await incompatibility(readFileSync(path, 'utf8'), schema)
      if (why !== null) faults.push(`the present ${name} schema cannot read what ${version} wrote: ${why}`)
    }
  }
  return faults
}

/** The services to ask, from what was typed, what the settings file says, what the environment holds and what goes without saying. */
import { readText } from '../../analyze/settings-file.ts'
import { consoleError } from '../../errors.ts'
import type { EnrichmentSection } from '../enrichment-section.ts'
import { type OnlineId, type OnlineRow, onlineRows } from '../online-ids.ts'
import type { Service } from './enrich-results.ts'

const TIMEOUT_MS = 10_000

/** Throws `CONSOLE_BAD_OPTION` naming every service that wants a key and has none. */
export function servicesOf(
  ids: readonly OnlineId[],
  section: EnrichmentSection,
  env: Readonly<Record<string, string | undefined>>,
  command: string,
): readonly Service[] {
  const wrong: string[] = []
  const services = ids.map((id): Service => {
    const row: OnlineRow = onlineRows[id]
    const own = section.online?.[id] ?? {}
    const variable = keyVariable(id)
    const key = own.keyFile === undefined ? (env[variable] ?? '') : readText(own.keyFile).trim()
    // Somebody's own server may be less strict.
    if (row.needsKey && key === '' && own.url === undefined) {
      wrong.push(
        `${id} wants a key: name its file as enrichment.online.${id}.keyFile in the settings file, or set ${variable}`,
      )
    }
    return {
      id,
      door: {
        url: own.url ?? row.url,
        key,
        timeoutMs: own.timeoutMs ?? TIMEOUT_MS,
        dnsServers: section.dnsServers ?? [],
      },
      perMinute: own.perMinute ?? row.perMinute,
      keepForMs: own.keepForMs ?? row.keepForMs,
    }
  })
  if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command })
  return services
}

/** `WEIR_PASSIVE_DNS_KEY`. */
function keyVariable(id: OnlineId): string {
  return `WEIR_${id.replaceAll('-', '_').toUpperCase()}_KEY`
}

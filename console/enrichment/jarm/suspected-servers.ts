/** Servers worth a probe: those that the evidence of an analysis names. Nothing is connected to here. */
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { compareLevels, isPublic, type Network, parseCidr, serverText } from '@weir/processors'
import { type CanonicalEvidence, type Level, parseEvidenceLine } from '@weir/schemas'
import { consoleError } from '../../errors.ts'
import { isJson, jsonOf } from '../../json-object.ts'
import { reasonOf } from '../../system-error.ts'

export type SuspectedServer = {
  readonly ip: string
  readonly port: number
  /** Of the gravest evidence that names it. */
  readonly level: Level
  /** Event time of the first evidence that names it. */
  readonly firstMs: number
}

const LEAST: Level = 'low'
/** Different servers held; evidence of a scan of everything names everything. */
const MAX_SERVERS = 50_000

/**
 * TCP servers at addresses of the internet that evidence of level low or above names, the gravest first, then the earliest. None of the
 * home networks. Throws `CONSOLE_UNREADABLE` where there are no results.
 */
export async function suspectedServers(
  results: string,
  network: Network,
): Promise<readonly SuspectedServer[]> {
  const found = new Map<string, SuspectedServer>()
  const path = join(results, 'evidence.jsonl')
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
      if (line !== '') add(found, parseEvidenceLine(line), network)
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
  return [...found]
    .sort(
      ([a, one], [b, other]) =>
        compareLevels(other.level, one.level) || one.firstMs - other.firstMs || (a < b ? -1 : 1),
    )
    .map(([, server]) => server)
}

function add(found: Map<string, SuspectedServer>, evidence: CanonicalEvidence, network: Network): void {
  const { level, proto, src, dst, tsMs } = evidence
  if (compareLevels(level, LEAST) < 0 || proto !== 'tcp' || dst === null) return
  const { ip, port } = dst
  if (port === null || port === 0 || !isPublic(ip) || network.isHome(ip, src?.ip)) return
  const name = serverText(ip, port)
  const known = found.get(name)
  if (known === undefined && found.size >= MAX_SERVERS) return
  found.set(name, {
    ip,
    port,
    level: known !== undefined && compareLevels(known.level, level) >= 0 ? known.level : level,
    firstMs: Math.min(known?.firstMs ?? tsMs, tsMs),
  })
}

/** What the analysis took for home, as its summary says; nothing where it says nothing. */
export function homeNetworksOf(results: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(join(results, 'summary.json'), 'utf8')
  } catch {
    return []
  }
  const settings = jsonOf(text)?.settings
  const given = isJson(settings) ? settings.homeNetworks : null
  if (!Array.isArray(given)) return []
  return given.filter((item) => typeof item === 'string' && parseCidr(item) !== null)
}

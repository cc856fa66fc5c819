/** Servers worth a probe: those that the evidence of an analysis suspects, never its victims. Nothing is connected to here. */
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  compareLevels,
  isPublic,
  type Network,
  parseCidr,
  serverText,
  suspectsDestination,
} from '@weir/processors'
import { type CanonicalEvidence, type Level, parseEvidenceLine } from '@weir/schemas'
import { consoleError } from '../../errors.ts'
import { isJson, jsonOf } from '../../json-object.ts'
import { reasonOf } from '../../system-error.ts'

export type SuspectedServer = {
  readonly ip: string
  readonly port: number
  /** Of the gravest evidence that names it. */
  readonly level: Level
  /** Type of that evidence, and the host that it charges. */
  readonly type: string
  readonly profile: string
  /** Event time of the first evidence that names it. */
  readonly firstMs: number
}

export type Suspected = {
  readonly servers: readonly SuspectedServer[]
  /** Servers that hosts alone called which are of no home network: whose they are is not known, so they are none of `servers`. */
  readonly calledByOthers: number
}

const LEAST: Level = 'low'
/** Different servers held; evidence of a scan of everything names everything. */
const MAX_SERVERS = 50_000

/**
 * TCP servers at addresses of the internet that a host of the home networks, or of a private one, called and that evidence of level low or above suspects
 * (`suspectsDestination`), the gravest first, then the earliest. None of the home networks. Throws `CONSOLE_UNREADABLE` where there are no results.
 */
export async function suspectedServers(results: string, network: Network): Promise<Suspected> {
  const found = new Map<string, SuspectedServer>()
  const others = new Set<string>()
  const path = join(results, 'evidence.jsonl')
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
      if (line !== '') add(found, others, parseEvidenceLine(line), network)
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
  const servers = [...found]
    .sort(
      ([a, one], [b, other]) =>
        compareLevels(other.level, one.level) || one.firstMs - other.firstMs || (a < b ? -1 : 1),
    )
    .map(([, server]) => server)
  return { servers, calledByOthers: [...others].filter((name) => !found.has(name)).length }
}

function add(
  found: Map<string, SuspectedServer>,
  others: Set<string>,
  evidence: CanonicalEvidence,
  network: Network,
): void {
  const { level, proto, src, dst, tsMs, type, profile } = evidence
  if (compareLevels(level, LEAST) < 0 || proto !== 'tcp' || src === null || dst === null) return
  const { ip, port } = dst
  if (port === null || port === 0 || !isPublic(ip) || network.isHome(ip, src.ip)) return
  if (!suspectsDestination(evidence)) return
  const name = serverText(ip, port)
  // A private address is of some network of the house, whatever else was said to be home.
  if (isPublic(src.ip) && !network.isHome(src.ip, src.ip)) {
    if (others.size < MAX_SERVERS) others.add(name)
    return
  }
  const known = found.get(name)
  if (known === undefined && found.size >= MAX_SERVERS) return
  const firstMs = Math.min(known?.firstMs ?? tsMs, tsMs)
  const isGraver = known === undefined || compareLevels(known.level, level) < 0
  found.set(name, isGraver ? { ip, port, level, type, profile, firstMs } : { ...known, firstMs })
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
